import assert from 'node:assert/strict'
import { test } from 'node:test'
import { why } from '../../../test/support/decided.ts'
import type { Decision } from '../../base/decision.ts'
import { addMs, DAY_MS, HOUR_MS, type Instant, instant } from '../../base/time.ts'
import type { AuthorityEvent } from '../authority/authority.ts'
import type { Acting, Role } from '../case/recorded.ts'
import { endAbsence, setAbsence } from './absences.ts'
import {
  cancelLeaving,
  changeRoles,
  confirmAccount,
  finishLeaving,
  giveWayBack,
  handOverWork,
  inviteOfficer,
  startLeaving,
  suspendAll,
} from './accounts.ts'
import { declareConflict, withdrawConflict } from './conflicts.ts'
import { giveDelegation, withdrawDelegation } from './delegations.ts'
import { acceptDuty, cancelShift, handOverDuty, planShift, rosterGaps } from './duty.ts'
import { nameSuccessor, rotateLiaison, setLiaisonTerm, termsWithoutSuccessor } from './liaison.ts'
import {
  conflictIn,
  delegationsTo,
  dutyAt,
  foldStanding,
  noStanding,
  openWayBack,
  personOf,
  type Standing,
  withNotes,
} from './standing.ts'

const NOW = instant('2026-11-22T12:00:00.000Z')
const day = (count: number): Instant => addMs(NOW, count * DAY_MS)
const hours = (count: number): Instant => addMs(NOW, count * HOUR_MS)
const span = (from: number, until: number) => ({ fromAt: day(from), untilAt: day(until) })
const shiftSpan = (from: number, until: number) => ({ fromAt: hours(from), untilAt: hours(until) })

const ROLES: Readonly<Record<string, readonly Role[]>> = {
  ada: ['caseOfficer', 'liaison'],
  bob: ['caseOfficer'],
  cid: ['reviewer', 'liaison'],
  root: ['administrator'],
  toor: ['administrator'],
  eye: ['oversight'],
}

function acting(officer: string, now = NOW): Acting {
  return { officer, roles: ROLES[officer] ?? [], authority: 'meridia.example', now }
}

function after(
  standing: Standing,
  events: readonly AuthorityEvent[],
  { at = NOW, by = 'root' } = {},
): Standing {
  return events.reduce(
    (state, event) => foldStanding(state, { event, version: 1, at, by }),
    standing,
  )
}

const office = after(
  noStanding,
  Object.entries(ROLES).map(([officer, roles]) => ({
    type: 'officerEnrolled',
    officer,
    publicKey: '',
    roles,
  })),
  { at: day(-100) },
)
const without = (officer: string) => after(office, [{ type: 'officerLeft', officer }])
const leaving = (officer: string, by = 'root') =>
  after(office, [{ type: 'leavingStarted', officer, note: 'n' }], { by })

/** The standing after what was permitted. */
function done(
  standing: Standing,
  decision: Decision<readonly AuthorityEvent[]>,
  context: { at?: Instant; by?: string } = {},
): Standing {
  assert.equal(why(decision), 'permitted')
  return decision.decision === 'permit' ? after(standing, decision.value, context) : standing
}

const declared = { kind: 'case', subject: 'case-1', ground: 'family' } as const
const declare = { conflictId: 'c1', officer: 'ada', declared, note: 'n1' }

