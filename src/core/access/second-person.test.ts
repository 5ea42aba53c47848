import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMs, DAY_MS, type Instant, instant } from '../../base/time.ts'
import type { Role } from '../case/recorded.ts'
import { type Delegation, noStanding, type Standing } from '../people/standing.ts'
import { type CaseForAccess, openAccess } from './case-access.ts'
import { decideForProposer, requireSecondPerson } from './second-person.ts'

const NOW = instant('2026-11-22T12:00:00.000Z')
const day = (count: number): Instant => addMs(NOW, count * DAY_MS)
const CASE = '01890000-0000-7000-8000-000000000001'

const closed: CaseForAccess = {
  ...openAccess,
  caseId: CASE,
  classification: 'confidential',
  assigned: ['ada', 'bob'],
  operators: [],
  authorities: [],
  reviewers: [],
}
const person = (officer: string, roles: readonly Role[] = ['caseOfficer']) =>
  ({ officer, roles, state: 'active', leaving: null }) as const
const office: Standing = { ...noStanding, people: ['ada', 'bob', 'cyd'].map((id) => person(id)) }

const proposed = {
  proposedBy: 'ada',
  inPlaceOf: null as string | null,
  proposedAt: day(-2),
  expiresAt: day(5),
}

type Question = {
  readonly standing?: Standing
  readonly resource?: CaseForAccess
  readonly first?: typeof proposed
  readonly by?: string
}

function whyNot({ standing = office, resource = closed, first = proposed, by = 'bob' }: Question) {
  const proposerMay = decideForProposer({
    proposed: first,
    action: { name: 'assignOfficer', group: 'steer', stepUp: true },
    resource,
    context: { standing, wireNow: NOW, legalOrder: 'EU' },
    acting: { authority: 'meridia.example', now: NOW },
  })
  return requireSecondPerson(first, { officer: by }, { now: NOW, proposerMay })?.why ?? 'permit'
}

const changed = (officer: string, facts: object): Standing => ({
  ...office,
  people: office.people.map((one) => (one.officer === officer ? { ...one, ...facts } : one)),
})
const away = (from: number, until: number): Standing => ({
  ...office,
  absences: [
    { absenceId: 'a', officer: 'ada', fromAt: day(from), untilAt: day(until), endedAt: null },
  ],
})
const conflicted = (endedAt: Instant | null): Standing => ({
  ...office,
  conflicts: [
    {
      conflictId: 'c',
      officer: 'ada',
      note: 'n',
      opened: { kind: 'case', subject: CASE, ground: 'family' },
      declaredAt: day(-1),
      declaredBy: 'ada',
      endedAt,
    },
  ],
})
const lent = (from: string, untilAt: Instant = day(1)): Delegation => ({
  delegationId: from,
  from,
  to: 'cyd',
  roles: ['caseOfficer'],
  acts: null,
  fromAt: day(-3),
  untilAt,
  endedAt: null,
})
/** Cyd has no role of its own that steers, and proposed in Ada's place. */
const standIn = (...delegations: Delegation[]): Question => ({
  standing: { ...changed('cyd', { roles: ['counsel'] }), delegations },
  resource: { ...closed, classification: 'open' },
  first: { ...proposed, proposedBy: 'cyd', inPlaceOf: 'ada' },
})

const bad: readonly [string, Question, string][] = [
  ['the proposer approves', { by: 'ada' }, 'samePerson'],
  ['the time has run out', { first: { ...proposed, expiresAt: NOW } }, 'proposalExpired'],
  ['the proposer leaves', { standing: changed('ada', { state: 'leaving' }) }, 'proposerMayNot'],
  ['the proposer has left', { standing: changed('ada', { state: 'left' }) }, 'proposerMayNot'],
  ['nobody knows the proposer', { standing: { ...office, people: [] } }, 'proposerMayNot'],
  ['the role is lost', { standing: changed('ada', { roles: ['counsel'] }) }, 'proposerMayNot'],
  ['the proposer declared a conflict', { standing: conflicted(null) }, 'proposerMayNot'],
  [
    'the conflict cannot be read',
    {
      standing: {
        ...office,
        conflicts: conflicted(null).conflicts.map((one) => ({ ...one, opened: null })),
      },
    },
    'proposerMayNot',
  ],
  ['the proposer was away that day', { standing: away(-3, 1) }, 'proposerMayNot'],
  [
    'the proposer is not assigned any more',
    { resource: { ...closed, assigned: ['bob'] } },
    'proposerMayNot',
  ],
  [
    'the case is confined to others',
    { resource: { ...closed, legalOrders: ['GB'] } },
    'proposerMayNot',
  ],
  ['the delegation has ended', standIn(lent('ada', day(-1))), 'proposerMayNot'],
  [
    'the one who lent it has left',
    {
      ...standIn(lent('ada')),
      standing: {
        ...changed('cyd', { roles: ['counsel'] }),
        people: [person('cyd', ['counsel']), person('bob')],
        delegations: [lent('ada')],
      },
    },
    'proposerMayNot',
  ],
  ['the approver lends the proposer the role now', standIn(lent('bob')), 'samePerson'],
  [
    'the one in whose place it was proposed approves',
    { ...standIn(lent('ada')), by: 'ada' },
    'samePerson',
  ],
]
for (const [what, question, why] of bad) {
  test(`nothing is approved if ${what}`, () => assert.equal(whyNot(question), why))
}

test('whoever goes away or ends a conflict afterwards has proposed all the same', () => {
  const good: readonly Question[] = [
    {},
    { standing: away(-1, 3) },
    { standing: conflicted(day(-1)) },
    standIn(lent('ada')),
    standIn(lent('ada', day(-1)), lent('dan'), lent('ada')),
  ]
  for (const question of good) assert.equal(whyNot(question), 'permit')
})
