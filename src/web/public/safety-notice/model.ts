/** A safety notice for the people who use or are affected by a system. */
import type { Instant } from '../../../base/time.ts'
import type { PublicTextModel } from '../public-text.ts'

export type SafetyNoticeModel = {
  readonly text: PublicTextModel
  readonly publishedAt: Instant
  readonly isDemonstration: boolean
}
