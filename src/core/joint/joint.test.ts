import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CalendarDate, instant } from '../../base/time.ts'
import { foldCase } from '../case/case.ts'
import type { Acting } from '../case/recorded.ts'
import {
  addReviewAction,
  answerSupport,
  changeItem,
  closeCase,
  endTaskForce,
  formTaskForce,
  offerSupport,
  type Playbook,
  recordAfterAction,
  startPlaybook,
} from './decide-joint.ts'
import { foldJoint, type JointState, noJointWork } from './joint-state.ts'
import { reviewFacts } from './review-facts.ts'

const at = instant('2026-11-23T10:00:00.000Z')
const ada: Acting = {
  officer: 'ada',
  roles: ['caseOfficer'],
  authority: 'meridia.example',
  now: at,
}
const playbook: Playbook = {
  ...{ id: 'triage', version: '1.0', title: 'Triage together' },
  items: [
    { id: 'one', text: 'First', afterDays: 3 },
    { id: 'two', text: 'Second', afterDays: 0 },
  ],
}
const start = { playbook, runId: 'run', itemIds: ['i1', 'i2'], officer: 'ada' }
const none = { reason: null, officer: null, authority: null, dueAt: null }
const facts = {
  ...{ embargoBreaches: [], overdueClocks: [], silent: [] },
  ...{ breachedDuties: 0, lateItems: 0 },
}
const review = { reviewId: 'r', wentWell: 'Fast.', wentLate: 'The fix.', lessons: 'Ask.', facts }

type Decided = ReturnType<typeof changeItem>

function after(state: JointState, ...all: readonly Decided[]): JointState {
  return all.reduce((sofar, decided) => {
    assert.equal(decided.decision, 'permit', JSON.stringify(decided))
    const events = decided.decision === 'permit' ? decided.value : []
    return events.reduce(
      (folded, event) => foldJoint(folded, { event, version: 1, at, by: 'ada' }),
      sofar,
    )
  }, state)
}

const whyNot = (decided: Decided) => (decided.decision === 'refuse' ? decided.why : 'permitted')

test('a playbook becomes items with an owner and a day; it does not run twice at once', () => {
  const state = after(noJointWork, startPlaybook(noJointWork, start, ada))
  assert.deepEqual(
    state.playbooks[0]?.items.map(({ text, officer, dueAt, state: is }) => [
      text,
      officer,
      dueAt,
      is,
    ]),
    [
      ['First', 'ada', '2026-11-26T10:00:00.000Z', 'open'],
      ['Second', 'ada', '2026-11-23T10:00:00.000Z', 'open'],
    ],
  )
  assert.equal(whyNot(startPlaybook(state, start, ada)), 'runningAlready')
})

test('items are done, skipped with a reason, passed on and opened again', () => {
  const state = after(noJointWork, startPlaybook(noJointWork, start, ada))
  const refusals = [
    [{ ...none, itemId: 'i9', step: 'done' }, 'unknownItem'],
    [{ ...none, itemId: 'i1', step: 'skipped' }, 'reasonMissing'],
    [{ ...none, itemId: 'i1', step: 'skipped', reason: '  ' }, 'reasonMissing'],
    [{ ...none, itemId: 'i1', step: 'reopened', reason: 'x' }, 'itemOpen'],
    [{ ...none, itemId: 'i1', step: 'reassigned', reason: 'x' }, 'ownerUnclear'],
    [
      { ...none, itemId: 'i1', step: 'reassigned', reason: 'x', officer: 'b', authority: 'c' },
      'ownerUnclear',
    ],
  ] as const
  for (const [command, why] of refusals) assert.equal(whyNot(changeItem(state, command)), why)
  const passed = after(
    state,
    changeItem(state, {
      ...none,
      ...{ itemId: 'i1', step: 'reassigned', reason: 'They test it.', authority: 'albion.example' },
    }),
    changeItem(state, { ...none, itemId: 'i2', step: 'done' }),
  )
  const [first, second] = passed.playbooks[0]?.items ?? []
  assert.deepEqual([first?.officer, first?.authority], [null, 'albion.example'])
  assert.equal(second?.state, 'done')
  assert.equal(whyNot(changeItem(passed, { ...none, itemId: 'i2', step: 'done' })), 'itemNotOpen')
})

