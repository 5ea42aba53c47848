/** Sealed reports that wait for an officer. The server knows no more of them than this. */
import type { CalendarDate } from '../../../base/time.ts'
import type { Due } from '../case/model.ts'

export type IntakeModel = {
  /** Nobody could open them. */
  readonly closed: readonly {
    readonly id: string
    readonly filedOn: CalendarDate
    readonly closedOn: CalendarDate
  }[]
  readonly filings: readonly {
    readonly id: string
    /** Kept to the day. */
    readonly filedOn: CalendarDate
    readonly level: string
    readonly language: string
    /** A contact was left, sealed apart. Whose it is nobody here can read. */
    readonly hasContact: boolean
    readonly saysRetaliation: boolean
    readonly state: string
    readonly acknowledgeBy?: { readonly due: Due; readonly state: string }
  }[]
}
