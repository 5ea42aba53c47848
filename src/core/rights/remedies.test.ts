import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, NOW, officer, SIERRA } from '../../../test/support/ring.ts'
import type { Decision } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import { answerPerson, writeAsPerson } from './correspondence.ts'
import { challengeNotice, delayNotice, recordAffectedPerson, sendNotice } from './notice.ts'
import { NEVER_TOLD_MS, runNoticeTimers } from './notice-timers.ts'
import {
  finishRemedy,
  followUpRemedy,
  giveOwnData,
  orderRemedy,
  reportRemedy,
  retractionSteps,
} from './remedies.ts'
import { decideReview } from './review.ts'
import { foldRights, noRights, type RightsEvent, type RightsState } from './rights.ts'

const ada = officer('ada')
const judge = officer('judge', { roles: ['reviewer'] })
const REASON = 'a reason of more than twenty characters'

type Decided = Decision<readonly RightsEvent[]>

function step(state: RightsState, decided: Decided, by = 'ada', at: Instant = NOW): RightsState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  const events = decided.decision === 'permit' ? decided.value : []
  return events.reduce((sofar, event) => foldRights(sofar, { event, at, by, version: 1 }), state)
}

const why = (decided: Decision<unknown>) =>
  decided.decision === 'refuse' ? decided.why : 'permitted'

function told(): RightsState {
  const known = step(noRights, recordAffectedPerson(noRights, { personId: 'p1' }, ada))
  const notice = { noticeId: 'n1', personId: 'p1', channel: 'post', remedies: ['x'] } as const
  return step(known, sendNotice(known, notice, ada))
}

function upheld(outcome: 'upheld' | 'dismissed' = 'upheld'): RightsState {
  const sent = told()
  const challenge = { challengeId: 'c1', noticeId: 'n1', reviewId: 'v1', caseHandlers: ['ada'] }
  const open = step(sent, challengeNotice(sent, { ...challenge, ground: 'It was not mine.' }, ada))
  const remedy = outcome === 'upheld' ? 'what left is called back' : null
  const decision = { reviewId: 'v1', outcome, reason: REASON, remedy, remedies: [] } as const
  return step(open, decideReview(open, decision, judge), 'judge')
}

const order = {
  remedyId: 'm1',
  challengeId: 'c1',
  kind: 'retract',
  text: 'Everything that left is called back.',
  responsible: 'ada',
  dueAt: addMs(NOW, 10 * DAY_MS),
  followUpAt: addMs(NOW, 40 * DAY_MS),
  releaseIds: ['r1', 'r2'],
} as const
const LEFT = ['r1', 'r2', 'r3']

test('remedies follow an upheld challenge, with a date, an officer and what they are about', () => {
  const state = upheld()
  const table = [
    ['unknownChallenge', { challengeId: 'c9' }],
    ['datesOutOfOrder', { dueAt: NOW }],
    ['datesOutOfOrder', { followUpAt: addMs(order.dueAt, -1) }],
    ['textMissing', { text: ' ' }],
    ['nothingToRetract', { releaseIds: [] }],
    ['unknownRelease', { releaseIds: ['r1', 'r9'] }],
    ['compensationMissing', { kind: 'compensate' }],
    [
      'compensationMissing',
      { kind: 'compensate', compensation: { amountMinor: 0, currency: 'EUR' } },
    ],
    [
      'compensationMissing',
      { kind: 'compensate', compensation: { amountMinor: 1.5, currency: 'EUR' } },
    ],
    [
      'compensationMissing',
      { kind: 'compensate', compensation: { amountMinor: 5, currency: 'euro' } },
    ],
  ] as const
  for (const [expected, change] of table) {
    assert.equal(why(orderRemedy(state, { ...order, ...change }, LEFT, ada)), expected)
  }
  assert.equal(why(orderRemedy(upheld('dismissed'), order, LEFT, ada)), 'notUpheld')
  const ordered = step(state, orderRemedy(state, order, LEFT, ada))
  assert.equal(why(orderRemedy(ordered, order, LEFT, ada)), 'alreadyOrdered')
})

test('a retraction is done when every recipient has confirmed, and not before', () => {
  const state = step(upheld(), orderRemedy(upheld(), order, LEFT, ada))
  const [remedy] = state.remedies
  assert.ok(remedy)
  const done = { confirmedAt: addMs(NOW, DAY_MS) }
  const releases = (second: object | null) => [
    { releaseId: 'r1', recipient: ALBION, withdrawn: { at: NOW, done } },
    { releaseId: 'r2', recipient: SIERRA, withdrawn: second as { at: Instant; done: null } },
    { releaseId: 'r3', recipient: SIERRA },
  ]
  const finish = (second: object | null) =>
    finishRemedy(
      state.remedies,
      {
        remedyId: 'm1',
        proof: 'two signed words',
        steps: retractionSteps(remedy, releases(second)),
      },
      ada,
    )
  const waiting = finish({ at: NOW, done: null })
  assert.equal(why(waiting), 'notConfirmedByAll')
  assert.match(waiting.because[0]?.text ?? '', /not confirmed by sierra\.example$/)
  assert.equal(why(finish(null)), 'notConfirmedByAll')
  assert.equal(why(finish({ at: NOW, done })), 'permitted')
  assert.deepEqual(
    retractionSteps(remedy, releases(null)).map(({ releaseId, askedAt }) => [releaseId, askedAt]),
    [
      ['r1', NOW],
      ['r2', null],
    ],
  )
  const proofless = { remedyId: 'm1', proof: ' ', steps: [] }
  assert.equal(why(finishRemedy(state.remedies, proofless, ada)), 'proofMissing')
  const finished = step(state, finish({ at: NOW, done }))
  assert.equal(why(finishRemedy(finished.remedies, proofless, ada)), 'alreadyDone')
})

