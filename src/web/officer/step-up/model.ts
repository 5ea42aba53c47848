/** Proving anew who one is, for the acts that need it. */
import type { Instant } from '../../../base/time.ts'

export type StepUpModel = {
  readonly formToken: string
  readonly hasPasskeys: boolean
  readonly providers: readonly { readonly id: string; readonly name: string }[]
  /** The demonstration gives its people a proof, and says so. */
  readonly inDemonstration: boolean
  /** Of the proof that holds now; it lasts ten minutes. */
  readonly provedAt?: Instant
  readonly failure?: 'failed' | 'tooManyTries'
}
