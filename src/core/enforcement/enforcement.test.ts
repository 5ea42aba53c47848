import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import treeJson from '../../../agreements/enforcement-tree.json' with { type: 'json' }
import { why } from '../../../test/support/decided.ts'
import { folded, NOW, officer } from '../../../test/support/ring.ts'
import type { Decision } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import {
  agreeDecisionTree,
  openHearing,
  receiveRepresentation,
  recommendMeasure,
  refusalEvent,
  skipRung,
  warn,
} from './climb-ladder.ts'
import { approveOrder, imposeFine, proposeOrder, recordNonCompliance } from './decide-measure.ts'
import { type DecisionTree, firstHit, treeFaults } from './decision-tree.ts'
import {
  type EnforcementEvent,
  type EnforcementState,
  foldEnforcement,
  noEnforcement,
  takenMeasure,
} from './enforcement.ts'
import { LADDER, RUNG_CODES } from './ladder.ts'
import { isSameName, nameOperator } from './operator.ts'

const ada = officer('ada')
const bo = officer('bo')
const tree = treeJson as unknown as DecisionTree

function step(
  state: EnforcementState,
  decided: Decision<readonly EnforcementEvent[]>,
  at: Instant = NOW,
): EnforcementState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  return decided.decision === 'permit'
    ? folded(foldEnforcement, state, decided.value, 'ada', at)
    : state
}

const larkspur = {
  operatorId: 'o1',
  name: 'Larkspur Dialogue Ltd (invented)',
  role: 'provider',
  invented: true,
  inventedOnly: true,
  namesInReport: ['Acme Chat Inc.', 'Widget GPT'],
} as const

const named = step(noEnforcement, nameOperator(noEnforcement, larkspur, ada))
const warning = { measureId: 'm1', basis: 'statute 1, section 5', reason: 'the app harmed people' }
const warned = step(named, warn(named, warning, ada))
const skip = {
  rung: 'commitments',
  ground: 'cessationByCommitmentsUnlikely',
  reason: 'the operator denied the fault twice',
} as const
const skipped = step(warned, skipRung(warned, skip, ada))
const endsAt = addMs(NOW, 14 * DAY_MS)
const hearing = { measureId: 'm2', rung: 'correctiveOrder', endsAt, steps: [] } as const
const heard = step(skipped, openHearing(skipped, hearing, ada))
const order = { ...warning, measureId: 'm2', rung: 'correctiveOrder', urgency: null } as const
const later = { now: endsAt }
const adaLater = officer('ada', later)
const boLater = officer('bo', later)
const proposed = step(heard, proposeOrder(heard, order, adaLater))
const ordered = step(proposed, approveOrder(proposed, { measureId: 'm2' }, boLater), endsAt)
const fine = {
  measureId: 'm3',
  basis: 'statute 1, section 9',
  reason: 'the order was not obeyed',
  amountMinor: 100_000_00,
  currency: 'EUR',
  factors: { gravity: 'people were harmed' },
  otherFines: 'none found at the other two authorities',
}

test('a demonstration never acts against a company that the report names', () => {
  const table = [
    ['permitted', {}],
    ['operatorNamedByReport', { namesInReport: ['Larkspur Dialogue'] }],
    ['operatorNamedByReport', { namesInReport: ['LARKSPUR-DIALOGUE, Inc.'] }],
    ['operatorNamedByReport', { namesInReport: ['Larkspur'] }],
    ['operatorNamedByReport', { namesInReport: ['Larkspur Dialogue Europe'] }],
    ['operatorNamedByReport', { namesInReport: ['Lärkspur Dialogue'] }],
    ['operatorNotInvented', { invented: false }],
    ['permitted', { invented: false, inventedOnly: false, namesInReport: ['Larkspur Dialogue'] }],
    ['permitted', { namesInReport: ['', ' - ', 'Ltd', 'Lark', 'Spur Dialogues'] }],
    ['noName', { name: ' ( ) ' }],
  ] as const
  for (const [expected, change] of table) {
    const decided = nameOperator(noEnforcement, { ...larkspur, ...change }, ada)
    assert.equal(why(decided), expected, JSON.stringify(change))
  }
  assert.equal(why(nameOperator(named, larkspur, ada)), 'alreadyNamed')
})

