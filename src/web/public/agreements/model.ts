/** Agreements under which this authority works with others, and those that have ended. */
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { AuthorityName } from '../../parts.ts'

export type AgreementsModel = {
  readonly agreements: readonly {
    readonly id: string
    readonly title: string
    readonly version: string
    readonly sha256: string
    readonly state: string
    readonly parties: readonly (AuthorityName & {
      readonly signedAt?: Instant
      readonly isSimulated: boolean
    })[]
    readonly purposes: readonly string[]
    readonly categories: readonly {
      readonly id: string
      readonly text: string
      readonly releasable: boolean
      readonly reviewRequired: boolean
    }[]
    readonly transferInstruments: readonly {
      readonly from: string
      readonly to: string
      readonly kind: string
      readonly authorisation: string
      readonly on: CalendarDate
      readonly isSimulated: boolean
    }[]
    readonly clauses: readonly { readonly id: string; readonly text: string }[]
    /** In words; the policy itself is in the document. */
    readonly quorum: string
    /** How often this authority kept something back under one of them. */
    readonly carveOuts: number
    readonly reviewAt: Instant
    readonly sunsetAt: Instant
  }[]
}
