/** The duties that travel with a permitted release: who owes what, until when. */
import { addMs, DAY_MS, HOUR_MS, type Instant } from '../../base/time.ts'
import { type Clause, isLasting, type LastingDuty } from '../agreement/clause.ts'
import type { AgreementDocument } from '../agreement/document.ts'
import type { Acting } from '../case/recorded.ts'
import type { Handling, HeldContent } from './basis.ts'
import { policyIdOf } from './compile-agreement.ts'
import type { Duty } from './release.ts'

export type DutySides = {
  readonly acting: Pick<Acting, 'authority' | 'now'>
  /** Content of peers that goes along. */
  readonly inside?: readonly HeldContent[]
}

/** Until when a second officer validates an emergency release; null: there is no such clause. */
export function validateBy(
  { emergencyClause }: Pick<AgreementDocument, 'emergencyClause'>,
  now: Instant,
): Instant | null {
  return emergencyClause && addMs(now, emergencyClause.postReviewWithinHours * HOUR_MS)
}

type DutyClause = Extract<Clause, { kind: 'duty' }>

/**
 * The duty clauses named by the clauses that permitted. The releasing authority
 * tells the persons and reviews an emergency release; the recipient owes the rest.
 */
export function releaseDuties(
  document: AgreementDocument,
  { recipient, emergency }: { readonly recipient: string; readonly emergency: object | null },
  policyIds: readonly string[],
  { acting, inside = [] }: DutySides,
): readonly Duty[] {
  const { authority, now } = acting
  const permits = document.clauses.filter(
    (clause) => clause.kind === 'permitRelease' && policyIds.includes(policyIdOf(clause.id)),
  )
  const named = new Set(permits.flatMap((c) => (c.kind === 'permitRelease' ? c.duties : [])))
  const duties = document.clauses.filter(
    (clause): clause is DutyClause => clause.kind === 'duty' && named.has(clause.id),
  )
  const own = duties.map((clause) => dutyOf(clause, { authority, recipient, now }))
  const agreed = [...own, ...inside.flatMap((content) => dutiesOn(content, recipient))]
  const clause = document.emergencyClause
  if (emergency === null || clause === null) return agreed
  const later: Duty = {
    dutyId: clause.clause,
    kind: 'postReview',
    text: `an independent review follows within ${clause.postReviewWithinHours} hours`,
    owedBy: authority,
    dueAt: validateBy(document, now),
  }
  return [...agreed, later]
}

const goesOn = (kind: Duty['kind']): boolean => isLasting(kind) || kind === 'deleteBy'

/**
 * Whether it can be one that goes on with content of a third party: only such a kind, owed by
 * who gets the content. Whether the earlier release exists, only its parties know.
 */
export function isPassedOn({ dutyId, kind, owedBy }: Duty, recipient: string): boolean {
  return dutyId.includes('/') && goesOn(kind) && owedBy === recipient
}

/** Content of a peer goes on with what binds whoever holds it: who gets it owes it too. */
function dutiesOn(
  { originator, releaseId, duties }: HeldContent,
  recipient: string,
): readonly Duty[] {
  if (originator === recipient) return []
  return duties
    .filter(({ kind }) => goesOn(kind))
    .map(({ dutyId, kind, text, dueAt }) => {
      return {
        dutyId: `${releaseId}/${dutyId}`,
        kind,
        text: `${originator}: ${text}`,
        owedBy: recipient,
        dueAt,
      }
    })
}

/** A label or code that forbids more than the clauses do is a duty of the recipient. */
export function markingDuties(
  { tlp, codes }: Handling,
  recipient: string,
  agreed: readonly Duty[],
): readonly Duty[] {
  const isNarrow = tlp === 'AMBER+STRICT' || codes.includes('H2')
  const marked: Duty[] = [
    ...(isNarrow ? [lasting('noOnwardTransfer', 'its marking keeps it inside the recipient')] : []),
    ...(codes.includes('H1')
      ? [lasting('noJudicialUse', 'code H1: not in judicial proceedings')]
      : []),
  ].map((duty) => ({ ...duty, owedBy: recipient }))
  return marked.filter(({ kind }) => !agreed.some((duty) => duty.kind === kind))
}

function lasting(kind: LastingDuty, text: string): Omit<Duty, 'owedBy'> {
  return { dutyId: `marking:${kind}`, kind, text, dueAt: null }
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
