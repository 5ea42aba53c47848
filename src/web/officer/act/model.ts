/** The form of one act on a case. A refused act shows its reasons and a disabled button. */
import type { FormModel } from '../../form/form-model.ts'

export type ActModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly form: FormModel
}
