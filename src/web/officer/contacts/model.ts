/** The contact directory: a list and a search. */
import type { CalendarDate } from '../../../base/time.ts'

export type ContactsModel = {
  readonly question: string
  readonly contacts: readonly {
    readonly id: string
    readonly kind: string
    readonly name: string
    readonly country: string
    readonly hours?: string
    readonly verifiedOn?: CalendarDate
  }[]
  readonly mayKeep: boolean
}
