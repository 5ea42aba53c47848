/** The form of one act on an agreement. Its page says what follows before the button. */
import type { Because } from '../../../base/decision.ts'
import type { FormModel } from '../../form/form-model.ts'

export type AgreementActModel = {
  readonly form: FormModel
  /** Title of the agreement; absent where a draft is begun. */
  readonly about?: string
  readonly back: string
  readonly hurts: boolean
  readonly refusedNow?: readonly Because[]
}