test('own data is given once, under a remedy of access, with the reason for what is left out', () => {
  const access = { ...order, kind: 'access', releaseIds: [] } as const
  const state = step(upheld(), orderRemedy(upheld(), access, LEFT, ada))
  const give = { remedyId: 'm1', parts: [{ category: 'report', text: 'mine' }], withheld: null }
  const held = [{ category: 'report' }, { category: 'messages' }] as const
  const withheldParts = [
    { category: 'messages', ground: 'othersData', reason: 's. 7 (fictional)' },
  ] as const
  assert.equal(why(giveOwnData(state.remedies, { ...give, parts: [] }, [])), 'textMissing')
  assert.equal(why(giveOwnData(state.remedies, give, held)), 'sectionUnanswered')
  const blank = [{ ...withheldParts[0], reason: ' ' }]
  const blankly = { ...give, withheldParts: blank }
  assert.equal(why(giveOwnData(state.remedies, blankly, held)), 'sectionUnanswered')
  assert.equal(why(giveOwnData(state.remedies, { ...give, withheldParts }, held)), 'permitted')
  assert.equal(why(giveOwnData(state.remedies, { ...give, remedyId: 'm9' }, [])), 'unknownRemedy')
  const asDone = { remedyId: 'm1', proof: 'sent', steps: [] }
  assert.equal(why(finishRemedy(state.remedies, asDone, ada)), 'notOfThisKind')
  const other = step(upheld(), orderRemedy(upheld(), order, LEFT, ada))
  assert.equal(why(giveOwnData(other.remedies, give, [])), 'notOfThisKind')
  const given = step(state, giveOwnData(state.remedies, give, []))
  assert.equal(given.remedies[0]?.doneAt, NOW)
  assert.equal(given.remedies[0]?.ownData?.parts[0]?.text, 'mine')
  assert.equal(why(giveOwnData(given.remedies, give, [])), 'alreadyDone')
})

test('a remedy is reported on while it is open, and looked at again once it is done', () => {
  const erase = { ...order, kind: 'erase' } as const
  const state = step(upheld(), orderRemedy(upheld(), erase, LEFT, ada))
  assert.equal(state.remedies[0]?.releaseIds, undefined, 'only a retraction names releases')
  const look = { remedyId: 'm1', finding: 'notHeld', text: 'A copy was found.' } as const
  assert.equal(why(followUpRemedy(state.remedies, look, ada)), 'notDone')
  assert.equal(why(reportRemedy(state.remedies, { remedyId: 'm1', text: '' }, ada)), 'textMissing')
  const done = step(
    state,
    finishRemedy(state.remedies, { remedyId: 'm1', proof: 'log of the vault', steps: [] }, ada),
  )
  assert.equal(
    why(reportRemedy(done.remedies, { remedyId: 'm1', text: 'more' }, ada)),
    'alreadyDone',
  )
  const found = step(done, followUpRemedy(done.remedies, look, ada))
  const again = step(found, followUpRemedy(found.remedies, { ...look, finding: 'held' }, ada))
  assert.equal(why(followUpRemedy(again.remedies, look, ada)), 'alreadyFollowedUp')
})

test('remedies are ordered with the decision only where a challenge is upheld', () => {
  const sent = told()
  const challenge = { challengeId: 'c1', noticeId: 'n1', reviewId: 'v1', caseHandlers: [] }
  const open = step(sent, challengeNotice(sent, { ...challenge, ground: 'It was not mine.' }, ada))
  const decide = (outcome: 'upheld' | 'dismissed') =>
    decideReview(
      open,
      { reviewId: 'v1', outcome, reason: REASON, remedy: 'put right', remedies: ['retract'] },
      judge,
    )
  assert.equal(why(decide('dismissed')), 'outcomeNotForSubject')
  assert.deepEqual(step(open, decide('upheld')).reviews[0]?.remedies, ['retract'])
})

