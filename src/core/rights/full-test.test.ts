import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, folded, NOW, officer, ringAgreement, SIERRA } from '../../../test/support/ring.ts'
import type { Decision } from '../../base/decision.ts'
import { recordFullTest, requireRightsTest } from './record-rights-test.ts'
import { approvalOf, decideReview } from './review.ts'
import { foldRights, noRights, type RightsEvent, type RightsState } from './rights.ts'
import {
  RIGHTS_QUESTIONS,
  type RightsAnswer,
  type RightsQuestion,
  type RightsTest,
} from './rights-test.ts'
import { missingDetail, reviewNeededBy, safeguardsOf, type TestDetail } from './test-detail.ts'

const ada = officer('ada')
const REASON = 'a reason of more than twenty characters'
const subject = { kind: 'release', id: 'r1' } as const
const covers = {
  recipient: ALBION,
  purpose: 'mutualAssistance',
  categories: ['caseSummary', 'technicalFacts'],
}
const detail: TestDetail = {
  aim: 'Albion warns the people whom the system reaches there.',
  categories: { caseSummary: REASON, technicalFacts: REASON },
  alternatives: 'A public warning alone was considered.',
  seriousness: 'moderate',
  people: 99,
  safeguards: 'Names are left out of the summary.',
  groups: 'none',
  effect: 'No effect on any group is expected.',
  mitigation: 'none',
  touches: [],
}

function answered(no?: RightsQuestion): RightsTest {
  const entries = RIGHTS_QUESTIONS.map((question) => [
    question,
    { answer: question === no ? 'no' : 'yes', reason: REASON },
  ])
  return Object.fromEntries(entries) as Record<RightsQuestion, RightsAnswer>
}

const full = (changes: Partial<TestDetail> = {}, no?: RightsQuestion) => ({
  testId: 't1',
  subject,
  covers,
  test: { ...answered(no), detail: { ...detail, ...changes } },
  guarded: [],
  reviewId: 'v1',
  caseHandlers: ['bo'],
})

function record(command: Parameters<typeof recordFullTest>[1], state = noRights) {
  const decided = recordFullTest(state, command, ada)
  const events = decided.decision === 'permit' ? decided.value : []
  return { decided, state: folded(foldRights, state, events as readonly RightsEvent[], 'ada') }
}

const why = (decided: Decision<unknown>) =>
  decided.decision === 'refuse' ? decided.why : 'permitted'
const opened = (state: RightsState) => state.reviews.map(({ reviewId }) => reviewId)

test('a full test says each thing, or is not recorded', () => {
  const bad: readonly (readonly [string, Partial<TestDetail>])[] = [
    ['aim', { aim: 'because' }],
    ['alternatives', { alternatives: '' }],
    ['safeguards', { safeguards: 'some' }],
    ['effect', { effect: ' '.repeat(30) }],
    ['groups', { groups: ' ' }],
    ['mitigation', { mitigation: '' }],
    ['categories', { categories: {} }],
    ['categories', { categories: { caseSummary: REASON, technicalFacts: 'needed' } }],
    ['people', { people: -1 }],
    ['people', { people: 1.5 }],
    ['people', { people: Number.NaN }],
  ]
  for (const [part, change] of bad) {
    const { decided } = record(full(change))
    assert.equal(why(decided), 'rightsTestIncomplete', part)
    assert.deepEqual(
      decided.because.map(({ rule }) => rule),
      [`rightsTest:${part}`],
    )
  }
  assert.deepEqual(missingDetail(detail), [])
  assert.equal(why(record({ ...full(), takenFrom: 't0' }).decided), 'unknownTest')
})

test('a no to any question is kept, lets nothing out, and asks nobody to review', () => {
  for (const question of RIGHTS_QUESTIONS) {
    const { decided, state } = record(full({ touches: ['protest'] }, question))
    assert.equal(why(decided), 'permitted')
    assert.deepEqual(opened(state), [])
    const asked = requireRightsTest(state, 't1', subject, covers)
    assert.equal(why(asked), 'rightsTestFailed')
    assert.deepEqual(
      asked.because.map(({ rule }) => rule),
      [`rightsTest:${question}`],
    )
  }
})

