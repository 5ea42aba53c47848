import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMs, type Instant, instant } from '../../base/time.ts'
import type { AuthorityEvent } from '../authority/authority.ts'
import type { Role } from '../case/recorded.ts'
import type { SaltedNote } from './note.ts'
import {
  absenceOf,
  conflictIn,
  delegationsTo,
  dutyAt,
  foldStanding,
  isSameSide,
  type Matter,
  noStanding,
  personOf,
  withNotes,
} from './standing.ts'

const START = instant('2026-11-22T12:00:00.000Z')
const hour = (count: number): Instant => addMs(START, count * 3_600_000)
const span = (from: number, until: number) => ({ fromAt: hour(from), untilAt: hour(until) })

/** Each event an hour after the one before it. */
function fold(...events: readonly AuthorityEvent[]) {
  return events
    .map((event, index) => ({ event, version: index + 1, at: hour(index), by: 'admin' }))
    .reduce(foldStanding, noStanding)
}

const enrol = (officer: string, ...roles: Role[]): AuthorityEvent => ({
  type: 'officerEnrolled',
  officer,
  publicKey: '',
  roles,
})
const left = (officer: string): AuthorityEvent => ({ type: 'officerLeft', officer })

const matter: Matter = {
  caseId: 'case-1',
  operators: ['Larkspur Dialogue GmbH'],
  authorities: ['albion.example'],
}

function declared(kind: 'case' | 'operator' | 'authority', subject: string) {
  const note: SaltedNote = { about: 'conflict', kind, subject, ground: 'family', salt: '00' }
  const standing = fold(enrol('ada', 'caseOfficer'), {
    type: 'conflictDeclared',
    conflictId: 'c1',
    officer: 'ada',
    note: 'digest',
  })
  return withNotes(standing, new Map([['digest', note]]))
}

test('a conflict touches its own case, operator or authority, and nothing else', () => {
  const touching = [
    ['case', 'case-1'],
    ['operator', 'LARKSPUR dialogue'],
    ['operator', 'Larkspur Dialogue Europe'],
    ['authority', 'albion.example'],
  ] as const
  for (const [kind, subject] of touching) {
    const standing = declared(kind, subject)
    assert.equal(conflictIn(standing, 'ada', matter)?.conflictId, 'c1', `${kind} ${subject}`)
    assert.equal(conflictIn(standing, 'bob', matter), undefined)
  }
  const elsewhere = [
    ['case', 'case-2'],
    ['case', 'albion.example'],
    ['operator', 'Fennel Ltd'],
    ['operator', 'GmbH'],
    ['operator', ''],
    ['authority', 'case-1'],
    ['authority', 'meridia.example'],
  ] as const
  for (const [kind, subject] of elsewhere) {
    assert.equal(
      conflictIn(declared(kind, subject), 'ada', matter),
      undefined,
      `${kind} ${subject}`,
    )
  }
})

test('a conflict whose note is lost, or is no note of a conflict, counts against everything', () => {
  const sealed = fold(enrol('ada', 'caseOfficer'), {
    type: 'conflictDeclared',
    conflictId: 'c1',
    officer: 'ada',
    note: 'digest',
  })
  assert.ok(conflictIn(sealed, 'ada', matter))
  const wrong = withNotes(
    sealed,
    new Map([['digest', { about: 'roles', ground: 'mistake', salt: '00' } as const]]),
  )
  assert.ok(conflictIn(wrong, 'ada', { caseId: 'case-9', operators: [], authorities: [] }))
})

test('a withdrawn conflict binds nobody, and withdrawing another one changes nothing', () => {
  const base = declared('case', 'case-1')
  const withdraw = (conflictId: string): AuthorityEvent => ({
    type: 'conflictWithdrawn',
    conflictId,
    note: 'why',
  })
  const after = (event: AuthorityEvent) =>
    foldStanding(base, { event, version: 9, at: hour(9), by: 'admin' })
  assert.equal(conflictIn(after(withdraw('c1')), 'ada', matter), undefined)
  assert.ok(conflictIn(after(withdraw('c2')), 'ada', matter))
})

const give = (roles: readonly Role[], from = 'ada', to = 'bob'): AuthorityEvent => ({
  type: 'delegationGiven',
  delegationId: 'd1',
  from,
  to,
  roles,
  acts: null,
  ...span(5, 10),
})

