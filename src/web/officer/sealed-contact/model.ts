/** A contact that two officers took out: sealed to the node, open in their browsers only. */
import type { Instant } from '../../../base/time.ts'
import type { ContactBasis } from '../../../core/case/case-events.ts'
import type { IntakeLayer } from '../../../core/sealing/events.ts'

export type SealedContactModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly ground: string
  readonly basis?: ContactBasis
  readonly takenAt: Instant
  readonly until: Instant
  readonly proposedBy: string
  readonly approvedBy: string
  /** Which of its layers the reader's listed key opens. */
  readonly layers: readonly IntakeLayer[]
  readonly formToken: string
}