test('a conflict is declared by the person or by oversight, and once', () => {
  assert.equal(why(declareConflict(office, declare, acting('ada'))), 'permitted')
  assert.equal(why(declareConflict(office, declare, acting('eye'))), 'permitted')
  const bad: readonly [string, Standing, Partial<typeof declare>, string][] = [
    ['notYours', office, {}, 'bob'],
    ['notYours', office, {}, 'root'],
    ['unknownPerson', without('ada'), {}, 'ada'],
    ['unknownPerson', leaving('ada'), {}, 'ada'],
    ['unknownPerson', office, { officer: 'nobody' }, 'eye'],
    ['subjectMissing', office, { declared: { ...declared, subject: '  ' as 'case-1' } }, 'ada'],
  ]
  for (const [expected, standing, changes, by] of bad) {
    assert.equal(why(declareConflict(standing, { ...declare, ...changes }, acting(by))), expected)
  }
  const note = { about: 'conflict', ...declared, salt: '' } as const
  const once = done(office, declareConflict(office, declare, acting('ada')))
  const opened = withNotes(once, new Map([['n1', note]]))
  assert.equal(why(declareConflict(opened, declare, acting('ada'))), 'alreadyDeclared')
  const other = { ...declare, declared: { ...declared, subject: 'case-2' as 'case-1' } }
  assert.equal(why(declareConflict(opened, other, acting('ada'))), 'permitted')
})

test('only somebody else ends a conflict, and once', () => {
  const standing = done(office, declareConflict(office, declare, acting('ada')))
  const command = { conflictId: 'c1', note: 'n2' }
  const matter = { caseId: 'case-1', operators: [], authorities: [] }
  assert.ok(conflictIn(standing, 'ada', matter))
  assert.equal(why(withdrawConflict(standing, command, acting('ada'))), 'ownConflict')
  for (const by of ['bob', 'eye']) {
    const inPlace = { ...acting(by), inPlaceOf: 'ada' }
    assert.equal(why(withdrawConflict(standing, command, inPlace)), 'ownConflict')
  }
  const unknown = { ...command, conflictId: 'c9' }
  assert.equal(why(withdrawConflict(standing, unknown, acting('eye'))), 'unknownConflict')
  const ended = done(standing, withdrawConflict(standing, command, acting('eye')))
  assert.equal(conflictIn(ended, 'ada', matter), undefined)
  assert.equal(why(withdrawConflict(ended, command, acting('eye'))), 'alreadyEnded')
})

const away = { absenceId: 'a1', officer: 'ada', ...span(1, 5) }

test('an absence is the person’s own or an administrator’s, lies ahead, and meets no other', () => {
  assert.equal(why(setAbsence(office, away, acting('ada'))), 'permitted')
  assert.equal(why(setAbsence(office, away, acting('root'))), 'permitted')
  const standing = done(office, setAbsence(office, away, acting('ada')))
  const bad: readonly [string, Standing, object, string][] = [
    ['notYours', office, {}, 'bob'],
    ['notYours', office, {}, 'eye'],
    ['unknownPerson', without('ada'), {}, 'ada'],
    ['endsBeforeStart', office, span(5, 1), 'ada'],
    ['endsBeforeStart', office, span(5, 5), 'ada'],
    ['inThePast', office, span(-5, -1), 'ada'],
    ['inThePast', office, span(-5, 0), 'ada'],
    ['tooLong', office, span(0, 367), 'ada'],
    ['overlapping', standing, {}, 'ada'],
    ['overlapping', standing, span(0, 2), 'ada'],
    ['overlapping', standing, span(2, 3), 'ada'],
    ['overlapping', standing, span(0, 9), 'ada'],
    ['overlapping', standing, span(4, 9), 'ada'],
  ]
  for (const [expected, on, changes, by] of bad) {
    const command = { ...away, absenceId: 'a2', ...changes }
    assert.equal(why(setAbsence(on, command, acting(by))), expected, JSON.stringify(changes))
  }
  const next = { ...away, absenceId: 'a2', ...span(5, 9) }
  assert.equal(why(setAbsence(standing, next, acting('ada'))), 'permitted', 'one ends, one begins')
  const colleague = { ...away, absenceId: 'a2', officer: 'bob' }
  assert.equal(why(setAbsence(standing, colleague, acting('bob'))), 'permitted')
})

