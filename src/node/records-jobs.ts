/** What the node does by the clock for duties after a release, and for what is due to be destroyed. */

import type { Database } from '../adapters/postgres/database.ts'
import { rewriteTables } from '../adapters/postgres/operations/rewrite-tables.ts'
import { disposeOfExhibits } from '../app/dispose.ts'
import { finishErasures } from '../app/erasure/finish-erasures.ts'
import { followDuties } from '../app/follow-duties.ts'
import type { Kernel } from '../app/kernel.ts'
import { HOUR_MS, MINUTE_MS } from '../base/time.ts'
import type { Job } from './jobs.ts'

/** `database`: of the owner. */
export function recordsJobs(kernel: Kernel, database: Database): readonly Job[] {
  return [
    {
      name: 'duties',
      intervalMs: MINUTE_MS,
      run: async () => void (await followDuties(kernel)),
    },
    {
      name: 'disposal',
      intervalMs: MINUTE_MS,
      run: async () => void (await disposeOfExhibits(kernel)),
    },
    {
      name: 'erasure',
      intervalMs: MINUTE_MS,
      run: async () => void (await finishErasures(kernel)),
    },
    {
      name: 'rewrite-tables',
      intervalMs: HOUR_MS,
      run: async () => void (await rewriteTables(database)),
    },
  ]
}
