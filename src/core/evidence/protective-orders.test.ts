import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folded, officer } from '../../../test/support/ring.ts'
import { instant } from '../../base/time.ts'
import type { EvidenceState } from './evidence.ts'
import { foldEvidence, noEvidence } from './evidence.ts'
import {
  isBinding,
  liftOrder,
  type OrderDecision,
  ordersAgainst,
  ordersForAccess,
  recordOrder,
  withCopies,
} from './protective-orders.ts'

const ada = officer('ada')
const ALBION = 'albion.example'
const SIERRA = 'sierra.example'
const now = ada.now
const facts = {
  name: 'transcript',
  mediaType: 'application/json',
  sizeBytes: 10,
  digest: '1'.repeat(64),
  partsRoot: '2'.repeat(64),
  parts: 3,
}
const copyOf = (exhibitId: string, derivedFrom: string) =>
  ({ type: 'exhibitRedacted', exhibitId, derivedFrom, redactions: [], ...facts }) as const
const exhibits = folded(foldEvidence, noEvidence, [
  { type: 'exhibitSealed', exhibitId: 'e1', ...facts },
  copyOf('e2', 'e1'),
  copyOf('e3', 'e2'),
  { type: 'exhibitSealed', exhibitId: 'e4', ...facts },
])
const order = {
  orderId: 'o1',
  orderedBy: 'High Court of Albion (fictional)',
  reference: 'CL-2026-17',
  exhibits: ['e1'],
  maySee: ['ada'],
  mayReceive: [ALBION],
  purposes: ['investigation'],
  until: null,
}

function step(state: EvidenceState, decided: OrderDecision): EvidenceState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  return decided.decision === 'permit' ? folded(foldEvidence, state, decided.value) : state
}
const why = (decided: OrderDecision) => (decided.decision === 'refuse' ? decided.why : 'permitted')
const recorded = step(exhibits, recordOrder(exhibits, order, ada))
const against = (
  state: EvidenceState,
  recipient: string,
  purpose: string,
  exhibitIds: readonly string[],
) => ordersAgainst(state, { recipient, purpose, exhibitIds }, now).map(({ orderId }) => orderId)

test('an order that says nothing sound is not recorded', () => {
  const faulty = (change: object) => why(recordOrder(exhibits, { ...order, ...change }, ada))
  assert.equal(faulty({ orderedBy: ' ' }), 'orderFaulty')
  assert.equal(faulty({ reference: '' }), 'orderFaulty')
  assert.equal(faulty({ exhibits: [] }), 'orderFaulty')
  assert.equal(faulty({ until: now }), 'orderFaulty')
  assert.equal(faulty({ until: instant('2001-01-01T00:00:00.000Z') }), 'orderFaulty')
  assert.equal(faulty({ exhibits: ['e1', 'e9'] }), 'unknownExhibit')
  assert.equal(why(recordOrder(recorded, order, ada)), 'orderExists')
  assert.equal(faulty({}), 'permitted')
})

test('an order covers copies over any number of steps, and nothing beside them', () => {
  assert.deepEqual(withCopies(exhibits.exhibits, ['e1']), ['e1', 'e2', 'e3'])
  assert.deepEqual(withCopies(exhibits.exhibits, ['e2']), ['e2', 'e3'])
  assert.deepEqual(ordersForAccess(recorded)[0]?.exhibits, ['e1', 'e2', 'e3'])
})

test('what an order covers leaves only to whom and for what it names', () => {
  assert.deepEqual(against(recorded, ALBION, 'investigation', ['e3']), [])
  assert.deepEqual(against(recorded, SIERRA, 'investigation', ['e3']), ['o1'])
  assert.deepEqual(against(recorded, ALBION, 'research', ['e1']), ['o1'])
  assert.deepEqual(against(recorded, SIERRA, 'research', ['e4']), [])
  assert.deepEqual(against(recorded, SIERRA, 'research', []), [])
  assert.deepEqual(against(recorded, SIERRA, 'research', ['e4', 'e2']), ['o1'])
})