test('an absence is ended once, by the person or an administrator, before it is over', () => {
  const standing = done(office, setAbsence(office, away, acting('ada')))
  const end = (by: string, now = NOW) => endAbsence(standing, { absenceId: 'a1' }, acting(by, now))
  assert.equal(why(end('bob')), 'notYours')
  assert.equal(why(end('ada', day(5))), 'alreadyEnded')
  assert.equal(why(endAbsence(standing, { absenceId: 'a9' }, acting('ada'))), 'unknownAbsence')
  const ended = done(standing, end('root'))
  assert.equal(why(endAbsence(ended, { absenceId: 'a1' }, acting('ada'))), 'alreadyEnded')
  const again = { ...away, absenceId: 'a2' }
  assert.equal(why(setAbsence(ended, again, acting('ada'))), 'permitted')
})

const ACTS = ['releaseToPeer', 'openCase']
const lend = {
  delegationId: 'd1',
  to: 'bob',
  roles: ['liaison'] as readonly Role[],
  acts: null as readonly string[] | null,
  ...span(1, 10),
}
const give = (standing: Standing, changes: object = {}, by = 'ada') =>
  giveDelegation(standing, { ...lend, ...changes }, acting(by), ACTS)

test('nobody lends more than an own role, to whoever may hold it, for a time that fits', () => {
  assert.equal(why(give(office)), 'permitted')
  assert.equal(why(give(office, { acts: ['releaseToPeer'] })), 'permitted')
  const bobAway = after(office, [
    { type: 'absenceSet', absenceId: 'a', officer: 'bob', ...span(9, 12) },
  ])
  const bad: readonly [string, Standing, object, string][] = [
    ['toOneself', office, { to: 'ada' }, 'ada'],
    ['unknownPerson', office, { to: 'nobody' }, 'ada'],
    ['unknownPerson', without('bob'), {}, 'ada'],
    ['unknownPerson', leaving('bob'), {}, 'ada'],
    ['unknownPerson', leaving('ada'), {}, 'ada'],
    ['noRole', office, { roles: [] }, 'ada'],
    ['rolesNotHeld', office, { roles: ['reviewer'] }, 'ada'],
    ['rolesNotHeld', office, { roles: ['liaison', 'administrator'] }, 'ada'],
    ['roleNotDelegable', office, { roles: ['administrator'] }, 'root'],
    ['roleNotDelegable', office, { roles: ['oversight'] }, 'eye'],
    ['wouldJoinRoles', office, { to: 'root', roles: ['caseOfficer'] }, 'ada'],
    ['wouldJoinRoles', office, { to: 'eye', roles: ['caseOfficer'] }, 'ada'],
    ['endsBeforeStart', office, span(9, 1), 'ada'],
    ['inThePast', office, span(-9, -1), 'ada'],
    ['tooLong', office, span(0, 93), 'ada'],
    ['unknownAct', office, { acts: [] }, 'ada'],
    ['unknownAct', office, { acts: ['dropTables'] }, 'ada'],
    ['delegateAway', bobAway, {}, 'ada'],
  ]
  for (const [expected, standing, changes, by] of bad) {
    assert.equal(why(give(standing, changes, by)), expected, JSON.stringify(changes))
  }
})

test('what was lent is never lent on, whatever roles the one who asks seems to have', () => {
  const standing = done(office, give(office, span(-1, 10)))
  assert.deepEqual(delegationsTo(standing, 'bob', NOW)[0]?.roles, ['liaison'])
  const command = { ...lend, delegationId: 'd2', to: 'cid', ...span(1, 3) }
  const asBoth = { ...acting('bob'), roles: ['caseOfficer', 'liaison'] as const }
  assert.equal(why(giveDelegation(standing, command, asBoth, ACTS)), 'furtherDelegation')
})

