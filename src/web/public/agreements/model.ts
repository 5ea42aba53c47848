/** Agreements under which this authority works with others. */
import type { CalendarDate } from '../../../base/time.ts'
import type { AuthorityName } from '../../parts.ts'

export type AgreementsModel = {
  readonly agreements: readonly {
    readonly id: string
    readonly title: string
    readonly version: string
    readonly sha256: string
    readonly state: string
    readonly parties: readonly (AuthorityName & { readonly signedOn?: CalendarDate })[]
    readonly purposes: readonly string[]
    readonly categories: readonly string[]
    readonly transferInstrument?: {
      readonly kind: string
      readonly authorisation: string
      readonly on: CalendarDate
    }
    readonly quorum: string
    readonly sunsetOn: CalendarDate
    readonly reviewOn?: CalendarDate
  }[]
}
