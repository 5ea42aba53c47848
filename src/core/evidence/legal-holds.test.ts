import assert from 'node:assert/strict'
import { test } from 'node:test'
import { why } from '../../../test/support/decided.ts'
import { folded, officer } from '../../../test/support/ring.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import { type EvidenceState, foldEvidence, noEvidence } from './evidence.ts'
import { type HoldDecision, holdsOn, liftHold, placeHold } from './legal-holds.ts'

const ada = officer('ada')
const ben = officer('ben')
const facts = {
  name: 'transcript',
  mediaType: 'application/json',
  sizeBytes: 10,
  digest: '1'.repeat(64),
  partsRoot: '2'.repeat(64),
  parts: 3,
}
const exhibits = folded(foldEvidence, noEvidence, [
  { type: 'exhibitSealed', exhibitId: 'e1', ...facts },
  { type: 'exhibitRedacted', exhibitId: 'e2', derivedFrom: 'e1', redactions: [], ...facts },
  { type: 'exhibitSealed', exhibitId: 'e3', ...facts },
])
const hold = {
  holdId: 'h1',
  ground: 'proceedings are announced',
  exhibits: ['e1'],
  reviewAt: addMs(ada.now, 90 * DAY_MS),
}

function step(state: EvidenceState, decided: HoldDecision, by = ada): EvidenceState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  return decided.decision === 'permit'
    ? folded(foldEvidence, state, decided.value, by.officer)
    : state
}
const placed = step(exhibits, placeHold(exhibits, hold, ada))
const on = (state: EvidenceState, id: string | null) =>
  holdsOn(state, id).map(({ holdId }) => holdId)

test('a hold without a ground, a review ahead or an exhibit that exists is not placed', () => {
  const faulty = (change: object) => why(placeHold(exhibits, { ...hold, ...change }, ada))
  assert.equal(faulty({ ground: ' ' }), 'holdFaulty')
  assert.equal(faulty({ reviewAt: ada.now }), 'holdFaulty')
  assert.equal(faulty({ exhibits: [] }), 'holdFaulty')
  assert.equal(faulty({ exhibits: ['e9'] }), 'unknownExhibit')
  assert.equal(why(placeHold(placed, hold, ada)), 'holdExists')
})

test('a hold covers the exhibit and its copies, and nothing else', () => {
  assert.deepEqual(on(placed, 'e1'), ['h1'])
  assert.deepEqual(on(placed, 'e2'), ['h1'])
  assert.deepEqual(on(placed, 'e3'), [])
  assert.deepEqual(on(placed, null), [])
  const whole = step(exhibits, placeHold(exhibits, { ...hold, exhibits: null }, ada))
  assert.deepEqual(on(whole, 'e3'), ['h1'])
  assert.deepEqual(on(whole, null), ['h1'])
})

test('whoever placed a hold does not lift it, not even in the place of another', () => {
  const lift = { holdId: 'h1', reason: 'the proceedings ended' }
  assert.equal(why(liftHold(placed, lift, ada)), 'samePerson')
  assert.equal(why(liftHold(placed, lift, { ...ben, inPlaceOf: 'ada' })), 'samePerson')
  assert.equal(why(liftHold(placed, { ...lift, reason: ' ' }, ben)), 'holdFaulty')
  assert.equal(why(liftHold(placed, { ...lift, holdId: 'h9' }, ben)), 'unknownHold')
  const lifted = step(placed, liftHold(placed, lift, ben), ben)
  assert.deepEqual(on(lifted, 'e1'), [])
  assert.equal(why(liftHold(lifted, lift, ben)), 'alreadyLifted')
})

test('a hold that is placed in the place of another is lifted by neither of them', () => {
  const lent = step(exhibits, placeHold(exhibits, hold, { ...ada, inPlaceOf: 'ben' }))
  assert.equal(why(liftHold(lent, { holdId: 'h1', reason: 'over' }, ben)), 'samePerson')
})

test('the day of the review ends no hold', () => {
  const later = { ...ben, now: addMs(hold.reviewAt, DAY_MS) }
  assert.deepEqual(on(placed, 'e1'), ['h1'])
  assert.equal(why(liftHold(placed, { holdId: 'h1', reason: 'over' }, later)), 'permitted')
})