test('no circle of people leans on itself, however long; one after the other is none', () => {
  const toCid = give(office, { delegationId: 'd1', to: 'cid', ...span(1, 10) })
  const one = done(office, toCid)
  const back = { delegationId: 'd2', to: 'ada', roles: ['liaison'] }
  assert.equal(why(give(one, back, 'cid')), 'loop')
  assert.equal(why(give(one, { ...back, ...span(10, 12) }, 'cid')), 'permitted')
  const two = done(one, give(one, { ...back, to: 'bob' }, 'cid'))
  const closing = { delegationId: 'd3', to: 'ada', roles: ['caseOfficer'] }
  assert.equal(why(give(two, closing, 'bob')), 'loop')
  assert.equal(why(give(one, { delegationId: 'd4', to: 'cid' })), 'alreadyGiven')
})

test('a delegation ends with the account, on either side, and cannot be ended twice', () => {
  const standing = done(office, give(office, span(-1, 10)))
  for (const officer of ['ada', 'bob']) {
    const gone = after(standing, [{ type: 'officerLeft', officer }], { at: NOW })
    assert.deepEqual(delegationsTo(gone, 'bob', day(1)), [])
    const ended = withdrawDelegation(gone, { delegationId: 'd1' }, acting('root'))
    assert.equal(why(ended), 'alreadyEnded')
  }
  const end = (by: string) => withdrawDelegation(standing, { delegationId: 'd1' }, acting(by))
  for (const by of ['ada', 'bob', 'root']) assert.equal(why(end(by)), 'permitted', by)
  for (const by of ['cid', 'eye']) assert.equal(why(end(by)), 'notYours', by)
  const unknown = withdrawDelegation(standing, { delegationId: 'd9' }, acting('ada'))
  assert.equal(why(unknown), 'unknownDelegation')
})

const plan = (standing: Standing, changes: object = {}) =>
  planShift(
    standing,
    { shiftId: 's1', officer: 'ada', ...shiftSpan(1, 9), ...changes },
    acting('root'),
  )

test('a shift is for somebody who is there and can act, and meets no other', () => {
  const standing = done(office, plan(office))
  const adaAway = after(office, [
    { type: 'absenceSet', absenceId: 'a', officer: 'ada', ...shiftSpan(8, 30) },
  ])
  const bad: readonly [string, Standing, object][] = [
    ['unknownPerson', without('ada'), {}],
    ['unknownPerson', office, { officer: 'nobody' }],
    ['notForDuty', office, { officer: 'root' }],
    ['notForDuty', office, { officer: 'eye' }],
    ['endsBeforeStart', office, shiftSpan(9, 1)],
    ['inThePast', office, shiftSpan(-9, -1)],
    ['tooLong', office, shiftSpan(0, 8 * 24)],
    ['overlapping', standing, { officer: 'bob' }],
    ['overlapping', standing, shiftSpan(8, 12)],
    ['absent', adaAway, {}],
  ]
  for (const [expected, on, changes] of bad) {
    const decision = plan(on, { shiftId: 's2', ...changes })
    assert.equal(why(decision), expected, JSON.stringify(changes))
  }
  assert.equal(
    why(plan(standing, { shiftId: 's2', officer: 'bob', ...shiftSpan(9, 17) })),
    'permitted',
  )
})

