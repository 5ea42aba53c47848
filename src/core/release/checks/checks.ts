/**
 * All checks of the release decision besides the clauses themselves, in the order in
 * which their reasons are told. To add one: a file beside this one, and a line here.
 */
import type { Check } from './check.ts'
import { conflictFaults } from './conflict.ts'
import { contentFaults } from './content.ts'
import { embargoFaults } from './embargo.ts'
import { reviewFaults } from './review.ts'
import { rightsTestFaults } from './rights-test.ts'

/** Whether there is anything to decide: told before the clauses. */
export const FIRST_CHECKS: readonly Check[] = [contentFaults]

export const CHECKS: readonly Check[] = [
  embargoFaults,
  rightsTestFaults,
  reviewFaults,
  conflictFaults,
]
