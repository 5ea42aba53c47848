/**
 * One check of the release decision: a small pure function that names what it misses.
 * No check permits; a release is permitted when none of them finds anything. What a check
 * asks stands in a file of the same name beside this folder or in the area that it is of.
 */
import type { Because } from '../../../base/decision.ts'
import type { ClauseOf } from '../../agreement/clause.ts'
import { type AgreementDocument, clauseOfKind } from '../../agreement/document.ts'
import type { Acting } from '../../case/recorded.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import type { WhyRelease } from '../release.ts'

export type Fault = { readonly why: WhyRelease; readonly because: readonly Because[] }

/** `document` is of an agreement in force. */
export type Check = (
  basis: ReleaseBasis,
  document: AgreementDocument,
  command: PrepareRelease,
  acting: Acting,
) => readonly Fault[]

export function fault(why: WhyRelease, ...because: readonly Because[]): Fault {
  return { why, because }
}

/** These rules hold for every agreement; if a clause says so too, the clause is cited. */
export function ruleOrClause(
  document: AgreementDocument,
  kind: 'requireRightsTest' | 'requireReview' | 'requireEmbargoConsent',
  text: string,
): Because {
  const clause = clauseOfKind(document, kind)
  return { rule: clause ? `clause:${clause.id}` : `release:${kind}`, text }
}

/** Which of `categories` clauses of this kind name, and those clauses. */
export function guardedBy(
  { clauses }: AgreementDocument,
  kind: 'requireConsent' | 'requireAuthorisation' | 'requireSecondOfficer',
  categories: readonly string[],
): { readonly guarded: readonly string[]; readonly because: readonly Because[] } {
  const naming = clauses.filter(
    (clause) => clause.kind === kind && clause.categories.some((id) => categories.includes(id)),
  ) as readonly ClauseOf<typeof kind>[]
  const named = new Set(naming.flatMap((clause) => clause.categories))
  return {
    guarded: categories.filter((id) => named.has(id)),
    because: naming.map(({ id, text }) => ({ rule: `clause:${id}`, text })),
  }
}