test('the duty changes hands only when it was handed over and accepted', () => {
  const first = done(office, plan(office))
  const planned = done(first, plan(first, { shiftId: 's2', officer: 'bob', ...shiftSpan(9, 17) }))
  const accept = (on: Standing, shiftId: string, by: string, at: Instant) =>
    acceptDuty(on, { shiftId }, acting(by, at))
  assert.equal(why(accept(planned, 's1', 'bob', hours(1))), 'notYourShift')
  assert.equal(why(accept(planned, 's1', 'ada', hours(0))), 'notHandedOver', 'before its time')
  assert.equal(why(accept(planned, 's1', 'ada', hours(9))), 'shiftOver')
  assert.equal(why(accept(planned, 's9', 'ada', hours(1))), 'unknownShift')
  const onDuty = done(planned, accept(planned, 's1', 'ada', hours(1)), { at: hours(1) })
  assert.equal(why(accept(onDuty, 's1', 'ada', hours(2))), 'alreadyAccepted')
  assert.equal(why(accept(onDuty, 's2', 'bob', hours(10))), 'notHandedOver')
  assert.equal(dutyAt(onDuty, hours(10)).onDuty?.officer, 'ada', 'a plan hands nothing over')

  const hand = (on: Standing, shiftId: string, by: string, at: Instant) =>
    handOverDuty(on, { shiftId }, acting(by, at))
  assert.equal(why(hand(onDuty, 's2', 'bob', hours(8))), 'notOnDuty')
  assert.equal(why(hand(onDuty, 's2', 'ada', hours(4))), 'tooEarly')
  assert.equal(why(hand(onDuty, 's2', 'ada', hours(17))), 'shiftOver')
  assert.equal(why(hand(onDuty, 's1', 'ada', hours(8))), 'alreadyAccepted')
  assert.equal(why(hand(onDuty, 's9', 'ada', hours(8))), 'unknownShift')
  const offered = done(onDuty, hand(onDuty, 's2', 'ada', hours(8)), { at: hours(8) })
  assert.equal(why(hand(offered, 's2', 'ada', hours(8))), 'alreadyOffered')
  assert.equal(dutyAt(offered, hours(10)).onDuty?.officer, 'ada', 'an offer neither')
  const taken = done(offered, accept(offered, 's2', 'bob', hours(9)), { at: hours(9) })
  assert.equal(dutyAt(taken, hours(10)).onDuty?.officer, 'bob')
  assert.equal(why(cancelShift(taken, { shiftId: 's2' }, acting('root'))), 'alreadyAccepted')
  assert.equal(why(cancelShift(taken, { shiftId: 's9' }, acting('root'))), 'unknownShift')
})

test('somebody who is absent does not accept; a leaver’s shift is gone', () => {
  const standing = done(office, plan(office))
  const sick = after(standing, [
    { type: 'absenceSet', absenceId: 'a', officer: 'ada', ...shiftSpan(0, 24) },
  ])
  assert.equal(why(acceptDuty(sick, { shiftId: 's1' }, acting('ada', hours(2)))), 'absent')
  const gone = after(standing, [{ type: 'officerLeft', officer: 'ada' }])
  assert.equal(why(acceptDuty(gone, { shiftId: 's1' }, acting('ada', hours(2)))), 'unknownShift')
})

test('gaps of the roster are named: before, between, after, and where the person is away', () => {
  const first = done(office, plan(office, shiftSpan(2, 8)))
  const standing = done(first, plan(first, { shiftId: 's2', officer: 'bob', ...shiftSpan(10, 20) }))
  const gapsOf = (on: Standing) =>
    rosterGaps(on, hours(0), hours(24)).map(({ fromAt, untilAt, why: reason }) => [
      (Date.parse(fromAt) - Date.parse(NOW)) / HOUR_MS,
      (Date.parse(untilAt) - Date.parse(NOW)) / HOUR_MS,
      reason,
    ])
  assert.deepEqual(gapsOf(standing), [
    [0, 2, 'noShift'],
    [8, 10, 'noShift'],
    [20, 24, 'noShift'],
  ])
  const sick = after(standing, [
    { type: 'absenceSet', absenceId: 'a', officer: 'bob', ...shiftSpan(15, 40) },
  ])
  assert.deepEqual(gapsOf(sick).slice(2), [
    [15, 20, 'personAbsent'],
    [20, 24, 'noShift'],
  ])
  const gone = after(standing, [{ type: 'officerLeft', officer: 'bob' }])
  assert.deepEqual(gapsOf(gone).at(-1), [8, 24, 'noShift'])
  assert.deepEqual(gapsOf(noStanding), [[0, 24, 'noShift']])
})

