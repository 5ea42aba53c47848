/** Making the evidence package of a case. It cannot be made while receipts wait for witnesses. */
import type { Because } from '../../../base/decision.ts'
import type { Control } from '../control.ts'

export type PackageModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly action: string
  readonly formToken: string
  /** The register of the case's events as a table. */
  readonly register: Control
  readonly events: number
  /** Events of the case whose receipt is not sealed yet. */
  readonly waiting: number
  /** Why the last attempt made none. */
  readonly refused?: readonly Because[]
}
