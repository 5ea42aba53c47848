import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folded, MERIDIA, NOW, officer } from '../../../test/support/ring.ts'
import type { Decision } from '../../base/decision.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import {
  challengeNotice,
  delayNotice,
  liftDelay,
  recordAffectedPerson,
  sendNotice,
} from './notice.ts'
import { recordRightsTest, requireRightsTest } from './record-rights-test.ts'
import { approvalOf, assignReview, decideReview, openReview } from './review.ts'
import { foldRights, noRights, type RightsEvent, type RightsState } from './rights.ts'
import {
  RIGHTS_QUESTIONS,
  type RightsAnswer,
  type RightsQuestion,
  type RightsTest,
} from './rights-test.ts'

const ada = officer('ada')
const judge = officer('judge', { roles: ['reviewer'] })
const REASON = 'a reason of more than twenty characters'

type Decided = Decision<readonly RightsEvent[]>

function step(state: RightsState, decided: Decided, by = 'ada'): RightsState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  return decided.decision === 'permit' ? folded(foldRights, state, decided.value, by) : state
}

function why(decided: Decision<unknown>): string {
  return decided.decision === 'refuse' ? decided.why : 'permitted'
}

function rightsTest(changes: Partial<RightsTest> = {}): RightsTest {
  const yes = { answer: 'yes', reason: REASON } as const
  const all = Object.fromEntries(RIGHTS_QUESTIONS.map((question) => [question, yes]))
  return { ...(all as Record<RightsQuestion, RightsAnswer>), ...changes }
}

const release = { kind: 'release', id: 'r1' } as const
const covers = {
  recipient: 'albion.example',
  purpose: 'investigation',
  categories: ['exhibitTranscript'],
}

test('a rights test is recorded only when each question has a reason', () => {
  const command = { testId: 't1', subject: release, test: rightsTest() }
  for (const question of RIGHTS_QUESTIONS) {
    for (const bad of [
      { answer: 'yes', reason: 'because' },
      { answer: 'maybe', reason: REASON },
    ]) {
      const tried = rightsTest({ [question]: bad } as Partial<RightsTest>)
      const decided = recordRightsTest(noRights, { ...command, test: tried }, ada)
      assert.equal(why(decided), 'rightsTestIncomplete')
      assert.deepEqual(
        decided.because.map(({ rule }) => rule),
        [`rightsTest:${question}`],
      )
    }
  }
  const state = step(noRights, recordRightsTest(noRights, command, ada))
  assert.equal(why(recordRightsTest(state, command, ada)), 'alreadyRecorded')
  assert.equal(why(requireRightsTest(state, 't1', release)), 'permitted')
  assert.equal(why(requireRightsTest(state, 't2', release)), 'rightsTestMissing')
  assert.equal(why(requireRightsTest(state, null, release)), 'rightsTestMissing')
  const other = { kind: 'release', id: 'r2' } as const
  assert.equal(why(requireRightsTest(state, 't1', other)), 'rightsTestMissing')
})

test('a recorded no is kept, and is not a pass', () => {
  const no = { answer: 'no', reason: REASON } as const
  const command = { testId: 't1', subject: release, test: rightsTest({ leastIntrusive: no }) }
  const state = step(noRights, recordRightsTest(noRights, command, ada))
  const decided = requireRightsTest(state, 't1', release)
  assert.equal(why(decided), 'rightsTestFailed')
  assert.deepEqual(
    decided.because.map(({ rule }) => rule),
    ['rightsTest:leastIntrusive'],
  )
})