const term = {
  termId: 't1',
  officer: 'ada',
  peer: 'albion.example',
  successor: null as string | null,
  ...span(-10, 20),
}
const setTerm = (standing: Standing, changes: object = {}) =>
  setLiaisonTerm(standing, { ...term, ...changes }, acting('root'))

test('a liaison term has one liaison officer at a time and a successor who can be one', () => {
  const standing = done(office, setTerm(office))
  const bad: readonly [string, Standing, object][] = [
    ['notALiaison', office, { officer: 'bob' }],
    ['notALiaison', office, { officer: 'nobody' }],
    ['notALiaison', without('ada'), {}],
    ['notALiaison', office, { successor: 'bob' }],
    ['notALiaison', without('cid'), { successor: 'cid' }],
    ['ownSuccessor', office, { successor: 'ada' }],
    ['endsBeforeStart', office, span(20, 10)],
    ['inThePast', office, span(-20, -10)],
    ['overlapping', standing, { officer: 'cid' }],
  ]
  for (const [expected, on, changes] of bad) {
    assert.equal(why(setTerm(on, { termId: 't2', ...changes })), expected, JSON.stringify(changes))
  }
  const other = setTerm(standing, { termId: 't2', peer: 'sierra.example' })
  assert.equal(why(other), 'permitted')
})

test('a term does not end without a successor, and one that lacks one is reported', () => {
  const standing = done(office, setTerm(office))
  assert.deepEqual(
    termsWithoutSuccessor(standing, NOW).map(({ termId }) => termId),
    ['t1'],
  )
  const turn = (on: Standing) =>
    rotateLiaison(on, { termId: 't1', nextTermId: 't2' }, acting('root'))
  assert.equal(why(turn(standing)), 'noSuccessor')
  const name = (successor: string, termId = 't1') =>
    nameSuccessor(standing, { termId, successor }, acting('root'))
  assert.equal(why(name('ada')), 'ownSuccessor')
  assert.equal(why(name('bob')), 'notALiaison')
  assert.equal(why(name('cid', 't9')), 'unknownTerm')
  const named = done(standing, name('cid'))
  assert.deepEqual(termsWithoutSuccessor(named, NOW), [])
  const turned = done(named, turn(named))
  assert.equal(turned.terms.find(({ endedAt }) => endedAt === null)?.officer, 'cid')
  assert.equal(why(turn(turned)), 'alreadyEnded')
  const gone = after(named, [{ type: 'officerLeft', officer: 'cid' }])
  assert.equal(why(turn(gone)), 'notALiaison', 'a successor who left follows nobody')
  assert.equal(termsWithoutSuccessor(gone, NOW).length, 1)
})

test('roles change by another administrator, never to what one person must not hold', () => {
  const change = (officer: string, roles: readonly Role[], by = 'root', on = office) =>
    changeRoles(on, { officer, roles, note: 'n' }, acting(by))
  assert.equal(why(change('bob', ['caseOfficer', 'reviewer'])), 'permitted')
  assert.equal(why(change('toor', ['caseOfficer'])), 'permitted')
  const bad: readonly [string, string, readonly Role[], string, Standing][] = [
    ['ownAccount', 'root', ['administrator', 'caseOfficer'], 'root', office],
    ['unknownPerson', 'nobody', ['caseOfficer'], 'root', office],
    ['unknownPerson', 'bob', ['reviewer'], 'root', without('bob')],
    ['unknownPerson', 'bob', ['reviewer'], 'root', leaving('bob')],
    ['noRole', 'bob', [], 'root', office],
    ['noChange', 'ada', ['liaison', 'caseOfficer'], 'root', office],
    ['rolesCannotMeet', 'bob', ['caseOfficer', 'administrator'], 'root', office],
    ['rolesCannotMeet', 'bob', ['oversight', 'reviewer'], 'root', office],
    ['rolesCannotMeet', 'bob', ['vendor', 'caseOfficer'], 'root', office],
    ['rolesCannotMeet', 'bob', ['reviewer', 'reviewer'], 'root', office],
    ['lastAdministrator', 'root', ['caseOfficer'], 'toor', leaving('toor')],
  ]
  for (const [expected, officer, roles, by, on] of bad) {
    assert.equal(why(change(officer, roles, by, on)), expected, `${officer} ${roles}`)
  }
  const invite = (officer: string, roles: readonly Role[]) =>
    inviteOfficer(office, { officer, roles }, acting('root'))
  assert.equal(why(invite('new', ['liaison'])), 'permitted')
  assert.equal(why(invite('bob', ['liaison'])), 'alreadyKnown')
  assert.equal(why(invite('new', [])), 'noRole')
  assert.equal(why(invite('new', ['administrator', 'caseOfficer'])), 'rolesCannotMeet')
})

