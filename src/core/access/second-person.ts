/**
 * The rule of two persons, in one piece: what one person proposed is done once another
 * says so, within a time, and only while the first could still propose it. Proposals on
 * cases and the roster of sealing keys both follow it.
 *
 * It promises that nobody stands on both sides, in person or by a delegation, and that
 * whoever has left, lost the role or declared a conflict since does not count as the
 * first person. That the second person may do the act is asked where every act is.
 */
import { type Refusal, refuse } from '../../base/decision.ts'
import { DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import { isSameSide, personOf, type Side, sideOf } from '../people/standing.ts'
import type { CaseForAccess } from './case-access.ts'
import {
  type AccessContext,
  type AccessDecision,
  type Action,
  decideAccess,
} from './decide-access.ts'

export const PROPOSAL_VALID_MS = 7 * DAY_MS

/** What every proposal says of its first person and its time. */
export type Proposed = {
  readonly proposedBy: string
  /** In whose place it was proposed, where that was by a delegation. */
  readonly inPlaceOf: string | null
  /** Case time. */
  readonly proposedAt: Instant
  readonly expiresAt: Instant
}

export type WhyNoSecondPerson = 'proposalExpired' | 'samePerson' | 'proposerMayNot'

/** Only the acting side is read of whoever acts. */
export type Approver = Pick<Acting, 'officer' | 'inPlaceOf'>

export function isWaiting({ expiresAt }: Pick<Proposed, 'expiresAt'>, now: Instant): boolean {
  return now < expiresAt
}

/** `proposerMay`: what the decision about access says of the first person now. */
export function requireSecondPerson(
  proposed: Proposed,
  acting: Approver,
  { now, proposerMay }: { readonly now: Instant; readonly proposerMay: AccessDecision },
): Refusal<WhyNoSecondPerson> | undefined {
  if (!isWaiting(proposed, now))
    return no('proposalExpired', 'the proposal has expired; propose again')
  return requireOtherSide(proposed, acting) ?? requireProposer(acting, proposerMay)
}

/** For what was proposed without a time in which it counts, too: a measure. */
export function requireProposer(
  acting: Approver,
  proposerMay: AccessDecision,
): Refusal<'samePerson' | 'proposerMayNot'> | undefined {
  if (proposerMay.decision === 'refuse') {
    const text = 'whoever proposed this may not do it any more: propose it again'
    return refuse('proposerMayNot', because('proposerMayNot', text), ...proposerMay.because)
  }
  // By another delegation than it was then, the first person may stand beside the second.
  return isSameSide(sideOf(proposerMay.value.acting), sideOf(acting)) ? samePerson() : undefined
}

export function requireOtherSide(
  { proposedBy, inPlaceOf }: Pick<Proposed, 'proposedBy' | 'inPlaceOf'>,
  acting: Approver,
): Refusal<'samePerson'> | undefined {
  const first: Side = { officer: proposedBy, inPlaceOf }
  return isSameSide(first, sideOf(acting)) ? samePerson() : undefined
}

export type ProposerQuestion = {
  readonly proposed: Pick<Proposed, 'proposedBy' | 'proposedAt'>
  readonly action: Action
  readonly resource: CaseForAccess | null
  readonly context: AccessContext
  /** Whoever approves: of the same authority, at this moment. */
  readonly acting: Pick<Acting, 'authority' | 'now'>
}

/**
 * The one decision, asked again of who proposed: with the roles of today. A strong proof
 * was given when it was proposed. An absence counts if it covers that moment, for then
 * somebody else used the account; whoever goes away afterwards has proposed all the same.
 */
export function decideForProposer(question: ProposerQuestion): AccessDecision {
  const { proposed, action, resource, context, acting } = question
  const { proposedBy, proposedAt } = proposed
  const roles = personOf(context.standing, proposedBy)?.roles ?? []
  const { authority, now } = acting
  return decideAccess({
    acting: { officer: proposedBy, roles, authority, now },
    action: { name: action.name, group: action.group },
    resource,
    context,
    presentAt: proposedAt,
  })
}

function samePerson(): Refusal<'samePerson'> {
  const text = 'whoever proposes does not approve or reject: a second person must'
  return refuse('samePerson', because('samePerson', text))
}

const because = (rule: string, text: string) => ({ rule: `fourEyes:${rule}`, text })

function no(why: WhyNoSecondPerson, text: string): Refusal<WhyNoSecondPerson> {
  return refuse(why, because(why, text))
}
