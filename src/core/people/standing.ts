/**
 * How each person of this authority stands: roles, conflicts of interest, absences,
 * delegations, duty. A fold over the authority stream; plain data that the decisions
 * about access and release read.
 *
 * It says what was declared, not what is true. A conflict whose subject cannot be
 * read counts against everything: nobody is cleared by a lost note.
 */
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { AuthorityEvent } from '../authority/authority.ts'
import type { Acting, Recorded, Role } from '../case/recorded.ts'
import { isSameName } from '../enforcement/operator.ts'
import type { NoteDigest, Span } from './events.ts'
import type { ConflictNote, SaltedNote } from './note.ts'

/** `suspended`: of a backup that the node came back from, and nobody has vouched for it since. */
export type PersonState = 'invited' | 'active' | 'suspended' | 'leaving' | 'left'

export type Person = {
  readonly officer: string
  readonly roles: readonly Role[]
  readonly state: PersonState
  readonly leaving: {
    readonly startedBy: string
    readonly startedAt: Instant
    readonly note: NoteDigest
    /** Whoever is kept after all is suspended as before. */
    readonly wasSuspended?: true
  } | null
  /** Codes with which somebody came back to the account, the oldest first. */
  readonly waysBack?: readonly WayBack[]
}

export type WayBack = {
  readonly givenBy: string
  readonly givenAt: Instant
  readonly usedAt: Instant | null
}

export type Conflict = {
  readonly conflictId: string
  readonly officer: string
  readonly note: NoteDigest
  /** What the note says; null: not opened, so it counts against everything. */
  readonly opened: Pick<ConflictNote, 'kind' | 'subject' | 'ground'> | null
  readonly declaredAt: Instant
  readonly declaredBy: string
  readonly endedAt: Instant | null
}

export type Absence = Span & {
  readonly absenceId: string
  readonly officer: string
  readonly endedAt: Instant | null
}

export type Delegation = Span & {
  readonly delegationId: string
  readonly from: string
  readonly to: string
  readonly roles: readonly Role[]
  readonly acts: readonly string[] | null
  readonly endedAt: Instant | null
}

export type Shift = Span & {
  readonly shiftId: string
  readonly officer: string
  readonly state: 'planned' | 'offered' | 'accepted' | 'cancelled'
  readonly acceptedAt: Instant | null
}

export type LiaisonTerm = Span & {
  readonly termId: string
  readonly officer: string
  readonly peer: string | null
  readonly successor: string | null
  readonly endedAt: Instant | null
}

export type Standing = {
  readonly people: readonly Person[]
  readonly conflicts: readonly Conflict[]
  readonly absences: readonly Absence[]
  readonly delegations: readonly Delegation[]
  readonly shifts: readonly Shift[]
  readonly terms: readonly LiaisonTerm[]
}

export const noStanding: Standing = {
  people: [],
  conflicts: [],
  absences: [],
  delegations: [],
  shifts: [],
  terms: [],
}

/** What an act is about, as far as a conflict of interest can touch it. */
export type Matter = {
  readonly caseId: string
  /** Names of the operators of the case. */
  readonly operators: readonly string[]
  /** Node ids of the other authorities: participants, and the recipient of a release. */
  readonly authorities: readonly string[]
}

export function personOf({ people }: Standing, officer: string): Person | undefined {
  return people.find((person) => person.officer === officer)
}

/** The first open conflict of this officer that touches the matter. */
export function conflictIn(
  { conflicts }: Standing,
  officer: string,
  matter: Matter,
): Conflict | undefined {
  return conflicts.find(
    (conflict) =>
      conflict.officer === officer && conflict.endedAt === null && touches(conflict, matter),
  )
}

/** The same standing with the conflicts that these notes open; they are the right ones by digest. */
export function withNotes(
  standing: Standing,
  notes: ReadonlyMap<NoteDigest, SaltedNote>,
): Standing {
  const open = (conflict: Conflict): Conflict => {
    const note = notes.get(conflict.note)
    if (note?.about !== 'conflict') return conflict
    const { kind, subject, ground } = note
    return { ...conflict, opened: { kind, subject, ground } }
  }
  return { ...standing, conflicts: standing.conflicts.map(open) }
}

export function absenceOf({ absences }: Standing, officer: string, at: Instant) {
  return absences.find((absence) => absence.officer === officer && holds(absence, at))
}

/**
 * Delegations in force for the one who stands in. Their `roles` are what the one who
 * gave them still holds at this moment: nobody passes on what was taken from him.
 */
export function delegationsTo(
  standing: Standing,
  officer: string,
  at: Instant,
): readonly Delegation[] {
  if (personOf(standing, officer)?.state !== 'active') return []
  return standing.delegations
    .filter((delegation) => delegation.to === officer && holds(delegation, at))
    .map((delegation) => ({ ...delegation, roles: stillHeld(standing, delegation) }))
    .filter(({ roles }) => roles.length > 0)
}

