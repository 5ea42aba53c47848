/**
 * Reading a history of others: did the person who signed an event about people have any
 * business with it? It repeats, on what stands in the stream alone, the rules about
 * second persons; which roles an event takes is read from the rules of access, by the
 * groups of the acts that make it. What only the node's notes say cannot be checked here.
 */
import { type DeskActionGroup, ruleOf } from '../access/rules.ts'
import type { AuthorityEvent } from '../authority/authority.ts'
import type { Recorded, Role } from '../case/recorded.ts'
import { isPeopleEvent, type PeopleEvent } from './events.ts'
import { openWayBack, personOf, type Standing } from './standing.ts'

type Groups = {
  /** Of acts about others, or about nobody; undefined: only the person itself. */
  readonly others?: DeskActionGroup
  /** Of acts about oneself; undefined: never about oneself. */
  readonly own?: DeskActionGroup
}

/** By which acts each event comes about: people-acts.ts, which a test holds to this. */
export const GROUPS_OF_EVENTS: Readonly<Record<PeopleEvent['type'] | 'officerLeft', Groups>> = {
  officerInvited: { others: 'administer' },
  officerRolesChanged: { others: 'administer' },
  leavingStarted: { others: 'administer' },
  leavingCancelled: { others: 'administer' },
  /** Only by the node itself, which is no person. */
  accountSuspended: {},
  accountConfirmed: { others: 'administer' },
  wayBackGiven: { others: 'administer' },
  /** Only by the node itself, when somebody brings the code. */
  wayBackUsed: {},
  workHandedOver: { others: 'administer' },
  officerLeft: { others: 'control' },
  conflictDeclared: { own: 'ownMatters', others: 'oversee' },
  conflictWithdrawn: { others: 'control' },
  absenceSet: { own: 'ownMatters', others: 'administer' },
  absenceEnded: { own: 'ownMatters', others: 'administer' },
  delegationGiven: { own: 'ownMatters' },
  delegationWithdrawn: { own: 'ownMatters', others: 'administer' },
  shiftPlanned: { own: 'control', others: 'control' },
  shiftCancelled: { own: 'control', others: 'control' },
  dutyHandedOver: { own: 'ownMatters' },
  dutyAccepted: { own: 'ownMatters' },
  liaisonTermSet: { own: 'control', others: 'control' },
  liaisonSuccessorNamed: { own: 'control', others: 'control' },
  liaisonTermEnded: { own: 'control', others: 'control' },
}

/** What was wrong with the step, or `undefined`. `standing`: how people stood before it. */
export function unlawfulStep(
  standing: Standing,
  { event, by }: Recorded<AuthorityEvent>,
): string | undefined {
  if (event.type === 'officerLeft') return unlawfulEnd(standing, event.officer, by)
  if (!isPeopleEvent(event)) return undefined
  const person = personOf(standing, by)
  const isOfNode = person === undefined && OF_NODE.includes(event.type)
  if (isOfNode) return unlawfulOfNode(standing, event)
  if (person?.state !== 'active') return 'no active officer did this'
  const { own, others } = GROUPS_OF_EVENTS[event.type]
  const owners = ownersOf(standing, event)
  const isOwn = owners.includes(by) || (others === undefined && owners.length === 0)
  const group = isOwn ? own : others
  if (!group) {
    return isOwn ? 'nobody decides this about themselves' : 'it was somebody else’s to do'
  }
  return holdsRole(person.roles, group) ? undefined : 'the officer had no role for this'
}

/** What a node does itself: suspend, and take back by its setup code or by one that was given. */
const OF_NODE: readonly string[] = ['accountSuspended', 'accountConfirmed', 'wayBackUsed']

function unlawfulOfNode(standing: Standing, event: PeopleEvent): string | undefined {
  if (event.type === 'wayBackUsed') {
    const isGiven = openWayBack(standing, event.officer)?.givenBy === event.givenBy
    return isGiven ? undefined : 'nobody had given a code for this account'
  }
  if (event.type !== 'accountConfirmed') return undefined
  const isAlone = event.roles.length === 1 && event.roles[0] === 'administrator'
  const person = personOf(standing, event.officer)
  return isAlone && person?.state === 'suspended'
    ? undefined
    : 'a node by itself takes back administrators only'
}

/** Accounts that a setup lists no more are ended by the node itself, who is no person. */
function unlawfulEnd(standing: Standing, officer: string, by: string): string | undefined {
  if (by === officer) return 'the officer ended their own account'
  const { others: group } = GROUPS_OF_EVENTS.officerLeft
  const person = personOf(standing, by)
  if (person && group && !holdsRole(person.roles, group)) return 'the officer had no role for this'
  const leaving = personOf(standing, officer)?.leaving
  return leaving?.startedBy === by ? 'one person started and finished it' : undefined
}

function holdsRole(roles: readonly Role[], group: DeskActionGroup): boolean {
  return ruleOf(group).roles.some((role) => roles.includes(role))
}

/** Whose matter it is; of a delegation both. Empty where it is nobody's in particular. */
function ownersOf(standing: Standing, event: PeopleEvent): readonly string[] {
  switch (event.type) {
    case 'conflictWithdrawn':
      return officersOf(standing.conflicts.filter((one) => one.conflictId === event.conflictId))
    case 'absenceEnded':
      return officersOf(standing.absences.filter((one) => one.absenceId === event.absenceId))
    case 'delegationWithdrawn':
      return standing.delegations
        .filter((one) => one.delegationId === event.delegationId)
        .flatMap(({ from, to }) => [from, to])
    case 'delegationGiven':
    case 'workHandedOver':
      return [event.from]
    case 'dutyHandedOver':
      return event.from === null ? [] : [event.from]
    default:
      return 'officer' in event ? [event.officer] : []
  }
}

const officersOf = (list: readonly { readonly officer: string }[]) =>
  list.map(({ officer }) => officer)