test('an order on the whole case stands against every release that it does not name', () => {
  const whole = step(exhibits, recordOrder(exhibits, { ...order, exhibits: null }, ada))
  assert.deepEqual(against(whole, SIERRA, 'investigation', []), ['o1'])
  assert.deepEqual(against(whole, ALBION, 'investigation', []), [])
  const nobody = { ...order, exhibits: null, mayReceive: [], purposes: [] }
  const closed = step(exhibits, recordOrder(exhibits, nobody, ada))
  assert.deepEqual(against(closed, ALBION, 'investigation', []), ['o1'])
})

test('of two orders each must allow what leaves', () => {
  const second = { ...order, orderId: 'o2', exhibits: null, mayReceive: [SIERRA] }
  const both = step(recorded, recordOrder(recorded, second, ada))
  assert.deepEqual(against(both, ALBION, 'investigation', ['e1']), ['o2'])
  assert.deepEqual(against(both, SIERRA, 'investigation', ['e1']), ['o1'])
})

test('an order ends on its day or when it is lifted, and only once', () => {
  const until = instant('2031-01-01T00:00:00.000Z')
  assert.equal(isBinding({ until }, instant('2030-12-31T23:59:59.999Z')), true)
  assert.equal(isBinding({ until }, until), false)
  const two = { proposedBy: { officer: 'cleo', inPlaceOf: null }, able: [] }
  const lift = { orderId: 'o1', liftedBy: 'High Court of Albion (fictional)', reference: 'CL-18' }
  assert.equal(why(liftOrder(recorded, { ...lift, orderId: 'o9' }, ada, two)), 'unknownOrder')
  assert.equal(why(liftOrder(recorded, { ...lift, liftedBy: ' ' }, ada, two)), 'orderFaulty')
  assert.equal(why(liftOrder(recorded, { ...lift, reference: '' }, ada, two)), 'orderFaulty')
  const lifted = step(recorded, liftOrder(recorded, lift, ada, two))
  assert.deepEqual(against(lifted, SIERRA, 'research', ['e1']), [])
  assert.deepEqual(ordersForAccess(lifted), [])
  assert.equal(why(liftOrder(lifted, lift, ada, two)), 'notBound')
})

test('an order is lifted by two whom it lets see, as far as there are such people', () => {
  const lift = { orderId: 'o1', liftedBy: 'High Court of Albion (fictional)', reference: 'CL-18' }
  const named = step(
    exhibits,
    recordOrder(exhibits, { ...order, orderId: 'o1', maySee: ['ada', 'ben'] }, ada),
  )
  const side = (one: string, inPlaceOf: string | null = null) => ({ officer: one, inPlaceOf })
  const both = ['ada', 'ben']
  const table = [
    ['secondPersonMissing', 'ada', null, both],
    ['permitted', 'ada', side('ben'), both],
    ['samePerson', 'ada', side('ada'), both],
    ['samePerson', 'ada', side('ben', 'ada'), both],
    ['notNamedInOrder', 'eve', null, both],
    ['notNamedInOrder', 'eve', side('ada'), both],
    ['notNamedInOrder', 'ada', side('eve'), both],
    // Whoever stands in for one of the named is not named.
    ['notNamedInOrder', 'ada', side('eve', 'ben'), both],
    ['secondPersonMissing', 'eve', null, ['ada']],
    ['permitted', 'ada', side('eve'), ['ada']],
    ['permitted', 'eve', side('ada'), ['ada']],
    ['notNamedInOrder', 'eve', side('dan'), ['ada']],
    ['secondPersonMissing', 'eve', null, []],
    ['samePerson', 'eve', side('eve'), []],
    ['permitted', 'eve', side('dan'), []],
  ] as const
  for (const [expected, who, proposedBy, able] of table) {
    const decided = liftOrder(named, lift, officer(who), { proposedBy, able })
    assert.equal(why(decided), expected, JSON.stringify([who, proposedBy, able]))
  }
})
