/** The form of one act about people. */
import type { Because } from '../../../base/decision.ts'
import type { FormModel } from '../../form/form-model.ts'

export type PeopleActModel = {
  readonly form: FormModel
  /** Whom it is about, where the address names a person. */
  readonly about?: string
  readonly back: string
  readonly refusedNow?: readonly Because[]
}
