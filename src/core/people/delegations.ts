/**
 * Delegation: somebody stands in for somebody else, for named roles, for a time.
 *
 * Nobody gives more than an own role, what was lent is never lent on, and whoever
 * runs the node never gets into cases this way. That one person must not stand on
 * both sides of a four-eyes is `isSameSide` in standing.ts, for whoever decides.
 */
import { type Decision, permit, type Refusal } from '../../base/decision.ts'
import { type Acting, OUTSIDE_ROLES, type Role } from '../case/recorded.ts'
import type { PeopleEvent, Span } from './events.ts'
import { hasRole, isActive, no, overlaps, spanFault, type WhySpan } from './faults.ts'
import { type Delegation, delegationsTo, personOf, type Standing } from './standing.ts'

export type WhyDelegation =
  | WhySpan
  | 'notYours'
  | 'toOneself'
  | 'unknownPerson'
  | 'noRole'
  | 'rolesNotHeld'
  | 'furtherDelegation'
  | 'roleNotDelegable'
  | 'wouldJoinRoles'
  | 'unknownAct'
  | 'alreadyGiven'
  | 'loop'
  | 'delegateAway'
  | 'unknownDelegation'
  | 'alreadyEnded'

type Give = {
  readonly delegationId: string
  readonly to: string
  readonly roles: readonly Role[]
  readonly acts: readonly string[] | null
} & Span

const DAYS_MAX = 92

/** A seat of control, or of a person from outside, is personal. */
const PERSONAL: readonly Role[] = ['administrator', 'oversight', 'auditor', ...OUTSIDE_ROLES]

/** `acting.roles` may hold lent roles; what counts are the person's own. `known`: names of acts. */
export function giveDelegation(
  standing: Standing,
  command: Give,
  acting: Acting,
  known: readonly string[],
): Decision<readonly PeopleEvent[], WhyDelegation> {
  const from = acting.officer
  const { delegationId, to, roles, acts, fromAt, untilAt } = command
  const fault =
    personFault(standing, from, to) ??
    roleFault(standing, command, acting) ??
    spanFault(command, acting, DAYS_MAX) ??
    actFault(acts, known) ??
    meetingFault(standing, command, from)
  if (fault) return fault
  return permit([{ type: 'delegationGiven', delegationId, from, to, roles, acts, fromAt, untilAt }])
}

/** By the one who gave it, the one who got it, or an administrator. */
export function withdrawDelegation(
  { delegations }: Standing,
  { delegationId }: { readonly delegationId: string },
  acting: Acting,
): Decision<readonly PeopleEvent[], WhyDelegation> {
  const delegation = delegations.find((one) => one.delegationId === delegationId)
  if (!delegation) return no('unknownDelegation', 'there is no such delegation')
  const isParty = delegation.from === acting.officer || delegation.to === acting.officer
  if (!isParty && !hasRole(acting, 'administrator')) {
    return no('notYours', 'this is for whoever gave or got it, or an administrator')
  }
  if (delegation.endedAt !== null || delegation.untilAt <= acting.now) {
    return no('alreadyEnded', 'the delegation has ended')
  }
  return permit([{ type: 'delegationWithdrawn', delegationId }])
}

function personFault(standing: Standing, from: string, to: string) {
  if (from === to) return no('toOneself', 'nobody stands in for themselves')
  if (isActive(standing, from) && isActive(standing, to)) return undefined
  return no('unknownPerson', 'both accounts must be active')
}

function roleFault(
  standing: Standing,
  { to, roles }: Give,
  acting: Acting,
): Refusal<WhyDelegation> | undefined {
  if (roles.length === 0) return no('noRole', 'a delegation names at least one role')
  const own = personOf(standing, acting.officer)?.roles ?? []
  const foreign = roles.filter((role) => !own.includes(role))
  const lent = delegationsTo(standing, acting.officer, acting.now).flatMap((one) => one.roles)
  if (foreign.some((role) => lent.includes(role))) {
    return no('furtherDelegation', 'a role that was lent to you cannot be lent on')
  }
  if (foreign.length > 0) return no('rolesNotHeld', 'you can lend only roles that you hold')
  if (roles.some((role) => PERSONAL.includes(role))) {
    return no('roleNotDelegable', `these roles are personal: ${PERSONAL.join(', ')}`)
  }
  const theirs = personOf(standing, to)?.roles ?? []
  if (theirs.every((role) => !PERSONAL.includes(role))) return undefined
  const text = 'an administrator, a member of oversight and people from outside stand in for nobody'
  return no('wouldJoinRoles', text)
}

function actFault(acts: readonly string[] | null, known: readonly string[]) {
  if (acts === null) return undefined
  if (acts.length > 0 && acts.every((act) => known.includes(act))) return undefined
  return no('unknownAct', 'a delegation of single acts names acts that there are')
}

function meetingFault(
  standing: Standing,
  command: Give,
  from: string,
): Refusal<WhyDelegation> | undefined {
  const { to, roles } = command
  const meeting = standing.delegations.filter(
    (one) => one.endedAt === null && overlaps(one, command),
  )
  const isSame = ({ from: giver, to: taker, roles: given }: Delegation) =>
    giver === from && taker === to && given.some((role) => roles.includes(role))
  if (meeting.some(isSame)) return no('alreadyGiven', 'that is lent to this person already')
  if (reaches(meeting, to, from)) {
    return no('loop', 'that would close a circle: in that time they lean on you already')
  }
  const isAway = standing.absences.some(
    (one) => one.officer === to && one.endedAt === null && overlaps(one, command),
  )
  return isAway ? no('delegateAway', 'whoever stands in is absent in that time') : undefined
}

/** True if a chain of delegations leads from `start` to `target`. */
function reaches(delegations: readonly Delegation[], start: string, target: string): boolean {
  const seen = new Set([start])
  for (const person of seen) {
    for (const { from, to } of delegations) if (from === person) seen.add(to)
  }
  return seen.has(target)
}
