/** One person as administrators and oversight see it: nothing of any case. */
import { openWorkOf } from '../../../app/people/open-work.ts'
import { trueNotes } from '../../../app/people/standing.ts'
import { openableBy } from '../../../app/reseal.ts'
import { invariant } from '../../../base/errors.ts'
import type { AuthorityEvent } from '../../../core/authority/authority.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import type { SaltedNote } from '../../../core/people/note.ts'
import { personOf } from '../../../core/people/standing.ts'
import type { DelegationRow } from '../people/parts.ts'
import { asked, open } from '../people/presenter.ts'
import type { PeopleSight } from '../people-routes.ts'
import type { PersonModel } from './model.ts'

export async function personModel(sight: PeopleSight, officer: string): Promise<PersonModel> {
  const { turn, standing, names } = sight
  const { kernel } = turn.kit
  const person = personOf(standing, officer)
  invariant(person, 'the person is known')
  const { leaving } = person
  const [work, history, openable] = await Promise.all([
    openWorkOf(kernel, officer),
    accountHistory(sight, officer),
    openableBy(kernel, officer),
  ])
  const kinds = [...new Set(work.map(({ kind }) => kind))]
  return {
    id: officer,
    name: names.officer(officer),
    roles: person.roles,
    state: person.state,
    history,
    absences: await Promise.all(
      standing.absences
        .filter((one) => one.officer === officer && one.endedAt === null)
        .map(async ({ absenceId, fromAt, untilAt }) => {
          return {
            fromAt,
            untilAt,
            end: await asked(sight, 'endAbsence', { absenceId }, absenceId),
          }
        }),
    ),
    delegations: await delegationRows(sight, officer, ['from', 'to']),
    conflicts: await Promise.all(
      standing.conflicts
        .filter((one) => one.officer === officer && one.endedAt === null)
        .map(async ({ conflictId, declaredAt }) => {
          const input = { conflictId, ground: 'ended', confirmed: true }
          return { declaredAt, end: await asked(sight, 'withdrawConflict', input, conflictId) }
        }),
    ),
    openWork: kinds.map((kind) => ({
      kind,
      count: work.filter((item) => item.kind === kind).length,
    })),
    openable,
    ...(leaving
      ? { leaving: { startedAt: leaving.startedAt, startedBy: names.officer(leaving.startedBy) } }
      : {}),
    controls: await controlsOf(sight, officer),
  }
}

async function controlsOf(sight: PeopleSight, officer: string) {
  const confirmed = true
  const person = personOf(sight.standing, officer)
  const state = person?.state
  if (state === 'left') return []
  if (state === 'suspended') {
    const back = { officer, roles: person?.roles, means: [], confirmed }
    return [
      await asked(sight, 'confirmAccount', back, officer),
      await asked(sight, 'endAccount', { officer, ground: 'leaves', confirmed }, officer),
    ]
  }
  if (state !== 'leaving') {
    const end = { officer, ground: 'leaves', confirmed }
    return [
      open(sight, 'changeRoles', officer),
      open(sight, 'setAbsenceOf', officer),
      await asked(sight, 'endAccount', end, officer),
    ]
  }
  return [
    open(sight, 'handOverWork', officer),
    await asked(sight, 'finishLeaving', { officer, confirmed }, officer),
    await asked(sight, 'keepAccount', { officer, confirmed }, officer),
  ]
}

/** Delegations that hold or will, where the person stands on one of these sides. */
export async function delegationRows(
  sight: PeopleSight,
  officer: string,
  sides: readonly ('from' | 'to')[],
): Promise<readonly DelegationRow[]> {
  const { standing, names, turn } = sight
  const rows = standing.delegations
    .filter((one) => one.endedAt === null && one.untilAt > turn.acting.now)
    .filter((one) => sides.some((side) => one[side] === officer))
    .map(async ({ delegationId, from, to, roles, acts, fromAt, untilAt }) => ({
      from: names.officer(from),
      to: names.officer(to),
      roles,
      ...(acts === null ? {} : { acts }),
      fromAt,
      untilAt,
      end: await asked(sight, 'withdrawDelegation', { delegationId }, delegationId),
    }))
  return Promise.all(rows)
}

type AccountRow = PersonModel['history'][number]

async function accountHistory(
  { turn, names }: PeopleSight,
  officer: string,
): Promise<readonly AccountRow[]> {
  const { kernel } = turn.kit
  const [stream, notes] = await Promise.all([
    kernel.streams.read(kernel.authorityStreamId),
    trueNotes(kernel),
  ])
  const history = (stream?.history ?? []) as readonly Recorded<AuthorityEvent>[]
  return history
    .flatMap((recorded) => accountRow(recorded, officer, notes))
    .map((row) => ({ ...row, by: names.officer(row.by) }))
    .reverse()
}

function accountRow(
  { event, at, by }: Recorded<AuthorityEvent>,
  officer: string,
  notes: ReadonlyMap<string, SaltedNote>,
): AccountRow[] {
  if (!('officer' in event) || event.officer !== officer) return []
  const groundOf = (digest: string) => {
    const note = notes.get(digest)
    return note ? { ground: note.ground } : {}
  }
  switch (event.type) {
    case 'officerInvited':
      return [{ at, by, what: 'invited', roles: event.roles }]
    case 'officerEnrolled':
      return [{ at, by, what: 'enrolled', roles: event.roles }]
    case 'officerRolesChanged':
      return [{ at, by, what: 'rolesChanged', roles: event.roles, ...groundOf(event.note) }]
    case 'accountSuspended':
      return [{ at, by, what: 'suspended' }]
    case 'accountConfirmed':
      return [{ at, by, what: 'confirmed', roles: event.roles, ...meansIn(event) }]
    case 'wayBackGiven':
    case 'wayBackUsed':
      return [{ at, by, what: event.type }]
    case 'leavingStarted':
      return [{ at, by, what: 'leaving', ...groundOf(event.note) }]
    case 'leavingCancelled':
      return [{ at, by, what: 'kept' }]
    case 'officerLeft':
      return [{ at, by, what: 'left' }]
    default:
      return []
  }
}

const meansIn = ({ means }: { readonly means?: number }) => (means === undefined ? {} : { means })
