/** Which mails the officer who looks wants. Nobody else sees this. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { FormModel } from '../../form/form-model.ts'

export type NoticesModel = {
  readonly form: FormModel
  readonly formToken: string
  /** Where mails go now; absent: none are sent. */
  readonly address?: string
  /** A code was sent there and has not come back. */
  readonly waiting?: {
    readonly address: string
    readonly expiresAt: Instant
    readonly triesLeft: number
    readonly isWrongCode: boolean
  }
  readonly refused?: readonly Because[]
}
