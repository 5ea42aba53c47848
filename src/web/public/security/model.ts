/** What the operator says about the security of this node: who looked at it, and who did not. */
import type { CalendarDate } from '../../../base/time.ts'

export type SecurityModel = {
  /** Null: not yet independently reviewed. */
  readonly review: {
    readonly by: string
    readonly on: CalendarDate
    readonly version: string
    readonly report: string
  } | null
  /** Of the software that runs here. */
  readonly version: string
  /** The languages that reporters are offered, and who checked what they promise. */
  readonly languages: readonly {
    readonly lang: string
    readonly texts:
      | 'source'
      | 'notReviewed'
      | { readonly reviewedBy: string; readonly reviewedOn: CalendarDate }
  }[]
}
