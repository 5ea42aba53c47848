/**
 * Deciding who is let into a case and for what it may be used: its classification,
 * its people, its purposes. That the acting person may decide so at all is decided
 * in decide-access.ts; what takes a second person is said here, by `loosens…` and
 * `whyTwoLetIn`.
 */
import { type Because, type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import type { Acting, Role } from '../case/recorded.ts'
import type { Admission, CaseAccessEvent, CaseAccessState, OfficerBarred } from './case-access.ts'
import {
  ADMITTED_ROLES,
  CLASSIFICATIONS,
  type Classification,
  type Purpose,
  ROLES_OF_PART,
  ruleOf,
} from './rules.ts'

export type WhySteering =
  | 'classifiedSo'
  | 'alreadyAssigned'
  | 'notAssignedNow'
  | 'lastAssigned'
  | 'alreadyBarred'
  | 'barredNow'
  | 'notBarredNow'
  | 'ownBar'
  | 'nobodyLeft'
  | 'notOfThisAuthority'
  | 'conflictOfInterest'
  | 'notFromOutside'
  | 'nothingShared'
  | 'wholeCase'
  | 'partNotForRole'
  | 'admittedTooLong'
  | 'otherLegalOrder'
  | 'notAdmittedNow'
  | 'noPurpose'
  | 'ownLegalOrder'

export type SteeringDecision = Decision<readonly CaseAccessEvent[], WhySteering>

/** Nobody is admitted for ever: after this it is decided again. */
const ADMISSION_MAX_MS = 366 * DAY_MS

/** Whoever closes a case on which nobody works yet is assigned to it: someone must see it. */
export function classifyCase(
  state: CaseAccessState,
  command: { readonly classification: Classification; readonly reason: string },
  { officer }: Acting,
): SteeringDecision {
  const { classification, reason } = command
  if (state.classification === classification) {
    return no('classifiedSo', `the case is ${classification} already`)
  }
  const classified = { type: 'caseClassified', classification, reason } as const
  if (classification === 'open' || state.assigned.length > 0) return permit([classified])
  return permit([classified, { type: 'officerAssigned', officer, reason }])
}

/** Letting more people see the case than before takes a second person. */
export function loosensClassification(
  state: CaseAccessState,
  { classification }: { readonly classification: Classification },
): boolean {
  return CLASSIFICATIONS.indexOf(classification) < CLASSIFICATIONS.indexOf(state.classification)
}

/**
 * A confidential case is closed even to those who stand in for somebody, so one more
 * person who sees it, or more of it, takes two: whether assigned, admitted, given a
 * review, or shown a document.
 */
export function whyTwoLetIn({
  classification,
}: Pick<CaseAccessState, 'classification'>): Because | undefined {
  if (classification !== 'confidential') return undefined
  const text = 'nobody is let into a confidential case by one person alone'
  return { rule: 'fourEyes:confidential', text }
}

/** `roles`: of the officer; `isConflicted`: it declared a conflict that touches the case. */
export function assignOfficer(
  state: CaseAccessState,
  command: {
    readonly officer: string
    readonly roles: readonly Role[]
    readonly isConflicted: boolean
    readonly reason: string
  },
  _acting: Acting,
): SteeringDecision {
  const { officer, roles, isConflicted, reason } = command
  if (state.barred?.includes(officer)) return no('barredNow', 'the officer is kept out of the case')
  if (state.assigned.includes(officer)) return no('alreadyAssigned', 'the officer is assigned')
  if (!roles.some(readsByRole)) {
    return no('notOfThisAuthority', 'only people of this authority who read cases are assigned')
  }
  if (isConflicted) {
    return no('conflictOfInterest', 'the officer declared a conflict of interest in this case')
  }
  return permit([{ type: 'officerAssigned', officer, reason }])
}

export function unassignOfficer(
  state: CaseAccessState,
  { officer, reason }: { readonly officer: string; readonly reason: string },
  _acting: Acting,
): SteeringDecision {
  if (!state.assigned.includes(officer)) return no('notAssignedNow', 'the officer is not assigned')
  if (state.assigned.length === 1 && state.classification !== 'open') {
    return no('lastAssigned', 'somebody must stay assigned to a case that is not open')
  }
  return permit([{ type: 'officerUnassigned', officer, reason }])
}

/**
 * Keeps one person of this authority out, whatever role or tie it has. A case that is
 * not open keeps somebody who is assigned to it. `others`: who may steer cases here, beside
 * the acting person: somebody of them still sees the case, or nobody could let others in again.
 */
export function barOfficer(
  state: CaseAccessState,
  {
    officer,
    ground,
    reason,
    others,
  }: Omit<OfficerBarred, 'type'> & { readonly others: readonly string[] },
  acting: Acting,
): SteeringDecision {
  if (state.barred?.includes(officer)) return no('alreadyBarred', 'the officer is kept out already')
  if (officer === acting.officer) {
    return no('ownBar', 'who must not see the case is kept out by somebody else')
  }
  if (
    state.assigned.length === 1 &&
    state.assigned[0] === officer &&
    state.classification !== 'open'
  ) {
    return no('lastAssigned', 'somebody must stay assigned to a case that is not open')
  }
  if (isAlone(others, [...(state.barred ?? []), officer])) return no('nobodyLeft', NOBODY_LEFT)
  return permit([{ type: 'officerBarred', officer, ground, reason }])
}

/** Keeping these out would leave one person alone with the case. */
export function isAlone(others: readonly string[], barred: readonly string[]): boolean {
  return others.every((one) => barred.includes(one))
}

export const NOBODY_LEFT =
  'nobody is left alone with a case: another person of this authority must still see it'

/**
 * Whoever is kept out, be it oversight, is missed only while others see the case: so one
 * person alone neither closes a case that somebody is kept out of, nor keeps somebody out
 * of one that is closed.
 */
export function closesOnBar(
  state: CaseAccessState,
  { classification }: { readonly classification: Classification },
): boolean {
  return classification !== 'open' && (state.barred ?? []).length > 0
}

export function liftBar(
  state: CaseAccessState,
  { officer, reason }: { readonly officer: string; readonly reason: string },
  _acting: Acting,
): SteeringDecision {
  if (!state.barred?.includes(officer)) return no('notBarredNow', 'the officer is not kept out')
  return permit([{ type: 'officerBarLifted', officer, reason }])
}

/** `roles`: of the person's account. A second admission of a person replaces the first. */
export function admitPerson(
  state: CaseAccessState,
  command: Admission & { readonly roles: readonly Role[]; readonly reason: string },
  { now }: Acting,
): SteeringDecision {
  const { roles, reason, ...admission } = command
  const { capacity, sees, legalOrder, until } = admission
  if (!roles.includes(capacity) || !isAdmittedRole(capacity)) {
    return no('notFromOutside', 'the account has no such role of people who are admitted')
  }
  if (sees.length === 0) return no('nothingShared', 'an admission says what the person may see')
  const unfit = sees.find((part) => ROLES_OF_PART[part]?.includes(capacity) === false)
  if (unfit === 'wholeCase') return no('wholeCase', 'only an auditor is shown a whole case')
  if (unfit) return no('partNotForRole', `${unfit} is not shared with a person of this role`)
  if (until <= now || until > addMs(now, ADMISSION_MAX_MS)) {
    return no('admittedTooLong', 'an admission ends later than now and within a year')
  }
  if (state.legalOrders.length > 0 && !state.legalOrders.includes(legalOrder)) {
    return no('otherLegalOrder', `the case is confined to ${state.legalOrders.join(', ')}`)
  }
  return permit([{ type: 'personAdmitted', ...admission, reason }])
}

export function removePerson(
  state: CaseAccessState,
  { person, reason }: { readonly person: string; readonly reason: string },
  _acting: Acting,
): SteeringDecision {
  const isAdmitted = state.admitted.some((one) => one.person === person)
  if (!isAdmitted) return no('notAdmittedNow', 'the person is not admitted')
  return permit([{ type: 'personRemoved', person, reason }])
}

/** `ownLegalOrder`: of this authority, which cannot exclude itself. */
export function declarePurposes(
  _state: CaseAccessState,
  command: {
    readonly purposes: readonly Purpose[]
    readonly legalOrders: readonly string[]
    readonly ownLegalOrder: string
    readonly reason: string
  },
  _acting: Acting,
): SteeringDecision {
  const { ownLegalOrder, ...declared } = command
  const { purposes, legalOrders } = declared
  if (purposes.length === 0) return no('noPurpose', 'a case serves at least one purpose')
  if (legalOrders.length > 0 && !legalOrders.includes(ownLegalOrder)) {
    return no('ownLegalOrder', `the case cannot be confined to others than ${ownLegalOrder}`)
  }
  return permit([{ type: 'purposesDeclared', ...declared }])
}

/** A purpose or legal order that was excluded is let in again. */
export function loosensPurposes(
  state: CaseAccessState,
  command: { readonly purposes: readonly Purpose[]; readonly legalOrders: readonly string[] },
): boolean {
  const adds = state.purposes && command.purposes.some((one) => !state.purposes?.includes(one))
  const wasConfined = state.legalOrders.length > 0
  const opens =
    wasConfined &&
    (command.legalOrders.length === 0 ||
      command.legalOrders.some((one) => !state.legalOrders.includes(one)))
  return adds === true || opens
}

function readsByRole(role: Role): boolean {
  return ruleOf('workspace').roles.includes(role)
}

function isAdmittedRole(role: Role): boolean {
  return (ADMITTED_ROLES as readonly Role[]).includes(role)
}

function no(why: WhySteering, text: string): Refusal<WhySteering> {
  return refuse(why, { rule: `steering:${why}`, text })
}
