/** Time stamps and signature files of this node, and the daily stamp on its log. */
import type { AtRest } from '../adapters/keys/at-rest.ts'
import type { Database } from '../adapters/postgres/database.ts'
import { postgresSignatureFiles } from '../adapters/postgres/desk/signature-files.ts'
import { type PublicFiles, stampPath } from '../adapters/postgres/log/public-files.ts'
import { readRoots } from '../adapters/timestamps/pinned-roots.ts'
import {
  requestTimeStamp,
  type TimeStampAuthority,
} from '../adapters/timestamps/time-stamp-client.ts'
import type { Kernel } from '../app/kernel.ts'
import type { Attestations } from '../app/ports/attestations.ts'
import { MINUTE_MS, utcDateOf } from '../base/time.ts'
import type { TimestampsConfig } from './config/timestamps.ts'
import type { NodeConfig } from './config.ts'
import type { Job } from './jobs.ts'

export function openAttestations(
  { timestamps }: Pick<NodeConfig, 'timestamps'>,
  database: Database,
  atRest: AtRest,
): Attestations {
  const authority = timestamps && timeStampAuthority(timestamps)
  return {
    stamp: authority && ((digest) => requestTimeStamp(authority, digest)),
    ...postgresSignatureFiles(database, atRest),
  }
}

/** @throws ComityError `malformed` if the file holds no certificate, or one that is none */
function timeStampAuthority({ url, rootFile, policy }: TimestampsConfig): TimeStampAuthority {
  return { url, roots: readRoots(rootFile), ...(policy === undefined ? {} : { policy }) }
}

/** Once a day the newest published checkpoint. An outage is reported, and tried again. */
export function checkpointStampJobs(
  {
    attestations: { stamp },
    clocks,
    primitives,
  }: Pick<Kernel, 'attestations' | 'clocks' | 'primitives'>,
  files: PublicFiles,
  intervalMs = 10 * MINUTE_MS,
): readonly Job[] {
  if (!stamp) return []
  const run = async () => {
    const day = utcDateOf(clocks.wireNow())
    if (await files.read(stampPath(day, 'tst'))) return
    const checkpoint = await files.read('checkpoint')
    if (!checkpoint) return
    const { token } = await stamp(primitives.sha256(checkpoint))
    await files.keepStamp(day, checkpoint, token)
  }
  return [{ name: 'checkpoint-stamp', intervalMs, run }]
}
