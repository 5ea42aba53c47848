/** One version of a law pack for review: everything it says, what changed, and the sign-off. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { LawPackContent } from '../../public/law-pack/model.ts'
import type { Control } from '../control.ts'

export type OfficerLawPackModel = {
  readonly pack: LawPackContent
  readonly signers: readonly {
    readonly name: string
    readonly at: Instant
    readonly simulated: boolean
    /** Clocks that this officer left out. */
    readonly excepted: readonly string[]
  }[]
  readonly signOff: Control
  /** A code for the command line. */
  readonly codeControl: Control
  /** Just made; shown once. */
  readonly code?: { readonly text: string; readonly expiresAt: Instant }
  /** What to type, without the code. */
  readonly command: string
  readonly formToken: string
  readonly simulated: boolean
  readonly refused?: readonly Because[]
}
