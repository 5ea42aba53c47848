/** Published advisories, newest first. */
import type { Instant } from '../../../base/time.ts'

export type AdvisoriesModel = {
  readonly advisories: readonly {
    readonly id: string
    readonly title: string
    readonly publishedAt: Instant
    readonly isDemonstration: boolean
  }[]
}