test('nobody reviews what they handle or prepared', () => {
  const open = { reviewId: 'v1', subject: release, covers, caseHandlers: ['bo'] }
  assert.equal(why(openReview(noRights, { ...open, covers: null }, ada)), 'coverMissing')
  const { purpose: _, ...ofNone } = covers
  assert.equal(why(openReview(noRights, { ...open, covers: ofNone }, ada)), 'coverMissing')
  const state = step(noRights, openReview(noRights, open, ada))
  assert.equal(why(openReview(state, { ...open, reviewId: 'v2' }, ada)), 'alreadyOpen')
  const approve = { reviewId: 'v1', outcome: 'approved', reason: REASON, remedy: null } as const
  for (const name of ['ada', 'bo']) {
    assert.equal(
      why(assignReview(state, { reviewId: 'v1', reviewer: name }, ada)),
      'reviewerConflict',
    )
    const acting = officer(name, { roles: ['reviewer'] })
    assert.equal(why(decideReview(state, approve, acting)), 'reviewerConflict')
  }
  const table = [
    ['notAReviewer', decideReview(state, approve, officer('cy'))],
    ['unknownReview', decideReview(state, { ...approve, reviewId: 'v9' }, judge)],
    ['outcomeNotForSubject', decideReview(state, { ...approve, outcome: 'upheld' }, judge)],
    ['reasonMissing', decideReview(state, { ...approve, reason: 'fine' }, judge)],
  ] as const
  for (const [expected, decided] of table) assert.equal(why(decided), expected)
  const assigned = step(state, assignReview(state, { reviewId: 'v1', reviewer: 'kim' }, ada))
  assert.equal(why(decideReview(assigned, approve, judge)), 'assignedToAnother')
  assert.equal(approvalOf(state, release), undefined)
  const approved = step(state, decideReview(state, approve, judge), 'judge')
  assert.equal(approvalOf(approved, release)?.reviewer, 'judge')
  assert.equal(why(decideReview(approved, approve, judge)), 'alreadyDecided')
})

test('nobody reviews by standing in for whoever must not', () => {
  const open = { reviewId: 'v1', subject: release, covers, caseHandlers: ['bo'] }
  const approve = { reviewId: 'v1', outcome: 'approved', reason: REASON, remedy: null } as const
  const state = step(noRights, openReview(noRights, open, { ...ada, inPlaceOf: 'dan' }))
  for (const inPlaceOf of ['ada', 'bo', 'dan']) {
    assert.equal(why(decideReview(state, approve, { ...judge, inPlaceOf })), 'reviewerConflict')
  }
  const dan = officer('dan', { roles: ['reviewer'] })
  assert.equal(why(decideReview(state, approve, dan)), 'reviewerConflict')
  const approved = step(state, decideReview(state, approve, { ...judge, inPlaceOf: 'kim' }))
  assert.equal(approvalOf(approved, release)?.inPlaceOf, 'kim')
})

test('a later rejection takes an approval back', () => {
  let state = noRights
  for (const [reviewId, outcome] of [
    ['v1', 'approved'],
    ['v2', 'rejected'],
  ] as const) {
    const open = { reviewId, subject: release, covers, caseHandlers: [] }
    state = step(state, openReview(state, open, ada))
    const decide = { reviewId, outcome, reason: REASON, remedy: null }
    state = step(state, decideReview(state, decide, judge), 'judge')
  }
  assert.equal(approvalOf(state, release), undefined)
})

const dueAt = addMs(NOW, 30 * DAY_MS)
const delay = {
  personId: 'p1',
  ground: 'investigationWouldBeImpaired',
  reason: REASON,
  reviewAt: addMs(NOW, 10 * DAY_MS),
  dueAt,
}
const notice = {
  noticeId: 'n1',
  personId: 'p1',
  channel: 'reporterMailbox',
  remedies: ['challenge', 'complaint'],
} as const

function withPerson(): RightsState {
  return step(noRights, recordAffectedPerson(noRights, { personId: 'p1' }, ada))
}