test('a delegation holds within its dates, and only for roles that the delegator still holds', () => {
  const standing = fold(
    enrol('ada', 'caseOfficer', 'liaison'),
    enrol('bob', 'reviewer'),
    give(['caseOfficer', 'liaison', 'administrator']),
  )
  const rolesAt = (at: number) => delegationsTo(standing, 'bob', hour(at)).flatMap((d) => d.roles)
  assert.deepEqual(rolesAt(5), ['caseOfficer', 'liaison'])
  assert.deepEqual(rolesAt(4), [])
  assert.deepEqual(rolesAt(10), [])
  assert.deepEqual(delegationsTo(standing, 'ada', hour(6)), [])
  const changed = foldStanding(standing, {
    event: { type: 'officerRolesChanged', officer: 'ada', roles: ['liaison'], note: 'n' },
    version: 9,
    at: hour(6),
    by: 'admin',
  })
  assert.deepEqual(
    delegationsTo(changed, 'bob', hour(7)).flatMap((d) => d.roles),
    ['liaison'],
  )
})

test('nothing that was given outlives the account, on either side, nor a leaving that begins', () => {
  const people = [enrol('ada', 'caseOfficer'), enrol('bob', 'reviewer'), give(['caseOfficer'])]
  const leaving = (officer: string): AuthorityEvent => ({
    type: 'leavingStarted',
    officer,
    note: 'n',
  })
  for (const end of [left('ada'), left('bob'), leaving('ada'), leaving('bob')]) {
    const standing = fold(...people, end)
    assert.deepEqual(delegationsTo(standing, 'bob', hour(6)), [], JSON.stringify(end))
  }
  const cameBack = fold(...people, leaving('ada'), { type: 'leavingCancelled', officer: 'ada' })
  assert.equal(personOf(cameBack, 'ada')?.state, 'active')
  assert.deepEqual(delegationsTo(cameBack, 'bob', hour(6)), [], 'it is given anew, or not at all')
})

test('one person never stands on both sides, by a delegation neither', () => {
  const side = (officer: string, inPlaceOf: string | null = null) => ({ officer, inPlaceOf })
  const same = [
    [side('ada'), side('ada')],
    [side('ada'), side('bob', 'ada')],
    [side('bob', 'ada'), side('ada')],
    [side('bob', 'ada'), side('cid', 'ada')],
    [side('bob', 'ada'), side('bob')],
  ] as const
  for (const [first, second] of same) assert.ok(isSameSide(first, second))
  assert.ok(!isSameSide(side('ada'), side('bob')))
  assert.ok(!isSameSide(side('ada', 'cid'), side('bob', 'dan')))
})

test('an absence holds from its first moment up to its end, or to its earlier ending', () => {
  const set: AuthorityEvent = { type: 'absenceSet', absenceId: 'a1', officer: 'ada', ...span(2, 8) }
  const standing = fold(enrol('ada', 'caseOfficer'), set)
  assert.equal(absenceOf(standing, 'ada', hour(1)), undefined)
  assert.ok(absenceOf(standing, 'ada', hour(2)))
  assert.ok(absenceOf(standing, 'ada', hour(7)))
  assert.equal(absenceOf(standing, 'ada', hour(8)), undefined)
  assert.equal(absenceOf(standing, 'bob', hour(3)), undefined)
  const back = fold(enrol('ada', 'caseOfficer'), set, enrol('bob'), {
    type: 'absenceEnded',
    absenceId: 'a1',
  })
  assert.ok(absenceOf(back, 'ada', hour(2)))
  assert.equal(absenceOf(back, 'ada', hour(4)), undefined)
})

test('the duty stays with whoever accepted it last, until the next one accepts', () => {
  const shift = (shiftId: string, officer: string, from: number, until: number) =>
    ({ type: 'shiftPlanned', shiftId, officer, ...span(from, until) }) as const
  const accept = (shiftId: string, officer: string) =>
    ({ type: 'dutyAccepted', shiftId, officer }) as const
  const standing = fold(
    enrol('ada', 'caseOfficer'),
    enrol('bob', 'caseOfficer'),
    shift('s1', 'ada', 4, 8),
    shift('s2', 'bob', 8, 12),
    accept('s1', 'ada'),
  )
  assert.equal(dutyAt(standing, hour(3)).onDuty, undefined)
  assert.equal(dutyAt(standing, hour(5)).onDuty?.officer, 'ada')
  assert.equal(dutyAt(standing, hour(5)).isHandOverDue, false)
  assert.equal(dutyAt(standing, hour(9)).onDuty?.officer, 'ada')
  assert.equal(dutyAt(standing, hour(9)).planned?.officer, 'bob')
  assert.equal(dutyAt(standing, hour(9)).isHandOverDue, true)
  const gone = foldStanding(standing, { event: left('ada'), version: 9, at: hour(9), by: 'x' })
  assert.equal(dutyAt(gone, hour(9)).onDuty, undefined, 'a leaver holds no duty')
})