test('somebody leaves in three steps, and a second person takes the last', () => {
  const start = (officer: string, by = 'root', on = office) =>
    startLeaving(on, { officer, note: 'n' }, acting(by))
  assert.equal(why(start('root')), 'ownAccount')
  assert.equal(why(start('nobody')), 'unknownPerson')
  assert.equal(why(start('bob', 'root', without('bob'))), 'unknownPerson')
  assert.equal(why(start('bob', 'root', leaving('bob'))), 'alreadyLeaving')
  assert.equal(why(start('root', 'toor', leaving('toor'))), 'lastAdministrator')
  const going = done(office, start('bob'))
  assert.equal(personOf(going, 'bob')?.state, 'leaving')

  const hand = (from: string, to: string, items = 2, by = 'root') =>
    handOverWork(going, { from, to, items }, acting(by))
  assert.equal(why(hand('bob', 'ada')), 'permitted')
  assert.equal(why(hand('bob', 'bob')), 'unknownPerson')
  assert.equal(why(hand('bob', 'nobody')), 'unknownPerson')
  assert.equal(why(hand('ada', 'cid')), 'notLeaving')
  assert.equal(why(hand('bob', 'ada', 0)), 'nothingOpen')
  assert.equal(why(hand('bob', 'ada', 1, 'bob')), 'ownAccount')

  const finish = (by: string, open = 0, on = going) =>
    finishLeaving(on, { officer: 'bob', open }, acting(by))
  assert.equal(why(finish('root')), 'samePerson')
  assert.equal(why(finish('bob')), 'ownAccount')
  assert.equal(why(finish('toor', 1)), 'workOpen')
  assert.equal(why(finish('toor', 0, office)), 'notLeaving')
  const gone = done(going, finish('toor'))
  assert.equal(personOf(gone, 'bob')?.state, 'left')
  assert.equal(why(finish('eye', 0, gone)), 'notLeaving')

  const cancel = (on: Standing, by = 'root') => cancelLeaving(on, { officer: 'bob' }, acting(by))
  assert.equal(why(cancel(going)), 'permitted')
  assert.equal(why(cancel(going, 'bob')), 'ownAccount')
  assert.equal(why(cancel(gone)), 'notLeaving', 'who has left is invited anew')
})