test('sameness of names has no side', () => {
  const words = fc.array(fc.constantFrom('acme', 'Ltd', 'chat', 'é', '株式会社', '-'), {
    maxLength: 4,
  })
  const names = words.map((list) => list.join(' '))
  fc.assert(fc.property(names, names, (a, b) => assert.equal(isSameName(a, b), isSameName(b, a))))
})

test('the agreed tree decides by its first matching row', () => {
  const state = step(
    noEnforcement,
    agreeDecisionTree(noEnforcement, { tree, digest: 'd', simulated: true }, ada),
  )
  const inputs = { harm: 'serious', conduct: 'unknown', operatorResponse: 'none' }
  const table = [
    ['warning', {}],
    ['correctiveOrder', { operatorResponse: 'refused' }],
    ['interimMeasure', { harm: 'imminent', operatorResponse: 'refused' }],
    ['warning', { harm: 'limited', conduct: 'wilful' }],
    ['advice', { harm: 'limited' }],
  ] as const
  for (const [rung, change] of table) {
    const decided = recommendMeasure(state, { inputs: { ...inputs, ...change } }, ada)
    const event = decided.decision === 'permit' ? decided.value[0] : undefined
    assert.equal(event?.type === 'measureRecommended' && event.rung, rung)
  }
  const { harm: _, ...partial } = inputs
  const bad = [partial, { ...inputs, harm: 'enormous' }, { ...inputs, mood: 'bad' }]
  for (const given of bad)
    assert.equal(why(recommendMeasure(state, { inputs: given }, ada)), 'inputsFaulty')
  assert.equal(why(recommendMeasure(noEnforcement, { inputs }, ada)), 'noTree')
  const again = { tree, digest: 'd', simulated: true }
  assert.equal(why(agreeDecisionTree(state, again, ada)), 'alreadyAgreed')
})

test('every combination of inputs hits a row of the agreed tree', () => {
  const inputs = fc.record(
    Object.fromEntries(
      Object.entries(tree.inputs).map(([input, values]) => [input, fc.constantFrom(...values)]),
    ),
  )
  fc.assert(fc.property(inputs, (given) => assert.ok(firstHit(tree, given))))
})

test('a tree with gaps or strange rows is not agreed on', () => {
  const [first, ...rest] = tree.rows
  assert.ok(first)
  const broken: readonly Partial<DecisionTree>[] = [
    { rows: [] },
    { rows: tree.rows.slice(0, -1) },
    { rows: [first, first, ...rest] },
    { rows: [{ ...first, when: { harm: ['huge'] } }, ...rest] },
    { rows: [{ ...first, when: { mood: ['bad'] } }, ...rest] },
    { rows: [{ ...first, when: { toString: ['bad'] } as never }, ...rest] },
    { rows: [{ ...first, when: { harm: [] } }, ...rest] },
    { rows: [{ ...first, rung: 'exile' as 'fine' }, ...rest] },
    { title: '' },
  ]
  assert.deepEqual(treeFaults(tree), [])
  for (const change of broken) {
    const command = { tree: { ...tree, ...change }, digest: 'd', simulated: true }
    assert.equal(why(agreeDecisionTree(noEnforcement, command, ada)), 'treeFaulty')
  }
})

test('the ladder is numbered, complete and asks only for lower rungs', () => {
  assert.deepEqual(
    LADDER.map(({ code }) => code),
    [...RUNG_CODES],
  )
  for (const [index, rung] of LADDER.entries()) {
    assert.equal(rung.number, index + 1)
    for (const code of [...rung.after, ...rung.requires]) {
      assert.ok(RUNG_CODES.indexOf(code) < index, `${rung.code} after ${code}`)
    }
    assert.equal(rung.skip.grounds.length > 0, rung.skip.skip === 'recorded', rung.code)
  }
})

test('a warning names operator, basis and reason', () => {
  const table = [
    ['noOperator', warn(noEnforcement, warning, ada)],
    ['basisMissing', warn(named, { ...warning, basis: '' }, ada)],
    ['reasonMissing', warn(named, { ...warning, reason: ' ' }, ada)],
    ['measureExists', warn(warned, warning, ada)],
    ['alreadyTaken', warn(warned, { ...warning, measureId: 'm9' }, ada)],
  ] as const
  for (const [expected, decided] of table) assert.equal(why(decided), expected)
})

