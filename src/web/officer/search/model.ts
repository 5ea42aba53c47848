/** Search across cases. What is searched for travels in the form, never in the address. */
import type { Instant } from '../../../base/time.ts'
import type { FormModel } from '../../form/form-model.ts'
import type { AuthorityName } from '../../parts.ts'

export type SearchModel = {
  readonly form: FormModel
  /** Absent before the first search. */
  readonly found?: {
    readonly total: number
    readonly isCut: boolean
    readonly cases: readonly {
      readonly id: string
      readonly ref: string
      readonly title: string
      readonly phase: string
      readonly lead: AuthorityName
      readonly changedAt: Instant
      readonly nextDueAt?: Instant
    }[]
    /** What was asked, so that the same list can be taken away as a file. */
    readonly asked: readonly { readonly name: string; readonly value: string }[]
  }
}
