/** The daily checkpoints beside a log, and the time stamps on them. */
import { equalBytes } from '../base/bytes.ts'
import { ComityError, unverified } from '../base/errors.ts'
import type { Instant } from '../base/time.ts'
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from '../proof/checkpoint.ts'
import { CHECKPOINT, type LogFault } from '../proof/log-faults.ts'
import type { Policy } from '../proof/policy.ts'
import type { Primitives } from '../proof/primitives.ts'
import { parseSignedNote } from '../proof/signed-note.ts'
import { tilePath } from '../proof/tile-path.ts'
import { parseTile, rootFromRuns, slicesOf } from '../proof/tiles.ts'
import { type LogCopy, readFile } from './log-copy-file.ts'
import type { VerifyTimeStamp } from './package/check-attestations.ts'

export type Stamps = {
  readonly stamps: readonly string[]
  readonly policy: Policy | undefined
  readonly verifyTimeStamp?: VerifyTimeStamp | undefined
}

/** Each stamped checkpoint is an earlier head of the same tree. */
export async function checkStamps(
  primitives: Primitives,
  copy: LogCopy,
  head: Checkpoint,
  { policy, verifyTimeStamp, stamps }: Stamps,
) {
  const faults: LogFault[] = []
  const times: Instant[] = []
  const heads = stamps.filter((path) => path.endsWith('.checkpoint'))
  for (const path of stamps) {
    const token = path.endsWith('.tst')
    const file = await readFile(copy, token ? path.replace(/tst$/, CHECKPOINT) : path)
    const stamp = token ? await readFile(copy, path) : undefined
    try {
      if (stamp) {
        if (verifyTimeStamp) times.push(verifyTimeStamp(stamp(), primitives.sha256(file())).at)
      } else await requireEarlier(primitives, copy, head, { bytes: file(), policy })
    } catch (error) {
      if (!(error instanceof ComityError)) throw error
      faults.push({ file: path, message: error.message })
    }
  }
  const checked = verifyTimeStamp ? `${times.length} time stamps` : 'time stamps not checked'
  const said =
    heads.length > 0 ? `; ${heads.length} earlier heads are of the same tree, ${checked}` : ''
  return { faults, said }
}

/**
 * That this signed head is of the same tree, no larger than it is now.
 *
 * @throws ComityError `malformed`, `unverified`
 */
export async function requireEarlier(
  primitives: Primitives,
  copy: LogCopy,
  head: Checkpoint,
  { bytes, policy }: { readonly bytes: Uint8Array; readonly policy: Policy | undefined },
): Promise<void> {
  const note = parseSignedNote(bytes, CHECKPOINT)
  const keys = policy?.logs.map(({ key }) => key)
  const earlier = keys ? verifyCheckpoint(primitives, note, keys) : parseCheckpoint(note.text)
  if (earlier.origin !== head.origin || earlier.treeSize > head.treeSize) {
    throw unverified('it is no earlier head of this log')
  }
  const slices = slicesOf({ start: 0, end: earlier.treeSize }, head.treeSize)
  const runs: Uint8Array[][] = []
  for (const { tile, offset, count } of slices) {
    const hashes = parseTile((await readFile(copy, tilePath(tile)))(), tile.width)
    runs.push(hashes.slice(offset, offset + count))
  }
  if (equalBytes(rootFromRuns(primitives, runs), earlier.rootHash)) return
  throw unverified('it is the head of another history')
}