test('a rung is skipped only on its coded grounds, with a reason', () => {
  const table = [
    ['reasonMissing', skipRung(warned, { ...skip, reason: '' }, ada)],
    ['groundNotCoded', skipRung(warned, { ...skip, ground: 'urgency' }, ada)],
    ['notSkippable', skipRung(warned, { ...skip, rung: 'fine' }, ada)],
    ['notSkippable', skipRung(warned, { ...skip, rung: 'advice' }, ada)],
    ['alreadySkipped', skipRung(skipped, skip, ada)],
    ['alreadyTaken', skipRung(warned, { ...skip, rung: 'warning', ground: 'imminentHarm' }, ada)],
  ] as const
  for (const [expected, decided] of table) assert.equal(why(decided), expected)
})

test('no order before the operator was heard', () => {
  const justBefore = officer('ada', { now: addMs(endsAt, -1) })
  const urgent = { ground: 'serious risk', reason: 'people are at risk today' }
  const table = [
    ['hearingNotHeld', proposeOrder(skipped, order, ada)],
    ['hearingNotHeld', proposeOrder(heard, order, ada)],
    ['hearingNotHeld', proposeOrder(heard, order, justBefore)],
    ['hearingNotHeld', proposeOrder(heard, { ...order, measureId: 'm7' }, adaLater)],
    [
      'urgencyNotAllowed',
      proposeOrder(heard, { ...order, urgency: { ...urgent, reason: '' } }, ada),
    ],
    ['permitted', proposeOrder(heard, { ...order, urgency: urgent }, ada)],
    ['permitted', proposeOrder(heard, order, adaLater)],
    ['rungNotReached', proposeOrder(warned, order, adaLater)],
    ['rungNotReached', proposeOrder(named, order, adaLater)],
    ['rungNotReached', proposeOrder(heard, { ...order, rung: 'fine' }, adaLater)],
    ['rungNotReached', proposeOrder(heard, { ...order, rung: 'warning' }, adaLater)],
    ['handOverOnly', proposeOrder(heard, { ...order, rung: 'assetFreeze' }, adaLater)],
  ] as const
  for (const [expected, decided] of table) assert.equal(why(decided), expected)
  const refused = proposeOrder(heard, order, ada)
  assert.equal(refused.because[0]?.source, 'Regulation (EU) 2019/1020, art. 18(3)')
})

test('a hearing has a floor, an operator and an end', () => {
  const soon = { ...hearing, endsAt: addMs(NOW, 10 * DAY_MS - 1) }
  const table = [
    ['hearingTooShort', openHearing(skipped, soon, ada)],
    ['hearingNotOpen', openHearing(skipped, { ...hearing, rung: 'advice' }, ada)],
    ['measureExists', openHearing(heard, hearing, ada)],
    ['noOperator', openHearing(noEnforcement, hearing, ada)],
  ] as const
  for (const [expected, decided] of table) assert.equal(why(decided), expected)
  const said = { measureId: 'm2', exhibitId: null, summary: 'the operator denies the fault' }
  assert.equal(why(receiveRepresentation(skipped, said, ada)), 'hearingNotOpen')
  assert.equal(why(receiveRepresentation(heard, { ...said, summary: '' }, ada)), 'reasonMissing')
  const state = step(heard, receiveRepresentation(heard, said, ada))
  assert.equal(state.hearings[0]?.representations, 1)
})

test('one person is not both officers by standing in for the other', () => {
  const approve = { measureId: 'm2' }
  const boForAda = { ...boLater, inPlaceOf: 'ada' }
  assert.equal(why(approveOrder(proposed, approve, boForAda)), 'secondOfficerRequired')
  const byBo = step(heard, proposeOrder(heard, order, boForAda))
  assert.equal(why(approveOrder(byBo, approve, adaLater)), 'secondOfficerRequired')
  const cyForAda = officer('cy', { ...later, inPlaceOf: 'ada' })
  assert.equal(why(approveOrder(byBo, approve, cyForAda)), 'secondOfficerRequired')
  const cyForDan = officer('cy', { ...later, inPlaceOf: 'dan' })
  assert.equal(why(approveOrder(byBo, approve, cyForDan)), 'permitted')
})