test('a person writes a little each day, and is answered only after being told', () => {
  const known = step(noRights, recordAffectedPerson(noRights, { personId: 'p1' }, ada))
  const said = { messageId: 'g1', personId: 'p1', text: 'When will it be decided?' }
  assert.equal(why(answerPerson(known, said, ada)), 'notTold')
  assert.equal(why(writeAsPerson(known, { ...said, personId: 'p2' }, ada)), 'unknownPerson')
  assert.equal(why(writeAsPerson(known, { ...said, text: ' \r\n ' }, ada)), 'nothingSaid')
  assert.equal(why(writeAsPerson(known, { ...said, text: 'x'.repeat(4001) }, ada)), 'textTooLong')
  let state = told()
  for (let count = 1; count <= 5; count++) {
    state = step(state, writeAsPerson(state, { ...said, text: `Question ${count}\r\n` }, ada))
  }
  assert.equal(state.messages[4]?.text, 'Question 5')
  assert.equal(why(writeAsPerson(state, said, ada)), 'tooManyMessages')
  const tomorrow = { now: addMs(NOW, DAY_MS) }
  assert.equal(why(writeAsPerson(state, { ...said, text: 'Question 5' }, tomorrow)), 'alreadySaid')
  assert.equal(why(writeAsPerson(state, said, tomorrow)), 'permitted')
  assert.equal(why(answerPerson(state, said, ada)), 'permitted')
})

const dueAt = addMs(NOW, 20 * DAY_MS)
const delay = {
  personId: 'p1',
  ground: 'investigationWouldBeImpaired',
  reason: REASON,
  reviewAt: addMs(NOW, 10 * DAY_MS),
  dueAt,
}

function delayed(): RightsState {
  const known = step(noRights, recordAffectedPerson(noRights, { personId: 'p1' }, ada))
  return step(known, delayNotice(known, delay, ada))
}

const ran = (state: RightsState, now: Instant) =>
  runNoticeTimers(state, { now, caseHandlers: ['bo'] }, () => 'v7').map((event) =>
    'step' in event ? event.step : event.type,
  )
const run = (state: RightsState, now: Instant) =>
  runNoticeTimers(state, { now, caseHandlers: ['bo'] }, () => 'v7').reduce(
    (sofar, event) => foldRights(sofar, { event, at: now, by: 'node', version: 1 }),
    state,
  )

test('the clock asks for a review, then for the notice, then tells oversight; each once', () => {
  const state = delayed()
  assert.deepEqual(ran(state, addMs(delay.reviewAt, -1)), [])
  assert.deepEqual(ran(state, delay.reviewAt), ['reviewDue', 'reviewOpened'])
  const reviewed = run(state, delay.reviewAt)
  assert.deepEqual(reviewed.reviews[0]?.reviewerMustNotBe, ['ada', 'bo'])
  assert.deepEqual(ran(reviewed, addMs(delay.reviewAt, 1)), [])
  assert.deepEqual(ran(reviewed, addMs(dueAt, -1)), [])
  assert.deepEqual(ran(reviewed, dueAt), ['mustTell'])
  const due = run(reviewed, dueAt)
  assert.deepEqual(ran(due, addMs(dueAt, NEVER_TOLD_MS - 1)), [])
  assert.deepEqual(ran(due, addMs(dueAt, NEVER_TOLD_MS)), ['neverTold'])
  assert.deepEqual(ran(run(due, addMs(dueAt, NEVER_TOLD_MS)), addMs(dueAt, 9e10)), [])
  // Without the clock in between, no review of a delay that has ended already.
  assert.deepEqual(ran(state, addMs(dueAt, NEVER_TOLD_MS)), ['mustTell', 'neverTold'])
  assert.deepEqual(ran(told(), addMs(NOW, 9e10)), [])
})

test('a rejected delay ends at once; an approved one may be renewed, with timers of its own', () => {
  const open = run(delayed(), delay.reviewAt)
  const decide = (outcome: 'approved' | 'rejected') =>
    decideReview(open, { reviewId: 'v7', outcome, reason: REASON, remedy: null }, judge)
  const at = addMs(delay.reviewAt, 1000)
  const rejected = step(open, decide('rejected'), 'judge', at)
  assert.equal(rejected.persons[0]?.delay?.liftedAt, at)
  assert.deepEqual(ran(rejected, at), ['mustTell'])
  const approved = step(open, decide('approved'), 'judge', at)
  assert.deepEqual(ran(approved, at), [])
  const longer = { ...delay, reviewAt: addMs(dueAt, 1), dueAt: addMs(dueAt, 5 * DAY_MS) }
  const renewed = step(approved, delayNotice(approved, longer, ada))
  assert.deepEqual(ran(renewed, dueAt), [])
  assert.deepEqual(ran(renewed, longer.reviewAt), ['reviewDue', 'reviewOpened'])
})

test('a notice keeps a recipient unnamed only on a coded ground with a reason', () => {
  const known = step(noRights, recordAffectedPerson(noRights, { personId: 'p1' }, ada))
  const notice = { noticeId: 'n1', personId: 'p1', channel: 'post', remedies: ['x'] } as const
  const withholds = { recipients: [SIERRA], ground: 'embargoActive', reason: REASON }
  const send = (change: object) =>
    sendNotice(known, { ...notice, withholds: { ...withholds, ...change } }, ada)
  assert.equal(why(send({ ground: 'toString' })), 'unknownGround')
  assert.equal(why(send({ recipients: [] })), 'reasonMissing')
  assert.equal(why(send({ reason: 'secret' })), 'reasonMissing')
  assert.deepEqual(step(known, send({})).notices[0]?.withholds, withholds)
})