test('a case closes after a review, or with the reason why nobody looks back', () => {
  assert.equal(whyNot(closeCase(noJointWork, { reason: null })), 'noReview')
  assert.equal(whyNot(closeCase(noJointWork, { reason: ' ' })), 'noReview')
  const action = { taskId: 't', text: 'Ask.', officer: 'ada', dueOn: '2026-12-01' as CalendarDate }
  assert.equal(whyNot(addReviewAction(noJointWork, action)), 'noReview')
  const unseen = after(noJointWork, closeCase(noJointWork, { reason: 'A duplicate.' }))
  assert.deepEqual([unseen.closed?.reviewId, unseen.closed?.reason], [null, 'A duplicate.'])
  const reviewed = after(noJointWork, recordAfterAction(noJointWork, review))
  const closed = after(
    reviewed,
    addReviewAction(reviewed, action),
    closeCase(reviewed, { reason: null }),
  )
  assert.equal(closed.closed?.reviewId, 'r')
  assert.equal(closed.reviews[0]?.actions.length, 1)
  assert.equal(whyNot(closeCase(closed, { reason: null })), 'alreadyClosed')
  assert.equal(whyNot(recordAfterAction(closed, review)), 'caseIsClosed')
  assert.equal(whyNot(startPlaybook(closed, start, ada)), 'caseIsClosed')
})

test('a case whose report an appeal reopens is open to joint work again', () => {
  const participant = 'meridia.example'
  const events = [
    { type: 'participantJoined', participant, roles: ['coordinator'] },
    { type: 'caseClosed', reviewId: null, reason: 'A duplicate.' },
    { type: 'reportReopened', participant, appealId: 'a1', from: 'closed' },
  ] as const
  const state = foldCase(events.map((event, at0) => ({ event, version: at0 + 1, at, by: 'ada' })))
  assert.equal(state.joint.closed, null)
  assert.equal(whyNot(startPlaybook(state.joint, start, ada)), 'permitted')
})

test('an offer is answered once; a task force ends once and not before it begins', () => {
  const offer = { offerId: 'o', from: 'albion.example', kind: 'testing', text: 'A lab.' } as const
  const state = after(noJointWork, offerSupport(noJointWork, offer))
  const answer = { offerId: 'o', answer: 'accepted', reason: 'We need it.' } as const
  const answered = after(state, answerSupport(state, answer))
  assert.equal(answered.offers[0]?.answered?.answer, 'accepted')
  assert.equal(whyNot(answerSupport(answered, answer)), 'alreadyAnswered')
  assert.equal(whyNot(answerSupport(state, { ...answer, offerId: 'p' })), 'unknownOffer')
  const force = {
    ...{ taskForceId: 'f', name: 'F', mandate: 'M', lead: 'ada', officers: [], participants: [] },
    ...{ startsOn: '2026-12-01' as CalendarDate, endsOn: '2026-12-31' as CalendarDate },
    homeCaseId: null,
  }
  const wrong = { ...force, endsOn: '2026-11-30' as CalendarDate }
  assert.equal(whyNot(formTaskForce(noJointWork, wrong)), 'datesWrong')
  const formed = after(noJointWork, formTaskForce(noJointWork, force))
  assert.equal(whyNot(formTaskForce(formed, force)), 'alreadyThere')
  const end = { taskForceId: 'f', reason: 'Done.' }
  const ended = after(formed, endTaskForce(formed, end))
  assert.equal(whyNot(endTaskForce(ended, end)), 'alreadyEnded')
  assert.equal(whyNot(endTaskForce(noJointWork, end)), 'unknownTaskForce')
})

test('a breach is what became public while the embargo held, and nothing else', () => {
  const events = [
    { type: 'progressChanged', letter: 'A', evidence: 'Before the embargo.' },
    { type: 'embargoChanged', event: 'propose', from: 'none', to: 'proposed', terms },
    { type: 'embargoChanged', event: 'accept', from: 'proposed', to: 'active', terms },
    { type: 'progressChanged', letter: 'P', evidence: 'A newspaper.' },
  ] as never[]
  const history = events.map((event, index) => ({ event, version: index + 1, at, by: 'ada' }))
  assert.deepEqual(reviewFacts(foldCase(history), history, at).embargoBreaches, [
    { letter: 'P', at },
  ])
})

const terms = { embargoId: 'e', until: instant('2026-12-24T10:00:00.000Z'), zone: 'UTC' }