/** One side of a four-eyes: who acts, and in whose place where it is by a delegation. */
export type Side = { readonly officer: string; readonly inPlaceOf: string | null }

export function sideOf({ officer, inPlaceOf }: Pick<Acting, 'officer' | 'inPlaceOf'>): Side {
  return { officer, inPlaceOf: inPlaceOf ?? null }
}

/** True if one person stands on both sides, in person or by a delegation. */
export function isSameSide(first: Side, second: Side): boolean {
  return personsOf(first).some((person) => personsOf(second).includes(person))
}

/** Who acts and, by a delegation, in whose place. */
export const personsOf = ({ officer, inPlaceOf }: Side) => [
  officer,
  ...(inPlaceOf ? [inPlaceOf] : []),
]

/** The code that still lets somebody back into this account; a later one takes its place. */
export function openWayBack(standing: Standing, officer: string): WayBack | undefined {
  const last = personOf(standing, officer)?.waysBack?.at(-1)
  return last?.usedAt === null ? last : undefined
}

/** True if somebody on one side gave a code that lets its bearer be somebody on the other. */
export function isWayBackBetween(standing: Standing, first: Side, second: Side): boolean {
  const gave = (by: string, to: string) =>
    personOf(standing, to)?.waysBack?.some(({ givenBy }) => givenBy === by) ?? false
  return personsOf(first).some((one) =>
    personsOf(second).some((other) => gave(one, other) || gave(other, one)),
  )
}

/** Who accepted the duty last, whose shift it is by plan, and whether they differ. */
export function dutyAt(standing: Standing, at: Instant) {
  const { shifts } = standing
  const planned = shifts.find((shift) => shift.state !== 'cancelled' && isWithin(shift, at))
  const accepted = shifts
    .filter(({ acceptedAt }) => acceptedAt !== null && acceptedAt <= at)
    .filter(({ officer }) => personOf(standing, officer)?.state === 'active')
    .reduce<Shift | undefined>(
      (last, shift) => ((last?.acceptedAt ?? '') > (shift.acceptedAt ?? '') ? last : shift),
      undefined,
    )
  return { planned, onDuty: accepted, isHandOverDue: planned?.shiftId !== accepted?.shiftId }
}

/** True from `fromAt` up to `untilAt`, unless it was ended before. */
export function holds(span: Span & { readonly endedAt: Instant | null }, at: Instant): boolean {
  return isWithin(span, at) && (span.endedAt === null || at < span.endedAt)
}

export function isWithin({ fromAt, untilAt }: Span, at: Instant): boolean {
  return fromAt <= at && at < untilAt
}

