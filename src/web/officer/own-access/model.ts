/** What the reader may do for the authority as a whole, and why not. */
import type { Because } from '../../../base/decision.ts'

export type OwnAccessModel = {
  readonly roles: readonly string[]
  readonly actions: readonly {
    readonly action: string
    readonly isAllowed: boolean
    /** Acts of this kind that ask for a fresh proof of who acts. */
    readonly withProof: readonly string[]
    readonly because: readonly Because[]
  }[]
}
