/** Takes successor keys into use at their time, while the node runs. */
import type { Clocks } from '../app/ports/clocks.ts'
import type { NodeKeys } from '../app/ports/keys.ts'
import { ComityError } from '../base/errors.ts'
import { HOUR_MS, SECOND_MS } from '../base/time.ts'
import type { Job } from './jobs.ts'
import { report } from './report.ts'

const LOOK_EVERY_MS = 2 * SECOND_MS

/** @param follow what must say so too: the node's document, and so its peers */
export function successorJob(
  keys: Pick<NodeKeys, 'takeDue'>,
  { wireNow }: Pick<Clocks, 'wireNow'>,
  follow: () => Promise<void>,
): Job {
  let isFollowed = true
  let saidAtMs = 0
  return {
    name: 'successor-keys',
    intervalMs: LOOK_EVERY_MS,
    async run() {
      try {
        for (const purpose of keys.takeDue(wireNow())) {
          isFollowed = false
          report('successor-key-in-use', { purpose })
        }
      } catch (error) {
        if (!(error instanceof ComityError)) throw error
        // The old one stays in use; peers refuse what it signs from now on.
        if (Date.now() - saidAtMs < HOUR_MS) return
        saidAtMs = Date.now()
        return report('no-key-counts', { purpose: error.field ?? '' })
      }
      if (isFollowed) return
      await follow()
      isFollowed = true
    },
  }
}
