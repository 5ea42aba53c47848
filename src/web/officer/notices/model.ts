/** Which mails the officer who looks wants. Nobody else sees this. */
import type { Because } from '../../../base/decision.ts'
import type { FormModel } from '../../form/form-model.ts'

export type NoticesModel = {
  readonly form: FormModel
  readonly formToken: string
  /** Where mails go now; absent: none are sent. */
  readonly address?: string
  readonly refused?: readonly Because[]
}
