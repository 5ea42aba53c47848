/**
 * The order as one document, made from the case alone, so that whoever has the
 * case's history makes the same bytes. It is what a signature outside is put under.
 */
import type { Instant } from '../../base/time.ts'
import type { EnforcementState, FineBasis, OperatorRole, Urgency } from './enforcement.ts'
import type { RungCode } from './ladder.ts'

export type OrderDocument = {
  readonly kind: 'comity/order/v1'
  /** Node id. */
  readonly authority: string
  readonly caseId: string
  readonly measureId: string
  readonly operator: { readonly name: string; readonly role: OperatorRole } | null
  readonly rung: RungCode
  readonly basis: string
  readonly reason: string
  readonly urgency: Urgency | null
  readonly fine: FineBasis | null
  /** Officer ids. */
  readonly decidedBy: readonly string[]
  readonly takenAt: Instant
}

/** Undefined for a measure that was not made: what is only proposed is no order. */
export function orderDocument(
  { measures, operator }: EnforcementState,
  measureId: string,
  place: { readonly authority: string; readonly caseId: string },
): OrderDocument | undefined {
  const measure = measures.find((one) => one.measureId === measureId)
  if (measure?.takenAt == null) return undefined
  const { rung, basis, reason, urgency, fine, takenAt, proposedBy, approvedBy } = measure
  const { authority, caseId } = place
  return {
    kind: 'comity/order/v1',
    authority,
    caseId,
    measureId,
    operator: operator && { name: operator.name, role: operator.role },
    rung,
    basis,
    reason,
    urgency,
    fine,
    decidedBy: approvedBy === null ? [proposedBy] : [proposedBy, approvedBy],
    takenAt,
  }
}
