/** How officers sign in at this node. */
import type { Role } from '../../../core/case/recorded.ts'

export type OfficerSignInModel = {
  /** A link that was opened and waits for its button. The secret is sent back with the form. */
  readonly link?: {
    readonly secret: string
    readonly name: string
    readonly roles: readonly Role[]
  }
  readonly methods: readonly 'oneTime'[]
  /** Set after a link that was used, too old or wrong. */
  readonly failure?: 'used' | 'expired' | 'unknown' | 'unusable'
}
