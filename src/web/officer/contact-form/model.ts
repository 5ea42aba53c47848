/** The form of an entry: a new one, or a change of one that stands. */
import type { Because } from '../../../base/decision.ts'
import type { FormModel } from '../../form/form-model.ts'

export type ContactFormModel = {
  readonly form: FormModel
  /** The entry that is changed; absent for a new one. */
  readonly contact?: { readonly id: string; readonly name: string }
  readonly refusedNow?: readonly Because[]
}
