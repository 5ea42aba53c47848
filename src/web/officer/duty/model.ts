/** The duty roster: who is on duty now, the shifts that come, and where nobody is planned. */
import type { PeopleControl, SpanRow } from '../people/parts.ts'

export type DutyModel = {
  /** Absent: nobody has accepted the duty. */
  readonly onDuty?: string
  readonly isHandOverDue: boolean
  readonly shifts: readonly (SpanRow & {
    readonly officer: string
    readonly state: string
    readonly controls: readonly PeopleControl[]
  })[]
  readonly gaps: readonly (SpanRow & { readonly why: string })[]
  readonly controls: readonly PeopleControl[]
}