export function foldStanding(
  state: Standing,
  { event, at, by }: Recorded<AuthorityEvent>,
): Standing {
  switch (event.type) {
    case 'officerInvited':
    case 'officerEnrolled': {
      const { officer, roles } = event
      const isInvited = event.type === 'officerInvited'
      return withPerson(state, {
        officer,
        roles,
        state: isInvited ? 'invited' : 'active',
        leaving: null,
      })
    }
    case 'officerRolesChanged':
      return changePerson(state, event.officer, (one) => ({ ...one, roles: event.roles }))
    case 'accountSuspended': {
      const { officer } = event
      const marked = changePerson(state, officer, (one) =>
        one.leaving
          ? { ...one, leaving: { ...one.leaving, wasSuspended: true } }
          : { ...one, state: 'suspended' },
      )
      return { ...marked, delegations: delegationsEndedFor(marked, officer, at) }
    }
    case 'accountConfirmed':
      return changePerson(state, event.officer, (one) => ({
        ...one,
        state: 'active',
        roles: event.roles,
      }))
    case 'wayBackGiven': {
      const given = { givenBy: by, givenAt: at, usedAt: null }
      return changePerson(state, event.officer, (one) => ({
        ...one,
        waysBack: [...(one.waysBack ?? []), given],
      }))
    }
    case 'wayBackUsed':
      return changePerson(state, event.officer, (one) => ({
        ...one,
        waysBack: (one.waysBack ?? []).map((way, index, all) =>
          index === all.length - 1 ? { ...way, usedAt: at } : way,
        ),
      }))
    case 'leavingStarted': {
      const started = { startedBy: by, startedAt: at, note: event.note }
      const marked = changePerson(state, event.officer, (one) => ({
        ...one,
        state: 'leaving',
        leaving: one.state === 'suspended' ? { ...started, wasSuspended: true } : started,
      }))
      return endedFor(marked, event.officer, at)
    }
    case 'leavingCancelled':
      return changePerson(state, event.officer, (one) => ({
        ...one,
        state: one.leaving?.wasSuspended ? 'suspended' : 'active',
        leaving: null,
      }))
    case 'officerLeft': {
      const left = changePerson(state, event.officer, (one) => ({ ...one, state: 'left' }))
      return endedFor(left, event.officer, at)
    }
    case 'conflictDeclared': {
      const { type: _, ...rest } = event
      const declared = { ...rest, opened: null, declaredAt: at, declaredBy: by, endedAt: null }
      return { ...state, conflicts: [...state.conflicts, declared] }
    }
    case 'conflictWithdrawn':
      return {
        ...state,
        conflicts: ended(state.conflicts, ({ conflictId }) => conflictId === event.conflictId, at),
      }
    case 'absenceSet': {
      const { type: _, ...absence } = event
      return { ...state, absences: [...state.absences, { ...absence, endedAt: null }] }
    }
    case 'absenceEnded':
      return {
        ...state,
        absences: ended(state.absences, ({ absenceId }) => absenceId === event.absenceId, at),
      }
    case 'delegationGiven': {
      const { type: _, ...delegation } = event
      return { ...state, delegations: [...state.delegations, { ...delegation, endedAt: null }] }
    }
    case 'delegationWithdrawn': {
      const isIt = ({ delegationId }: Delegation) => delegationId === event.delegationId
      return { ...state, delegations: ended(state.delegations, isIt, at) }
    }
    case 'shiftPlanned': {
      const { type: _, ...shift } = event
      const planned = { ...shift, state: 'planned', acceptedAt: null } as const
      return { ...state, shifts: [...state.shifts, planned] }
    }
    case 'shiftCancelled':
      return changeShift(state, event.shiftId, (shift) => ({ ...shift, state: 'cancelled' }))
    case 'dutyHandedOver':
      return changeShift(state, event.shiftId, (shift) => ({ ...shift, state: 'offered' }))
    case 'dutyAccepted':
      return changeShift(state, event.shiftId, (shift) => ({
        ...shift,
        state: 'accepted',
        acceptedAt: at,
      }))
    case 'liaisonTermSet': {
      const { type: _, ...term } = event
      return { ...state, terms: [...state.terms, { ...term, endedAt: null }] }
    }
    case 'liaisonSuccessorNamed': {
      const isIt = ({ termId }: LiaisonTerm) => termId === event.termId
      const { successor } = event
      return { ...state, terms: changeWhere(state.terms, isIt, (term) => ({ ...term, successor })) }
    }
    case 'liaisonTermEnded':
      return { ...state, terms: ended(state.terms, ({ termId }) => termId === event.termId, at) }
    default:
      return state
  }
}

function touches({ opened }: Conflict, matter: Matter): boolean {
  if (opened === null) return true
  const { kind, subject } = opened
  if (kind === 'case') return subject === matter.caseId
  if (kind === 'authority') return matter.authorities.includes(subject)
  return matter.operators.some((name) => isSameName(subject, name))
}

function stillHeld(standing: Standing, { from, roles }: Delegation): readonly Role[] {
  const delegator = personOf(standing, from)
  if (delegator?.state !== 'active') return []
  return roles.filter((role) => delegator.roles.includes(role))
}

function withPerson(state: Standing, person: Person): Standing {
  const others = state.people.filter(({ officer }) => officer !== person.officer)
  return { ...state, people: [...others, person] }
}

function changePerson(state: Standing, officer: string, change: (one: Person) => Person): Standing {
  return { ...state, people: changeWhere(state.people, (one) => one.officer === officer, change) }
}

function changeShift(state: Standing, shiftId: string, change: (one: Shift) => Shift): Standing {
  return { ...state, shifts: changeWhere(state.shifts, (one) => one.shiftId === shiftId, change) }
}

/** Nothing that a person gave, was given or had planned outlives the account. */
function endedFor(state: Standing, officer: string, at: Instant): Standing {
  const isOf = (one: { readonly officer: string }) => one.officer === officer
  const shifts: readonly Shift[] = changeWhere(
    state.shifts,
    (shift) => isOf(shift) && (shift.state === 'planned' || shift.state === 'offered'),
    (shift): Shift => ({ ...shift, state: 'cancelled' }),
  )
  return {
    ...state,
    shifts,
    absences: ended(state.absences, isOf, at),
    terms: ended(state.terms, isOf, at),
    delegations: delegationsEndedFor(state, officer, at),
  }
}

function delegationsEndedFor({ delegations }: Standing, officer: string, at: Instant) {
  return ended(delegations, ({ from, to }) => from === officer || to === officer, at)
}

function ended<T extends { readonly endedAt: Instant | null }>(
  list: readonly T[],
  isIt: (item: T) => boolean,
  at: Instant,
): readonly T[] {
  return changeWhere(
    list,
    (item) => item.endedAt === null && isIt(item),
    (item) => ({ ...item, endedAt: at }),
  )
}
