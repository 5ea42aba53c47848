/** What the node does by the clock for duties after a release, and for what is due to be destroyed. */

import { disposeOfExhibits } from '../app/dispose.ts'
import { finishErasures } from '../app/erasure/finish-erasures.ts'
import { followDuties } from '../app/follow-duties.ts'
import type { Kernel } from '../app/kernel.ts'
import { MINUTE_MS } from '../base/time.ts'
import type { Job } from './jobs.ts'

export function recordsJobs(kernel: Kernel): readonly Job[] {
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
  ]
}
