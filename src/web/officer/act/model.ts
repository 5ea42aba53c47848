/** The form of one act on a case. A refused act shows its reasons and a disabled button. */
import type { Because } from '../../../base/decision.ts'
import type { FormModel } from '../../form/form-model.ts'

export type ActModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly form: FormModel
  /** Earlier things of the case that the form can begin with. */
  readonly startFrom?: readonly { readonly href: string; readonly text: string }[]
  /** Why it is, or may be, only proposed. */
  readonly secondPerson?: Because
  /** Why the form that was just sent was refused. It can be changed and sent again. */
  readonly refusedNow?: readonly Because[]
}
