/**
 * All checks of the release decision besides the clauses themselves, in the order in
 * which their reasons are told. To add one: a file beside this one, and a line here.
 */
import { authorisationFaults } from './authorisation.ts'
import type { Check } from './check.ts'
import { claimFaults } from './claims.ts'
import { conflictFaults } from './conflict.ts'
import { consentFaults } from './consent.ts'
import { contentFaults } from './content.ts'
import { embargoFaults } from './embargo.ts'
import { emergencyFaults } from './emergency.ts'
import { handlingFaults } from './handling.ts'
import { lawFaults } from './law.ts'
import { orderFaults } from './order.ts'
import { redactionFaults } from './redaction.ts'
import { rejectedFaults } from './rejected.ts'
import { reviewFaults } from './review.ts'
import { rightsTestFaults } from './rights-test.ts'
import { secondOfficerFaults } from './second-officer.ts'
import { sensitiveTestFaults } from './sensitive-test.ts'

/** Whether there is anything to decide: told before the clauses. */
export const FIRST_CHECKS: readonly Check[] = [contentFaults]

/** What may change between the decision and the sending: asked again when it leaves. */
export const LASTING_CHECKS: readonly Check[] = [
  lawFaults,
  orderFaults,
  rejectedFaults,
  claimFaults,
  handlingFaults,
  embargoFaults,
  consentFaults,
  authorisationFaults,
]

export const CHECKS: readonly Check[] = [
  ...LASTING_CHECKS,
  emergencyFaults,
  rightsTestFaults,
  redactionFaults,
  reviewFaults,
  sensitiveTestFaults,
  conflictFaults,
  // Last: named alone, it makes the release a proposal that a second officer approves.
  secondOfficerFaults,
]
