/** How officers sign in at this node. */
import type { Role } from '../../../core/case/recorded.ts'

export type OfficerSignInModel = {
  /** A one-time sign-in that was opened and waits for its button. The secret is sent back with the form. */
  readonly link?: {
    readonly secret: string
    readonly name: string
    readonly roles: readonly Role[]
  }
  readonly methods: readonly ('oneTime' | 'passkey')[]
  /** Identity providers of the authority. */
  readonly providers?: readonly { readonly id: string; readonly name: string }[]
  readonly failure?: SignInFailure
}

export type SignInFailure =
  | 'unusable'
  | 'failed'
  | 'tooManyTries'
  | 'attempt'
  | 'token'
  | 'proof'
  | 'outage'
  | 'unknownAccount'
  | 'otherAccount'
  | 'enrolment'
