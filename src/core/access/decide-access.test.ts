import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMs, type Instant, instant } from '../../base/time.ts'
import type { Role } from '../case/recorded.ts'
import { type Delegation, noStanding, type Standing } from '../people/standing.ts'
import type { CaseForAccess } from './case-access.ts'
import { decideAccess } from './decide-access.ts'
import { approveProposal, foldProposals, proposeAct } from './proposal.ts'

const NOW = instant('2026-11-22T12:00:00.000Z')
const day = (count: number): Instant => addMs(NOW, count * 86_400_000)

const person = (officer: string, ...roles: Role[]) =>
  ({ officer, roles, state: 'active', leaving: null }) as const
const lent = (from: string, to: string, ...roles: Role[]): Delegation => ({
  delegationId: `${from}-${to}`,
  from,
  to,
  roles,
  acts: null,
  fromAt: day(-1),
  untilAt: day(1),
  endedAt: null,
})

const people = [
  person('ada', 'caseOfficer', 'reviewer'),
  person('bob', 'caseOfficer'),
  person('cyd', 'reviewer'),
  person('dan', 'caseOfficer'),
]
const standing = (...delegations: Delegation[]): Standing => ({
  ...noStanding,
  people,
  delegations,
})

const closed: CaseForAccess = {
  caseId: 'case-1',
  classification: 'restricted',
  assigned: ['ada'],
  admitted: [],
  purposes: null,
  legalOrders: [],
  operators: [],
  authorities: [],
  reviewers: [],
}

function decide(officer: string, group: 'steer' | 'handle' | 'decideReview', state: Standing) {
  const roles = people.find((one) => one.officer === officer)?.roles ?? []
  return decideAccess({
    acting: { officer, roles, authority: 'meridia.example', now: NOW },
    action: { name: group, group },
    resource: closed,
    context: { standing: state, wireNow: NOW, legalOrder: 'EU' },
  })
}

test('an account that is not in use does nothing, whatever its roles', () => {
  assert.equal(decide('ada', 'handle', standing()).decision, 'permit')
  for (const state of ['invited', 'leaving', 'left'] as const) {
    const others = people.filter(({ officer }) => officer !== 'ada')
    const ada = { ...person('ada', 'caseOfficer', 'reviewer'), state }
    const refused = decide('ada', 'handle', { ...standing(), people: [...others, ada] })
    assert.equal(refused.decision === 'refuse' && refused.why, 'notInOffice', state)
  }
})

test('whom only a delegation lets into a case acts in that place, with roles of its own too', () => {
  const decided = decide('bob', 'steer', standing(lent('ada', 'bob', 'caseOfficer')))
  assert.ok(decided.decision === 'permit')
  assert.equal(decided.value.tie, 'standsIn')
  assert.equal(decided.value.acting.inPlaceOf, 'ada')
})

test('nobody chooses the second person for an own proposal by a delegation', () => {
  const proposed = { proposalId: 'p', act: 'classifyCase', input: {}, digest: 'd' }
  const ada = decide('ada', 'steer', standing())
  assert.ok(ada.decision === 'permit')
  const made = proposeAct([], proposed, ada.value.acting)
  const [event] = made.decision === 'permit' ? made.value : []
  assert.ok(event)
  const proposals = foldProposals([], { event, version: 1, at: NOW, by: 'ada' })
  const bob = decide('bob', 'steer', standing(lent('ada', 'bob', 'caseOfficer')))
  assert.ok(bob.decision === 'permit')
  const approved = approveProposal(proposals, proposed, bob.value.acting, () => ada)
  assert.equal(approved.decision === 'refuse' && approved.why, 'samePerson')
})

test('a delegation opens a case only for what it lends, and two do not add up', () => {
  const onlyReviews = lent('ada', 'bob', 'reviewer')
  assert.equal(decide('bob', 'decideReview', standing(onlyReviews)).decision, 'permit')
  assert.equal(decide('bob', 'handle', standing(onlyReviews)).decision, 'refuse')
  const both = standing(lent('ada', 'cyd', 'reviewer'), lent('dan', 'cyd', 'caseOfficer'))
  const decided = decide('cyd', 'handle', both)
  assert.equal(decided.decision === 'refuse' && decided.why, 'notAssigned')
})

test('an exhibit under an order is read by those whom the order names, and by no role or tie', () => {
  const order = { orderId: 'o1', reference: 'CL-17', until: null, maySee: ['ada'] }
  const read = (officer: string, exhibits: readonly string[] | null, exhibitId?: string) => {
    const group = 'openExhibit'
    const decided = decideAccess({
      acting: { officer, roles: ['caseOfficer'], authority: 'meridia.example', now: NOW },
      action: { name: group, group, ...(exhibitId ? { exhibitId } : {}) },
      resource: { ...closed, assigned: ['ada', 'bob'], orders: [{ ...order, exhibits }] },
      context: { standing: standing(), wireNow: NOW, legalOrder: 'EU' },
    })
    return decided.decision === 'refuse' ? decided.why : 'permitted'
  }
  assert.equal(read('ada', ['e1'], 'e1'), 'permitted')
  assert.equal(read('bob', ['e1'], 'e1'), 'underOrder')
  assert.equal(read('bob', ['e1'], 'e2'), 'permitted')
  assert.equal(read('bob', null, 'e2'), 'underOrder')
  // Whoever does not say which exhibit is asked for gets none.
  assert.equal(read('bob', ['e1']), 'underOrder')
  assert.equal(read('ada', ['e1']), 'permitted')
})

test('an order whose day has come binds nobody, and one lets nobody stand in for whom it names', () => {
  const read = (officer: string, until: Instant, state = standing()) => {
    const decided = decideAccess({
      acting: { officer, roles: ['caseOfficer'], authority: 'meridia.example', now: NOW },
      action: { name: 'openExhibit', group: 'openExhibit', exhibitId: 'e1' },
      resource: {
        ...closed,
        assigned: ['ada', 'bob'],
        orders: [{ orderId: 'o1', reference: 'r', exhibits: null, maySee: ['ada'], until }],
      },
      context: { standing: state, wireNow: NOW, legalOrder: 'EU' },
    })
    return decided.decision === 'refuse' ? decided.why : 'permitted'
  }
  assert.equal(read('bob', NOW), 'permitted')
  assert.equal(read('bob', day(1)), 'underOrder')
  assert.equal(read('bob', day(1), standing(lent('ada', 'bob', 'caseOfficer'))), 'underOrder')
})
