/** What the node does by the clock for duties after a release, and for what is due to be destroyed. */

import type { Database } from '../adapters/postgres/database.ts'
import { rewriteTables } from '../adapters/postgres/operations/rewrite-tables.ts'
import { disposeOfExhibits } from '../app/dispose.ts'
import { finishErasures } from '../app/erasure/finish-erasures.ts'
import { sendLoggedAnswers } from '../app/erasure/send-logged.ts'
import { followDuties } from '../app/follow-duties.ts'
import type { Kernel } from '../app/kernel.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/time.ts'
import type { Job } from './jobs.ts'

/** About as long as witnesses take. */
const RECEIPTS_MS = 5 * SECOND_MS

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
      name: 'erasure-receipts',
      intervalMs: RECEIPTS_MS,
      run: async () => void (await sendLoggedAnswers(kernel)),
    },
    {
      name: 'rewrite-tables',
      intervalMs: HOUR_MS,
      run: async () => void (await rewriteTables(database)),
    },
  ]
}
