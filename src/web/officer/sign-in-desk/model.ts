/** What an administrator sees of sign-in: invitations, and what went wrong. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { Role } from '../../../core/case/recorded.ts'
import type { Control } from '../control.ts'

export type SignInDeskModel = {
  readonly formToken: string
  readonly roles: readonly Role[]
  readonly invitations: readonly {
    readonly id: string
    readonly name: string
    readonly roles: readonly Role[]
    readonly expiresAt: Instant
    readonly triesLeft: number
  }[]
  /** Just made: the code is shown this once. */
  readonly made?: { readonly id: string; readonly code: string; readonly address: string }
  readonly notices: readonly {
    readonly id: string
    readonly at: Instant
    readonly kind: 'passkeyCloned' | 'codeEmptied'
    readonly name?: string
  }[]
  readonly officers: readonly {
    readonly id: string
    readonly name: string
    /** A code brings this person back to the account. */
    readonly hasNoMeans: boolean
  }[]
  readonly invite: Control
  readonly failure?: 'form'
  readonly refused?: readonly Because[]
}
