/** What the node does by the clock as a CSAF provider: documents are made, signed and kept. */
import type { AtRest } from '../adapters/keys/at-rest.ts'
import { postgresCsafPress } from '../adapters/postgres/csaf/csaf-files.ts'
import type { Database } from '../adapters/postgres/database.ts'
import type { Kernel } from '../app/kernel.ts'
import { serveCsaf } from '../app/serve-csaf.ts'
import { SECOND_MS } from '../base/time.ts'
import type { Job } from './jobs.ts'
import { report } from './report.ts'

const PRESS_MS = 2 * SECOND_MS

/** @param owner the owner's connections: no door may read the private key */
export function csafJob(kernel: Kernel, owner: Database, atRest: AtRest): Job {
  const { node, clocks, advisories } = kernel
  const tried = new Set<string>()
  const press = postgresCsafPress({
    database: owner,
    atRest,
    wireNow: clocks.wireNow,
    holder: { name: node.name, email: `csaf@${node.id}` },
  })
  const onFault = (count: number) => report('csaf-not-served', { count }, 'error')
  const run = () => serveCsaf({ press, advisories, onFault }, tried)
  return { name: 'csaf-provider', intervalMs: PRESS_MS, run }
}
