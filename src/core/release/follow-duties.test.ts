import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, folded, MERIDIA, officer, recorded } from '../../../test/support/ring.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import {
  answerDischarge,
  type DutyDecision,
  dischargeDuty,
  openDuties,
  overdueDuties,
  receiveAnswer,
  receiveBreach,
  receiveDischarge,
  reportBreach,
  standingOf,
} from './follow-duties.ts'
import {
  type Duty,
  foldRelease,
  noReleases,
  type ReleaseEvent,
  type ReleaseState,
} from './release.ts'

const gil = officer('gil', { authority: ALBION })
const ada = officer('ada')
const dueAt = addMs(ada.now, 30 * DAY_MS)
const duty = (dutyId: string, kind: Duty['kind'], owedBy: string, due: Instant | null = dueAt) =>
  ({ dutyId, kind, text: `clause ${dutyId}`, owedBy, dueAt: due }) as const
const duties = [
  duty('7.1', 'deleteBy', ALBION),
  duty('7.2', 'noOnwardTransfer', ALBION, null),
  duty('7.3', 'reportUse', ALBION),
  duty('7.4', 'notifyPerson', MERIDIA),
]
const agreement = { id: 'a1', version: 1, digest: '1'.repeat(64) }
const facts = {
  releaseId: 'r1',
  kind: 'case',
  agreement,
  purpose: 'investigation',
  legalBasis: 'clause 2.1',
  categories: ['caseSummary'],
  duties,
} as const
const decided: ReleaseEvent = {
  ...facts,
  type: 'releaseDecided',
  recipient: ALBION,
  policyDigest: '',
  rightsTest: null,
  emergency: null,
  decision: 'permit',
  why: null,
  because: [],
  view: {},
  preparedBy: 'ada',
  reviewedBy: null,
}
const arrived: ReleaseEvent = {
  ...facts,
  type: 'releaseReceived',
  from: MERIDIA,
  view: {},
  viewCommitment: 'c'.repeat(64),
}

const why = (decision: DutyDecision) =>
  decision.decision === 'refuse' ? decision.why : 'permitted'
function step(state: ReleaseState, decision: DutyDecision): ReleaseState {
  assert.equal(decision.decision, 'permit', JSON.stringify(decision))
  return decision.decision === 'permit' ? folded(foldRelease, state, decision.value) : state
}
const sent = folded(foldRelease, noReleases, [decided])
const received = folded(foldRelease, noReleases, [arrived])
const stateOf = (state: ReleaseState, dutyId: string) => {
  const [release] = [...state.permitted, ...state.received]
  const found = release?.duties.find((one) => one.dutyId === dutyId)
  return release && found && standingOf(release, found)
}
const report = {
  releaseId: 'r1',
  dutyId: '7.3',
  proof: 'Used for order 12; no other use.',
  evidence: { kind: 'text' },
} as const

test('only the one who owes discharges, once, with the proof of its kind', () => {
  const change = (more: object, acting = gil) =>
    why(dischargeDuty(received, { ...report, ...more }, acting))
  assert.equal(change({}, ada), 'notOwedByUs')
  assert.equal(
    change({ dutyId: '7.4', evidence: { kind: 'notice', noticeId: 'n' } }),
    'notOwedByUs',
  )
  assert.equal(change({ releaseId: 'r9' }), 'unknownRelease')
  assert.equal(change({ dutyId: '9' }), 'unknownDuty')
  assert.equal(change({ proof: ' ' }), 'proofMissing')
  assert.equal(change({ evidence: { kind: 'deletion', view: null, exhibits: [] } }), 'wrongProof')
  assert.equal(change({ dutyId: '7.1' }), 'wrongProof')
  const done = step(received, dischargeDuty(received, report, gil))
  assert.equal(stateOf(done, '7.3'), 'discharged')
  assert.equal(why(dischargeDuty(done, report, gil)), 'alreadyDischarged')
})

test('what lasts as long as the information is held ends with the information', () => {
  const lasting = { ...report, dutyId: '7.2' }
  assert.equal(why(dischargeDuty(received, lasting, gil)), 'stillHeld')
  assert.equal(stateOf(received, '7.2'), 'lasting')
  const gone = folded(foldRelease, received, [
    { type: 'receivedViewDestroyed', releaseId: 'r1', commitment: 'c'.repeat(64), reason: '7.1' },
  ])
  assert.equal(stateOf(gone, '7.2'), 'ended')
  assert.equal(why(dischargeDuty(gone, lasting, gil)), 'permitted')
})

