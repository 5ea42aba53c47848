/** After a challenge: what happens now, and until when. */
import type { Instant } from '../../../base/time.ts'
import type { ReporterClock } from '../status/model.ts'

export type ChallengedModel = {
  readonly receivedAt: Instant
  readonly reviewId: string
  readonly clocks: readonly ReporterClock[]
}
