/**
 * Hints that make the schema of an act a form that people can use without
 * writing JSON: choices from the case, the agreement, the vocabulary and the law
 * packs, and what stands in a field before anyone types. Pure.
 *
 * The same hints must make the form and read it. They help and decide nothing: a
 * choice whose refusal is an answer is offered too.
 */
import type { CaseAct } from '../../../app/act.ts'
import { type ActHints, type HintContext, type HintsOf, merged } from './hint-context.ts'
import { accessHints } from './hints-access.ts'
import { disclosureHints } from './hints-disclosure.ts'
import { dutyHints } from './hints-duties.ts'
import { enforcementHints } from './hints-enforcement.ts'
import { exchangeHints } from './hints-exchange.ts'
import { fineHints } from './hints-fines.ts'
import { jointHints } from './hints-joint.ts'
import { lawHints } from './hints-law.ts'
import { publicationHints } from './hints-publication.ts'
import { recordsHints } from './hints-records.ts'
import { recordsRequestHints } from './hints-records-request.ts'
import { redactionHints } from './hints-redaction.ts'
import { remedyHints } from './hints-remedies.ts'
import { retractionHints } from './hints-retraction.ts'
import { rightsHints } from './hints-rights.ts'
import { rightsTestHints } from './hints-rights-test.ts'
import { triageHints } from './hints-triage.ts'

const HINTS: Readonly<Record<string, HintsOf>> = {
  ...triageHints,
  ...lawHints,
  ...disclosureHints,
  ...exchangeHints,
  ...dutyHints,
  ...recordsHints,
  ...recordsRequestHints,
  ...retractionHints,
  ...redactionHints,
  ...enforcementHints,
  ...fineHints,
  ...rightsHints,
  ...remedyHints,
  ...rightsTestHints,
  ...publicationHints,
  ...accessHints,
  ...jointHints,
}

/** An act without hints gets the form of its schema alone. */
export function actHints({ name }: Pick<CaseAct, 'name'>, context: HintContext): ActHints {
  return merged(HINTS[name]?.(context) ?? {})
}