test('a full test serves the release that it names, and nothing beyond it', () => {
  const { state } = record(full())
  const asks = (change: object) =>
    why(requireRightsTest(state, 't1', subject, { ...covers, ...change }))
  assert.equal(asks({}), 'permitted')
  assert.equal(asks({ categories: ['caseSummary'] }), 'permitted')
  assert.equal(asks({ categories: ['caseSummary', 'exhibitTranscript'] }), 'rightsTestMissing')
  assert.equal(asks({ recipient: SIERRA }), 'rightsTestMissing')
  assert.equal(asks({ purpose: 'joint' }), 'rightsTestMissing')
  assert.equal(asks({ exhibitId: 'x1' }), 'rightsTestMissing')
})

test('a test of the first version, which did not ask about expression, lets nothing new out', () => {
  const { expression: _, ...old } = answered()
  const event = { type: 'rightsTestRecorded', testId: 't1', subject, test: old } as const
  const state = folded(foldRights, noRights, [event], 'ada')
  const asked = requireRightsTest(state, 't1', subject, covers)
  assert.equal(why(asked), 'rightsTestFailed')
  assert.deepEqual(
    asked.because.map(({ rule }) => rule),
    ['rightsTest:expression'],
  )
})

test('what is severe, about many, or touches expression is reviewed, and so is what the agreement guards', () => {
  assert.deepEqual(opened(record(full()).state), [])
  const table: readonly (readonly [string, Partial<TestDetail>])[] = [
    ['rightsTest:touchesExpression', { touches: ['journalists'] }],
    ['rightsTest:manyPeople', { people: 100 }],
    ['rightsTest:severe', { seriousness: 'severe' }],
  ]
  for (const [rule, change] of table) {
    assert.deepEqual(
      reviewNeededBy({ ...detail, ...change }).map((one) => one.rule),
      [rule],
    )
    const { state } = record(full(change))
    assert.deepEqual(opened(state), ['v1'])
    assert.deepEqual(state.reviews[0]?.reviewerMustNotBe, ['ada', 'bo'])
    assert.deepEqual(state.reviews[0]?.covers, {
      recipient: ALBION,
      purpose: covers.purpose,
      categories: covers.categories,
    })
  }
  const guarded = record({ ...full(), guarded: ['caseSummary'] })
  assert.deepEqual(opened(guarded.state), ['v1'])
  assert.deepEqual(opened(record({ ...full(), guarded: ['exhibitTranscript'] }).state), [])
  // A second test of the same release finds the review that is open already.
  const again = record({ ...full(), guarded: ['caseSummary'], testId: 't2' }, guarded.state)
  assert.deepEqual(opened(again.state), ['v1'])
  const approve = { reviewId: 'v1', outcome: 'approved', reason: REASON, remedy: null } as const
  const judge = officer('judge', { roles: ['reviewer'], now: NOW })
  const decided = decideReview(again.state, approve, judge)
  assert.equal(why(decided), 'permitted')
  const events = decided.decision === 'permit' ? decided.value : []
  assert.ok(approvalOf(folded(foldRights, again.state, events, 'judge'), subject))
})

test('what a category needs is named beforehand, from the agreement', () => {
  const document = ringAgreement()
  const clause = { id: '9.1', text: 'Consent.', kind: 'requireConsent' } as const
  const more = {
    ...document,
    clauses: [...document.clauses, { ...clause, categories: ['caseSummary'] }],
  }
  const needs = (of: typeof document, id: string) =>
    safeguardsOf(of).find(({ category }) => category === id)?.needs
  assert.deepEqual(needs(document, 'caseSummary'), [])
  assert.deepEqual(needs(more, 'caseSummary'), ['consent'])
  assert.deepEqual(needs(document, 'exhibitTranscript'), ['reviewer'])
})
