/** The duties that travel with a permitted release: who owes what, until when. */
import { addMs, DAY_MS, HOUR_MS, type Instant } from '../../base/time.ts'
import type { Clause } from '../agreement/clause.ts'
import type { AgreementDocument } from '../agreement/document.ts'
import type { Acting } from '../case/recorded.ts'
import { policyIdOf } from './compile-agreement.ts'
import type { Duty } from './release.ts'

type DutyClause = Extract<Clause, { kind: 'duty' }>

/**
 * The duty clauses named by the clauses that permitted. The releasing authority
 * tells the persons and reviews an emergency release; the recipient owes the rest.
 */
export function releaseDuties(
  document: AgreementDocument,
  { recipient, emergency }: { readonly recipient: string; readonly emergency: object | null },
  policyIds: readonly string[],
  { authority, now }: Pick<Acting, 'authority' | 'now'>,
): readonly Duty[] {
  const permits = document.clauses.filter(
    (clause) => clause.kind === 'permitRelease' && policyIds.includes(policyIdOf(clause.id)),
  )
  const named = new Set(permits.flatMap((c) => (c.kind === 'permitRelease' ? c.duties : [])))
  const duties = document.clauses.filter(
    (clause): clause is DutyClause => clause.kind === 'duty' && named.has(clause.id),
  )
  const agreed = duties.map((clause) => dutyOf(clause, { authority, recipient, now }))
  const clause = document.emergencyClause
  if (emergency === null || clause === null) return agreed
  const later: Duty = {
    dutyId: clause.clause,
    kind: 'postReview',
    text: `an independent review follows within ${clause.postReviewWithinHours} hours`,
    owedBy: authority,
    dueAt: addMs(now, clause.postReviewWithinHours * HOUR_MS),
  }
  return [...agreed, later]
}

function dutyOf(
  { id, text, duty }: DutyClause,
  side: { readonly authority: string; readonly recipient: string; readonly now: Instant },
): Duty {
  const { kind } = duty
  const owedBy = kind === 'notifyPerson' ? side.authority : side.recipient
  const dueAt = 'withinDays' in duty ? addMs(side.now, duty.withinDays * DAY_MS) : null
  return { dutyId: id, kind, text, owedBy, dueAt }
}
