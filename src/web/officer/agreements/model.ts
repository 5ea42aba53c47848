/** Agreements as an officer sees them: which wait for this authority's signature. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'

export type OfficerAgreementsModel = {
  readonly agreements: readonly {
    readonly id: string
    readonly title: string
    readonly version: number
    readonly sha256: string
    readonly state: string
    readonly parties: readonly { readonly name: string; readonly hasSigned: boolean }[]
    readonly sunsetAt: Instant
    /** Sign for this authority, or why that is not possible now. */
    readonly sign:
      | { readonly isAllowed: true; readonly action: string }
      | { readonly isAllowed: false; readonly because: readonly Because[] }
  }[]
  readonly formToken: string
  readonly simulated: boolean
  readonly refused?: readonly Because[]
}