test('two officers make an order', () => {
  const approve = { measureId: 'm2' }
  const table = [
    ['secondOfficerRequired', approveOrder(proposed, approve, adaLater)],
    ['hearingNotHeld', approveOrder(proposed, approve, bo)],
    ['unknownMeasure', approveOrder(heard, approve, boLater)],
    ['alreadyTaken', approveOrder(ordered, approve, boLater)],
    ['measureExists', proposeOrder(proposed, order, adaLater)],
    ['alreadyTaken', proposeOrder(ordered, { ...order, measureId: 'm8' }, adaLater)],
  ] as const
  for (const [expected, decided] of table) assert.equal(why(decided), expected)
  assert.equal(takenMeasure(proposed, 'correctiveOrder'), undefined)
  assert.equal(takenMeasure(ordered, 'correctiveOrder')?.approvedBy, 'bo')
})

test('a fine needs an order that was not obeyed', () => {
  const since = addMs(endsAt, DAY_MS)
  const much = officer('ada', { now: addMs(endsAt, 2 * DAY_MS) })
  const breach = { measureId: 'm2', since, facts: 'the feature is still on' }
  const breachTable = [
    ['unknownMeasure', recordNonCompliance(proposed, breach, much)],
    ['unknownMeasure', recordNonCompliance(ordered, { ...breach, measureId: 'm9' }, much)],
    ['notInForce', recordNonCompliance(ordered, { ...breach, since: addMs(endsAt, -1) }, much)],
    ['notInForce', recordNonCompliance(ordered, breach, adaLater)],
    ['reasonMissing', recordNonCompliance(ordered, { ...breach, facts: '' }, much)],
  ] as const
  for (const [expected, decided] of breachTable) assert.equal(why(decided), expected)
  const breached = step(ordered, recordNonCompliance(ordered, breach, much))
  const table = [
    ['rungNotReached', imposeFine(named, fine, much)],
    ['rungNotReached', imposeFine(warned, fine, much)],
    ['rungNotReached', imposeFine(proposed, fine, much)],
    ['rungNotReached', imposeFine(ordered, fine, much)],
    ['amountFaulty', imposeFine(breached, { ...fine, amountMinor: 0.5 }, much)],
    ['amountFaulty', imposeFine(breached, { ...fine, amountMinor: -1 }, much)],
    ['amountFaulty', imposeFine(breached, { ...fine, currency: 'euro' }, much)],
    ['factorsMissing', imposeFine(breached, { ...fine, factors: {} }, much)],
    ['factorsMissing', imposeFine(breached, { ...fine, factors: { gravity: ' ' } }, much)],
    ['otherFinesNotChecked', imposeFine(breached, { ...fine, otherFines: '' }, much)],
    ['permitted', imposeFine(breached, fine, much)],
  ] as const
  for (const [expected, decided] of table) assert.equal(why(decided), expected)
  const pending = step(breached, imposeFine(breached, fine, much))
  assert.equal(takenMeasure(pending, 'fine'), undefined)
  assert.equal(why(approveOrder(pending, { measureId: 'm3' }, much)), 'secondOfficerRequired')
  const fined = step(pending, approveOrder(pending, { measureId: 'm3' }, boLater))
  assert.equal(takenMeasure(fined, 'fine')?.fine?.amountMinor, 100_000_00)
})

test('an interim measure may come before the lower rungs', () => {
  const interim = { ...order, measureId: 'm5', rung: 'interimMeasure' } as const
  assert.equal(why(proposeOrder(named, interim, ada)), 'permitted')
})

test('a refusal is kept and counted', () => {
  const refused = imposeFine(warned, fine, ada)
  assert.ok(refused.decision === 'refuse')
  const state = folded(foldEnforcement, warned, [refusalEvent('fine', 'm3', refused)])
  assert.deepEqual(state.refusals, [{ rung: 'fine', why: 'rungNotReached' }])
})
