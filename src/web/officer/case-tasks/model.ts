/** Tasks and notes of one case: the authority's own, in no package and no release. */
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { FormModel } from '../../form/form-model.ts'

export type CaseWorkModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly formToken: string
  readonly tasks: readonly {
    readonly id: string
    readonly title: string
    readonly assignee: string
    readonly dueOn?: CalendarDate
    readonly isLate: boolean
    readonly setBy: string
    readonly doneAt?: Instant
    /** The officer who looks may mark it as done. */
    readonly isOwn: boolean
  }[]
  readonly notes: readonly { readonly text: string; readonly by: string; readonly at: Instant }[]
  readonly letters: readonly {
    readonly id: string
    readonly subject: string
    readonly to: string
    readonly by: string
    readonly at: Instant
    readonly hasPdf: boolean
    readonly sha256: string
  }[]
  readonly handOvers: readonly {
    readonly id: string
    readonly to: string
    readonly at: Instant
    readonly by: string
    readonly sha256: string
    readonly receivedOn?: CalendarDate
  }[]
  /** Releases of the case record; `because`: why there is no vulnerability report of one. */
  readonly reports: readonly {
    readonly id: string
    readonly to: string
    readonly at: Instant
    readonly because?: readonly Because[]
  }[]
  readonly taskForm: FormModel
  readonly noteForm: FormModel
  readonly refused?: readonly Because[]
}