test('the other side hears of a discharge once, from the one who owes, and judges it', () => {
  const told = { ...report, from: ALBION }
  assert.equal(why(receiveDischarge(sent, { ...told, from: 'sierra.example' }, ada)), 'notOwedToUs')
  assert.equal(why(receiveDischarge(sent, { ...told, dutyId: '7.4' }, ada)), 'notOwedToUs')
  const wrong = { ...told, evidence: { kind: 'return', messageId: 'm' } } as const
  assert.equal(why(receiveDischarge(sent, wrong, ada)), 'wrongProof')
  const heard = step(sent, receiveDischarge(sent, told, ada))
  assert.equal(stateOf(heard, '7.3'), 'discharged')
  const again = receiveDischarge(heard, told, ada)
  assert.deepEqual(again.decision === 'permit' && again.value, [])

  const answer = {
    releaseId: 'r1',
    dutyId: '7.3',
    answer: 'contested',
    reason: 'No word.',
  } as const
  assert.equal(why(answerDischarge(sent, answer, ada)), 'notDischarged')
  assert.equal(why(answerDischarge(heard, { ...answer, reason: ' ' }, ada)), 'reasonMissing')
  assert.equal(why(answerDischarge(heard, { ...answer, dutyId: '7.4' }, ada)), 'notOwedToUs')
  const contested = step(heard, answerDischarge(heard, answer, ada))
  assert.equal(stateOf(contested, '7.3'), 'contested')
  assert.equal(
    openDuties(contested).some(({ dutyId }) => dutyId === '7.3'),
    true,
  )
  assert.equal(why(answerDischarge(contested, answer, ada)), 'alreadyAnswered')
  const better = step(contested, receiveDischarge(contested, told, ada))
  const accepted = step(better, answerDischarge(better, { ...answer, answer: 'accepted' }, ada))
  assert.equal(stateOf(accepted, '7.3'), 'accepted')
})

test('an answer counts for the one who discharged, and only from the one who is owed', () => {
  const done = step(received, dischargeDuty(received, report, gil))
  const answer = { releaseId: 'r1', dutyId: '7.3', answer: 'contested', reason: 'No.' } as const
  assert.equal(why(receiveAnswer(done, { ...answer, from: 'sierra.example' }, gil)), 'notOwedToUs')
  assert.equal(why(receiveAnswer(received, { ...answer, from: MERIDIA }, gil)), 'notDischarged')
  const contested = step(done, receiveAnswer(done, { ...answer, from: MERIDIA }, gil))
  assert.equal(stateOf(contested, '7.3'), 'contested')
  assert.equal(why(dischargeDuty(contested, report, gil)), 'permitted')
})

test('a day that passes is a breach at once for who owes, a day later for who is owed', () => {
  const at = (state: ReleaseState, authority: string, now: Instant) =>
    overdueDuties(state, { authority, now }).map(({ dutyId }) => dutyId)
  const before = addMs(dueAt, -1)
  const later = addMs(dueAt, DAY_MS)
  assert.deepEqual(at(received, ALBION, before), [])
  assert.deepEqual(at(received, ALBION, dueAt), ['7.1', '7.3'])
  assert.deepEqual(at(sent, MERIDIA, dueAt), ['7.4'])
  assert.deepEqual(at(sent, MERIDIA, addMs(later, -1)), ['7.4'])
  assert.deepEqual(at(sent, MERIDIA, later), ['7.1', '7.3', '7.4'])
  const breached = folded(
    foldRelease,
    sent,
    overdueDuties(sent, { authority: MERIDIA, now: later }),
  )
  assert.equal(stateOf(breached, '7.1'), 'breached')
  assert.deepEqual(at(breached, MERIDIA, later), [])
})

test('who never got a release is in no breach of its duties', () => {
  const stopped = folded(foldRelease, sent, [
    { type: 'releaseStopped', releaseId: 'r1', why: 'orderForbids', because: [] },
  ])
  const later = addMs(dueAt, 2 * DAY_MS)
  const overdue = overdueDuties(stopped, { authority: MERIDIA, now: later })
  assert.deepEqual(
    overdue.map(({ dutyId }) => dutyId),
    ['7.4'],
  )
})

test('a breach stays in the history though the duty is done late', () => {
  const breach = { releaseId: 'r1', dutyId: '7.3', ground: 'overdue', reason: 'late' } as const
  const breached = step(received, receiveBreach(received, { ...breach, from: MERIDIA }, gil))
  assert.equal(stateOf(breached, '7.3'), 'breached')
  const late = step(breached, dischargeDuty(breached, report, gil))
  assert.equal(stateOf(late, '7.3'), 'discharged')
  assert.equal(late.received[0]?.duties[2]?.breach?.reportedBy, MERIDIA)
  assert.equal(
    why(receiveBreach(received, { ...breach, from: 'sierra.example' }, gil)),
    'notOwedToUs',
  )
  const twice = receiveBreach(breached, { ...breach, from: MERIDIA }, gil)
  assert.deepEqual(twice.decision === 'permit' && twice.value, [])
})

test('a breach that no day shows is reported with a reason, once', () => {
  const breach = { releaseId: 'r1', dutyId: '7.2', reason: 'It was read out in court.' }
  assert.equal(why(reportBreach(sent, { ...breach, reason: '' }, ada)), 'reasonMissing')
  const reported = step(sent, reportBreach(sent, breach, ada))
  assert.equal(stateOf(reported, '7.2'), 'breached')
  assert.equal(why(reportBreach(reported, breach, ada)), 'alreadyBreached')
})

test('a discharge of before there was evidence by kind still folds', () => {
  const old = { type: 'dutyDischarged', releaseId: 'r1', dutyId: '7.1', proof: 'done' } as const
  const state = foldRelease(received, recorded(old, 'gil'))
  assert.equal(state.received[0]?.duties[0]?.discharge?.evidence, null)
  assert.equal(stateOf(state, '7.1'), 'discharged')
})
