/** Choosing how to sign in from now on, after the code was right. */
import type { Role } from '../../../core/case/recorded.ts'

export type EnrolmentModel = {
  readonly kind: 'setup' | 'invitation'
  readonly name: string
  readonly roles: readonly Role[]
  readonly hasPasskeys: boolean
  readonly providers: readonly { readonly id: string; readonly name: string }[]
  readonly failure?: 'failed'
}