test('after a restore nobody is active until another administrator vouches for them', () => {
  const suspended = after(leaving('cid'), suspendAll(leaving('cid')), { by: 'meridia.example' })
  for (const officer of ['ada', 'bob', 'root', 'toor', 'eye']) {
    assert.equal(personOf(suspended, officer)?.state, 'suspended', officer)
  }
  assert.equal(personOf(suspended, 'cid')?.state, 'leaving')
  assert.deepEqual(suspendAll(suspended), [], 'nobody twice')

  const confirm = (officer: string, roles: readonly Role[], by = 'root', on = suspended) =>
    why(confirmAccount(on, { officer, roles, means: 1 }, acting(by)))
  assert.equal(confirm('ada', ['caseOfficer', 'liaison']), 'permitted')
  assert.equal(confirm('ada', ['caseOfficer']), 'permitted')
  assert.equal(confirm('ada', []), 'noRole')
  assert.equal(confirm('bob', ['caseOfficer', 'liaison']), 'rolesNotHeld')
  assert.equal(confirm('bob', ['administrator']), 'rolesNotHeld')
  assert.equal(confirm('root', ['administrator']), 'ownAccount')
  assert.equal(confirm('toor', ['administrator']), 'permitted')
  assert.equal(confirm('cid', ['reviewer']), 'notSuspended')
  assert.equal(confirm('nobody', ['reviewer']), 'notSuspended')
  assert.equal(confirm('ada', ['caseOfficer'], 'root', office), 'notSuspended')

  const back = done(
    suspended,
    confirmAccount(suspended, { officer: 'ada', roles: ['caseOfficer'], means: 0 }, acting('root')),
  )
  assert.deepEqual(personOf(back, 'ada')?.roles, ['caseOfficer'])
  assert.equal(personOf(back, 'ada')?.state, 'active')
})

test('whoever was leaving at the backup and is kept after all is suspended too', () => {
  const going = leaving('cid')
  const events = suspendAll(going)
  assert.ok(events.some((event) => 'officer' in event && event.officer === 'cid'))
  const suspended = after(going, events, { by: 'meridia.example' })
  const kept = done(suspended, cancelLeaving(suspended, { officer: 'cid' }, acting('toor')))
  assert.equal(personOf(kept, 'cid')?.state, 'suspended')
})

test('a code to come back with is on record: who gave it, for whom, and whether it was used', () => {
  const give = (on: Standing, officer: string, by = 'root') =>
    giveWayBack(on, { officer }, acting(by))
  assert.equal(why(give(office, 'root')), 'ownAccount')
  assert.equal(why(give(office, 'nobody')), 'notActive')
  assert.equal(why(give(leaving('cid'), 'cid')), 'notActive')
  assert.equal(why(give(after(office, suspendAll(office)), 'bob')), 'notActive')
  const given = done(office, give(office, 'bob'))
  assert.equal(openWayBack(given, 'bob')?.givenBy, 'root')
  const again = after(given, [{ type: 'wayBackGiven', officer: 'bob' }], { by: 'toor' })
  assert.equal(openWayBack(again, 'bob')?.givenBy, 'toor', 'the later one counts')
  const used = after(again, [{ type: 'wayBackUsed', officer: 'bob', givenBy: 'toor' }])
  assert.equal(openWayBack(used, 'bob'), undefined)
  assert.deepEqual(
    personOf(used, 'bob')?.waysBack?.map(({ givenBy, usedAt }) => [givenBy, usedAt !== null]),
    [
      ['root', false],
      ['toor', true],
    ],
  )
})

test('whoever was suspended and is kept after all is still suspended', () => {
  const suspended = after(office, suspendAll(office))
  const going = done(
    suspended,
    startLeaving(suspended, { officer: 'bob', note: 'n' }, acting('root')),
  )
  assert.equal(personOf(going, 'bob')?.state, 'leaving')
  const kept = done(going, cancelLeaving(going, { officer: 'bob' }, acting('root')))
  assert.equal(personOf(kept, 'bob')?.state, 'suspended')
})

test('delegations of a backup do not come back to life with the people', () => {
  const lent = after(office, [
    {
      type: 'delegationGiven',
      delegationId: 'd',
      from: 'ada',
      to: 'bob',
      roles: ['liaison'],
      acts: null,
      ...span(0, 5),
    },
  ])
  assert.equal(delegationsTo(lent, 'bob', day(1)).length, 1)
  const back = after(after(lent, suspendAll(lent)), [
    { type: 'accountConfirmed', officer: 'ada', roles: ['caseOfficer', 'liaison'] },
    { type: 'accountConfirmed', officer: 'bob', roles: ['caseOfficer'] },
  ])
  assert.deepEqual(delegationsTo(back, 'bob', day(1)), [])
})