test('a notice is delayed only on a coded ground, with reason and dates', () => {
  const state = withPerson()
  assert.equal(why(recordAffectedPerson(state, { personId: 'p1' }, ada)), 'alreadyRecorded')
  const table = [
    ['unknownPerson', { personId: 'p2' }],
    ['unknownGround', { ground: 'inconvenient' }],
    ['unknownGround', { ground: 'toString' }],
    ['reasonMissing', { reason: 'later' }],
    ['datesOutOfOrder', { reviewAt: NOW }],
    ['datesOutOfOrder', { dueAt: addMs(delay.reviewAt, -1) }],
  ] as const
  for (const [expected, change] of table) {
    assert.equal(why(delayNotice(state, { ...delay, ...change }, ada)), expected)
  }
  assert.equal(why(delayNotice(state, delay, ada)), 'permitted')
})

test('a delayed notice waits until it is due or the delay is lifted', () => {
  const state = step(withPerson(), delayNotice(withPerson(), delay, ada))
  const at = (now: typeof NOW) => why(sendNotice(state, notice, officer('ada', { now })))
  assert.deepEqual([NOW, addMs(dueAt, -1), dueAt].map(at), [
    'stillDelayed',
    'stillDelayed',
    'permitted',
  ])
  assert.equal(why(liftDelay(state, { personId: 'p1', reason: '' }, ada)), 'reasonMissing')
  const lifted = step(state, liftDelay(state, { personId: 'p1', reason: REASON }, ada))
  assert.equal(why(liftDelay(lifted, { personId: 'p1', reason: REASON }, ada)), 'notDelayed')
  assert.equal(why(sendNotice(lifted, { ...notice, remedies: [] }, ada)), 'remediesMissing')
  const sent = step(lifted, sendNotice(lifted, notice, ada))
  assert.equal(why(sendNotice(sent, { ...notice, noticeId: 'n2' }, ada)), 'alreadySent')
  assert.equal(why(delayNotice(sent, delay, ada)), 'alreadySent')
  assert.equal(why(sendNotice(state, { ...notice, personId: 'p2' }, ada)), 'unknownPerson')
})

test('each renewal of a delay needs an approval of its own', () => {
  let state = step(withPerson(), delayNotice(withPerson(), delay, ada))
  for (const reviewId of ['v1', 'v2']) {
    assert.equal(why(delayNotice(state, delay, ada)), 'renewalNeedsReview')
    const subject = { kind: 'delay', id: 'p1' } as const
    state = step(
      state,
      openReview(state, { reviewId, subject, covers: null, caseHandlers: [] }, ada),
    )
    const decide = { reviewId, outcome: 'approved', reason: REASON, remedy: null } as const
    state = step(state, decideReview(state, decide, judge), 'judge')
    state = step(state, delayNotice(state, delay, ada))
  }
})

test('a challenge opens an independent review in the same decision', () => {
  const person = officer(MERIDIA)
  const sent = step(withPerson(), sendNotice(withPerson(), notice, ada))
  const challenge = {
    challengeId: 'c1',
    noticeId: 'n1',
    ground: 'the notice names the wrong system',
    reviewId: 'v1',
    caseHandlers: ['bo'],
  }
  assert.equal(
    why(challengeNotice(sent, { ...challenge, noticeId: 'n9' }, person)),
    'unknownNotice',
  )
  assert.equal(why(challengeNotice(sent, { ...challenge, ground: '' }, person)), 'reasonMissing')
  const decided = challengeNotice(sent, challenge, person)
  const types = decided.decision === 'permit' ? decided.value.map(({ type }) => type) : []
  assert.deepEqual(types, ['noticeChallenged', 'reviewOpened'])
  const state = step(sent, decided, MERIDIA)
  assert.deepEqual(state.reviews[0]?.reviewerMustNotBe, ['ada', 'bo'])
  const again = { ...challenge, challengeId: 'c2', reviewId: 'v2' }
  assert.equal(why(challengeNotice(state, again, person)), 'alreadyChallenged')
  const uphold = { reviewId: 'v1', outcome: 'upheld', reason: REASON, remedy: null } as const
  assert.equal(why(decideReview(state, uphold, judge)), 'remedyMissing')
  assert.equal(
    why(decideReview(state, { ...uphold, remedy: 'a corrected notice is sent' }, judge)),
    'permitted',
  )
})
