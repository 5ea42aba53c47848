/**
 * Accounts: roles, and the way out. Somebody leaves in three steps: an administrator
 * ends the account (from then on nothing is done in it), what was open is handed to
 * others, a second person finishes. What was signed before stays verifiable.
 */
import { type Decision, permit, type Refusal } from '../../base/decision.ts'
import type { AuthorityEvent } from '../authority/authority.ts'
import { type Acting, OUTSIDE_ROLES, type Role } from '../case/recorded.ts'
import type { PeopleEvent } from './events.ts'
import { isActive, no } from './faults.ts'
import { type Person, personOf, type Standing } from './standing.ts'

export type WhyAccount =
  | 'alreadyKnown'
  | 'unknownPerson'
  | 'noRole'
  | 'rolesCannotMeet'
  | 'ownAccount'
  | 'noChange'
  | 'lastAdministrator'
  | 'alreadyLeaving'
  | 'notLeaving'
  | 'samePerson'
  | 'workOpen'
  | 'nothingOpen'
  | 'notSuspended'
  | 'rolesNotHeld'
  | 'notActive'

type AccountDecision = Decision<readonly PeopleEvent[], WhyAccount>

export function inviteOfficer(
  standing: Standing,
  { officer, roles }: { readonly officer: string; readonly roles: readonly Role[] },
  _acting: Acting,
): AccountDecision {
  if (personOf(standing, officer)) return no('alreadyKnown', 'there is such an account already')
  return rolesFault(roles) ?? permit([{ type: 'officerInvited', officer, roles }])
}

export function changeRoles(
  standing: Standing,
  command: { readonly officer: string; readonly roles: readonly Role[]; readonly note: string },
  acting: Acting,
): AccountDecision {
  const { officer, roles, note } = command
  const person = personOf(standing, officer)
  if (person?.state !== 'active') return no('unknownPerson', 'there is no such active account')
  const fault = ownFault(officer, acting) ?? rolesFault(roles)
  if (fault) return fault
  if (isSameSet(person.roles, roles)) return no('noChange', 'those are the roles already')
  if (!roles.includes('administrator')) {
    const last = lastAdministratorFault(standing, person)
    if (last) return last
  }
  return permit([{ type: 'officerRolesChanged', officer, roles, note }])
}

export function startLeaving(
  standing: Standing,
  { officer, note }: { readonly officer: string; readonly note: string },
  acting: Acting,
): AccountDecision {
  const person = personOf(standing, officer)
  if (!person || person.state === 'left') return no('unknownPerson', 'there is no such account')
  if (person.state === 'leaving') return no('alreadyLeaving', 'the account is being ended already')
  const fault = ownFault(officer, acting) ?? lastAdministratorFault(standing, person)
  return fault ?? permit([{ type: 'leavingStarted', officer, note }])
}

export function cancelLeaving(
  standing: Standing,
  { officer }: { readonly officer: string },
  acting: Acting,
): AccountDecision {
  if (!leavingOf(standing, officer)) return notLeaving()
  return ownFault(officer, acting) ?? permit([{ type: 'leavingCancelled', officer }])
}

/**
 * Everybody who could act, or could if they were kept after all: after a restore a person
 * vouches for each before they do again.
 */
export function suspendAll({ people }: Standing): readonly PeopleEvent[] {
  return people
    .filter(
      ({ state, leaving }) => state === 'active' || (state === 'leaving' && !leaving?.wasSuspended),
    )
    .map(({ officer }) => ({ type: 'accountSuspended', officer }))
}

/** With the roles that the account had, or some of them: others are a change of roles. */
export function confirmAccount(
  standing: Standing,
  command: { readonly officer: string; readonly roles: readonly Role[]; readonly means: number },
  acting: Acting,
): AccountDecision {
  const { officer, roles, means } = command
  const person = personOf(standing, officer)
  if (person?.state !== 'suspended') return no('notSuspended', 'the account is not suspended')
  const fault = ownFault(officer, acting) ?? rolesFault(roles)
  if (fault) return fault
  if (roles.some((role) => !person.roles.includes(role))) {
    return no('rolesNotHeld', 'the account had no such role; change its roles afterwards')
  }
  return permit([{ type: 'accountConfirmed', officer, roles, means }])
}

/** On record, because whoever has the code can be this officer: for an account in use. */
export function giveWayBack(
  standing: Standing,
  { officer }: { readonly officer: string },
  acting: Acting,
): AccountDecision {
  if (!isActive(standing, officer)) return no('notActive', 'there is no such active account')
  return ownFault(officer, acting) ?? permit([{ type: 'wayBackGiven', officer }])
}

/** `items`: how many things change hands. */
export function handOverWork(
  standing: Standing,
  { from, to, items }: { readonly from: string; readonly to: string; readonly items: number },
  acting: Acting,
): AccountDecision {
  if (!leavingOf(standing, from)) return notLeaving()
  if (from === to || !isActive(standing, to)) {
    return no('unknownPerson', 'work goes to somebody else, with an active account')
  }
  if (items === 0) return no('nothingOpen', 'there is nothing to hand over')
  return ownFault(from, acting) ?? permit([{ type: 'workHandedOver', from, to, items }])
}

/** By another person than the one who started it. `open`: what is still in the leaver's hands. */
export function finishLeaving(
  standing: Standing,
  { officer, open }: { readonly officer: string; readonly open: number },
  acting: Acting,
): Decision<readonly AuthorityEvent[], WhyAccount> {
  const leaving = leavingOf(standing, officer)
  if (!leaving) return notLeaving()
  const own = ownFault(officer, acting)
  if (own) return own
  if (leaving.startedBy === acting.officer) {
    return no('samePerson', 'a second person finishes what one administrator has started')
  }
  if (open > 0) return no('workOpen', `${open} things are still in this person's hands`)
  return permit([{ type: 'officerLeft', officer }])
}

/** Roles that one person must not hold together; every set that is lawful stays so under removal. */
function rolesFault(roles: readonly Role[]): Refusal<WhyAccount> | undefined {
  if (roles.length === 0) return no('noRole', 'an account has at least one role')
  if (new Set(roles).size !== roles.length) return no('rolesCannotMeet', 'a role is named twice')
  const alone = roles.filter((role) => ALONE.includes(role))
  if (alone.length === 0 || roles.length === 1) return undefined
  const text = `${alone.join(', ')} cannot be held together with another role`
  return no('rolesCannotMeet', text)
}

/** Runs the node and reads no case; looks on and decides nothing; is of another side. */
const ALONE: readonly Role[] = ['administrator', 'oversight', 'auditor', ...OUTSIDE_ROLES]

function ownFault(officer: string, acting: Acting) {
  if (officer !== acting.officer) return undefined
  return no('ownAccount', 'nobody changes or ends their own account')
}

function lastAdministratorFault({ people }: Standing, person: Person) {
  if (!person.roles.includes('administrator')) return undefined
  const others = people.some(
    ({ officer, roles, state }) =>
      officer !== person.officer && state === 'active' && roles.includes('administrator'),
  )
  return others ? undefined : no('lastAdministrator', 'a node needs an administrator')
}

function leavingOf(standing: Standing, officer: string) {
  const person = personOf(standing, officer)
  return person?.state === 'leaving' ? person.leaving : null
}

const notLeaving = () => no('notLeaving', 'the account is not being ended')

function isSameSet(first: readonly Role[], second: readonly Role[]): boolean {
  return first.length === second.length && first.every((role) => second.includes(role))
}
