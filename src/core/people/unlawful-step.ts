/**
 * Reading a history of others: did the person who signed an event about people have any
 * business with it? It repeats, on what stands in the stream alone, the rules about
 * roles and second persons; what only the node's notes say cannot be checked here.
 */
import type { AuthorityEvent } from '../authority/authority.ts'
import type { Recorded, Role } from '../case/recorded.ts'
import { isPeopleEvent, type PeopleEvent } from './events.ts'
import { personOf, type Standing } from './standing.ts'

const ADMINISTRATOR: readonly Role[] = ['administrator']
const CONTROL: readonly Role[] = ['administrator', 'oversight']

/** Null: everybody; what then counts is whose matter it is. */
const ROLES_FOR: Readonly<Record<PeopleEvent['type'], readonly Role[] | null>> = {
  officerInvited: ADMINISTRATOR,
  officerRolesChanged: ADMINISTRATOR,
  leavingStarted: ADMINISTRATOR,
  leavingCancelled: ADMINISTRATOR,
  accountSuspended: null,
  accountConfirmed: ADMINISTRATOR,
  workHandedOver: ADMINISTRATOR,
  conflictDeclared: null,
  conflictWithdrawn: CONTROL,
  absenceSet: null,
  absenceEnded: null,
  delegationGiven: null,
  delegationWithdrawn: null,
  shiftPlanned: CONTROL,
  shiftCancelled: CONTROL,
  dutyHandedOver: null,
  dutyAccepted: null,
  liaisonTermSet: CONTROL,
  liaisonSuccessorNamed: CONTROL,
  liaisonTermEnded: CONTROL,
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
  const needed = ROLES_FOR[event.type]
  if (needed && !needed.some((role) => person.roles.includes(role))) {
    return 'the officer had no role for this'
  }
  return unlawfulSelf(standing, event, by, person.roles)
}

/** What a node that came back from a backup does itself: suspend, and take back by its setup code. */
const OF_NODE: readonly string[] = ['accountSuspended', 'accountConfirmed']

function unlawfulOfNode(standing: Standing, event: PeopleEvent): string | undefined {
  if (event.type !== 'accountConfirmed') return undefined
  const isAlone = event.roles.length === 1 && event.roles[0] === 'administrator'
  const person = personOf(standing, event.officer)
  return isAlone && person?.state === 'suspended'
    ? undefined
    : 'a node by itself takes back administrators only'
}

function unlawfulEnd(standing: Standing, officer: string, by: string): string | undefined {
  const leaving = personOf(standing, officer)?.leaving
  if (by === officer) return 'the officer ended their own account'
  return leaving?.startedBy === by ? 'one person started and finished it' : undefined
}

function unlawfulSelf(
  standing: Standing,
  event: PeopleEvent,
  by: string,
  roles: readonly Role[],
): string | undefined {
  const isControl = roles.some((role) => CONTROL.includes(role))
  const whose = ownerOf(standing, event)
  switch (event.type) {
    case 'accountSuspended':
      return 'only the node suspends'
    case 'accountConfirmed':
    case 'officerRolesChanged':
    case 'leavingStarted':
    case 'leavingCancelled':
    case 'workHandedOver':
    case 'conflictWithdrawn':
      return whose === by ? 'nobody decides this about themselves' : undefined
    case 'delegationGiven':
    case 'dutyAccepted':
    case 'dutyHandedOver':
      return whose !== null && whose !== by ? 'it was somebody else’s to do' : undefined
    case 'conflictDeclared':
    case 'absenceSet':
    case 'absenceEnded':
      return whose === by || isControl ? undefined : 'it was somebody else’s to do'
    case 'delegationWithdrawn': {
      const { delegationId } = event
      const one = standing.delegations.find((given) => given.delegationId === delegationId)
      const isParty = one?.from === by || one?.to === by
      return isParty || isControl ? undefined : 'it was somebody else’s to do'
    }
    default:
      return undefined
  }
}

function ownerOf(standing: Standing, event: PeopleEvent): string | null {
  switch (event.type) {
    case 'conflictWithdrawn':
      return standing.conflicts.find((one) => one.conflictId === event.conflictId)?.officer ?? null
    case 'absenceEnded':
      return standing.absences.find((one) => one.absenceId === event.absenceId)?.officer ?? null
    case 'delegationGiven':
    case 'dutyHandedOver':
    case 'workHandedOver':
      return event.from
    default:
      return 'officer' in event ? event.officer : null
  }
}
