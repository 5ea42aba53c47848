/** The duty roster: who is on duty now, the shifts that come, and where nobody is planned. */
import type { Because } from '../../../base/decision.ts'
import type { FormModel } from '../../form/form-model.ts'
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
  /** How each authority is reached day and night: this one first, if it has said so. */
  readonly emergency: readonly {
    readonly name: string
    readonly phone: string
    readonly hours: string
    readonly mail?: string
  }[]
  readonly form: FormModel
  readonly refusedNow?: readonly Because[]
}
