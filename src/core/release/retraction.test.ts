import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAgreement } from '../../../test/support/careful-reader.ts'
import { why } from '../../../test/support/decided.ts'
import {
  ALBION,
  folded,
  MERIDIA,
  NOW,
  officer,
  ringAgreement,
  ringInForce,
  SIERRA,
  SUNSET,
} from '../../../test/support/ring.ts'
import { ringBasis, ringDecision, ringRelease } from '../../../test/support/ring-release.ts'
import { type Decision, permit } from '../../base/decision.ts'
import { addMs, DAY_MS, HOUR_MS, type Instant } from '../../base/time.ts'
import type { AgreementState } from '../agreement/agreement.ts'
import type { Clause } from '../agreement/clause.ts'
import type { AgreementDocument } from '../agreement/document.ts'
import type { HeldContent, ReleaseBasis } from './basis.ts'
import { awaitsValidation, overdueEmergencies, validateEmergency } from './emergency.ts'
import { dischargeDuty, openDuties, receiveAnswer, receiveDischarge } from './follow-duties.ts'
import { receiveRelease } from './follow-release.ts'
import { heldContent } from './held.ts'
import { answerOnward, askOnward, receiveOnwardAnswer, receiveOnwardQuestion } from './onward.ts'
import { foldRelease, noReleases, type ReleaseEvent, type ReleaseState } from './release.ts'
import {
  DELETION_DUTY,
  mayConfirmDeletion,
  mayKeep,
  receiveDone,
  receiveRetraction,
  withdrawRelease,
} from './retraction.ts'
import { type AskedAgain, standsAgainst } from './still-permitted.ts'

const ada = officer('ada')
const ben = officer('ben')
const gil = officer('gil', { authority: ALBION })
const REASON = 'a reason that can be read'

function step(
  state: ReleaseState,
  decided: Decision<readonly ReleaseEvent[]>,
  at: Instant = NOW,
): ReleaseState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  return decided.decision === 'permit'
    ? folded(foldRelease, state, decided.value, 'ada', at)
    : state
}

const emergency = { threat: 'life', reason: 'a person is about to be harmed' } as const
const released = (changes: object = {}, on: Partial<ReleaseBasis> = {}) =>
  step(noReleases, ringDecision(ringBasis(on), { ...ringRelease, ...changes }))

/** What Albion has after the release arrived. */
function arrived(at: ReleaseState = noReleases): Decision<readonly ReleaseEvent[]> {
  const [release] = released().permitted
  assert.ok(release?.agreement && release.view && release.handling)
  const { kind, purpose, legalBasis, categories, agreement, view, handling } = release
  const duties = release.duties.map(({ dischargedAt: _, ...duty }) => duty)
  const content = { kind, purpose, legalBasis, categories, agreement, view, handling, duties }
  const command = { releaseId: 'r1', from: MERIDIA, ...content }
  return receiveRelease({ releases: at, agreement: ringInForce() }, command, gil)
}

test('a release is called back once, with its cause and a reason', () => {
  const state = released()
  const command = { releaseId: 'r1', cause: 'error', reason: REASON } as const
  assert.equal(why(withdrawRelease(state, { ...command, releaseId: 'r2' }, ada)), 'unknownRelease')
  assert.equal(why(withdrawRelease(state, { ...command, reason: ' ' }, ada)), 'reasonMissing')
  const gone = step(state, withdrawRelease(state, command, ada))
  assert.deepEqual(gone.permitted[0]?.withdrawn, {
    cause: 'error',
    reason: REASON,
    at: NOW,
    by: 'ada',
    done: null,
  })
  assert.equal(why(withdrawRelease(gone, command, ada)), 'alreadyWithdrawn')
})

test('at the recipient nothing is shown any more, and its deletion is owed at once', () => {
  const state = step(noReleases, arrived())
  assert.ok(Object.keys(state.received[0]?.view ?? {}).length > 0)
  const command = { releaseId: 'r1', from: MERIDIA, cause: 'consentWithdrawn' } as const
  const stranger = receiveRetraction(state, { ...command, from: SIERRA }, gil)
  assert.equal(why(stranger), 'unknownRelease')
  const later = addMs(NOW, HOUR_MS)
  const gone = step(state, receiveRetraction(state, command, gil), later)
  assert.deepEqual(gone.received[0]?.view, {})
  const open = openDuties(gone).map(({ dutyId, owedBy, dueAt }) => [dutyId, owedBy, dueAt])
  assert.deepEqual(open, [
    ['7.2', ALBION, null],
    ['7.4', ALBION, addMs(NOW, 180 * DAY_MS)],
    [DELETION_DUTY, ALBION, addMs(later, DAY_MS)],
  ])
  const twice = receiveRetraction(gone, command, gil)
  assert.deepEqual(twice.decision === 'permit' && twice.value, [])
  const [held] = heldContent(gone, [{ exhibitId: 'x1', releaseId: 'r1', derivedFrom: null }])
  assert.equal(held?.isRetracted, true)
})

test('a peer that calls back what never came does so a hundred times, and still what is here', () => {
  const ahead = (releaseId: string, from = MERIDIA) =>
    ({ type: 'releaseRetracted', releaseId, from, cause: 'error', owedBy: ALBION }) as const
  const made = Array.from({ length: 100 }, (_, n) => ahead(`made-up-${n}`))
  const command = { releaseId: 'r1', from: MERIDIA, cause: 'error' } as const
  const few = folded(foldRelease, noReleases, made.slice(1))
  assert.equal(why(receiveRetraction(few, command, gil)), 'permitted')
  const many = folded(foldRelease, noReleases, made)
  assert.equal(why(receiveRetraction(many, command, gil)), 'unknownRelease')
  assert.equal(why(receiveRetraction(many, { ...command, from: SIERRA }, gil)), 'permitted')
  const here = step(many, arrived())
  assert.equal(why(receiveRetraction(here, command, gil)), 'permitted')
})

test('the deletion is confirmed once nothing is left, and the sender keeps the signed word', () => {
  const command = { releaseId: 'r1', from: MERIDIA, cause: 'error' } as const
  const here = step(noReleases, arrived())
  const proof = { releaseId: 'r1', proof: REASON }
  assert.equal(why(mayConfirmDeletion(here, proof)), 'notRetracted')
  const gone = step(here, receiveRetraction(here, command, gil))
  assert.equal(why(mayConfirmDeletion(gone, { ...proof, proof: '' })), 'proofMissing')
  assert.equal(why(mayConfirmDeletion(gone, proof)), 'permitted')
  const statement = { releaseId: 'r1', confirmedAt: NOW, key: 'k1', signature: 'AA==' }
  const confirmed = folded(foldRelease, gone, [
    { type: 'retractionConfirmed', proof: REASON, ...statement },
  ])
  assert.equal(why(mayConfirmDeletion(confirmed, proof)), 'alreadyConfirmed')

  const sent = released()
  assert.equal(why(receiveDone(sent, { by: ALBION, ...statement })), 'notRetracted')
  const withdrawn = step(
    sent,
    withdrawRelease(sent, { releaseId: 'r1', cause: 'error', reason: REASON }, ada),
  )
  assert.equal(why(receiveDone(withdrawn, { by: SIERRA, ...statement })), 'unknownRelease')
  const done = step(withdrawn, receiveDone(withdrawn, { by: ALBION, ...statement }))
  assert.deepEqual(done.permitted[0]?.withdrawn?.done, { by: ALBION, ...statement })
  assert.ok(
    openDuties(withdrawn).every(({ dutyId }) => dutyId !== DELETION_DUTY),
    'never sent',
  )
  const again = receiveDone(done, { by: ALBION, ...statement })
  assert.deepEqual(again.decision === 'permit' && again.value, [])
})

test('a deletion that was asked for is not shown by an unsigned word of another kind', () => {
  const permitted = released().permitted.map((one) => ({ ...one, sentAt: NOW }))
  const sent = { ...released(), permitted }
  const withdraw = { releaseId: 'r1', cause: 'error', reason: REASON } as const
  const withdrawn = step(sent, withdrawRelease(sent, withdraw, ada))
  const told = {
    ...{ releaseId: 'r1', dutyId: DELETION_DUTY, from: ALBION, proof: REASON },
    evidence: { kind: 'deletion', view: null, exhibits: [] },
  } as const
  const heard = receiveDischarge(withdrawn, told, ada)
  assert.equal(heard.decision === 'refuse' && heard.why, 'wrongProof')
  assert.ok(openDuties(withdrawn).some(({ dutyId }) => dutyId === DELETION_DUTY))
})

test('a retraction that comes before its release turns the release away', () => {
  const command = { releaseId: 'r1', from: MERIDIA, cause: 'error' } as const
  const early = step(noReleases, receiveRetraction(noReleases, command, gil))
  assert.equal(why(arrived(early)), 'retractedBefore')
  const other = { ...command, from: SIERRA }
  const foreign = step(noReleases, receiveRetraction(noReleases, other, gil))
  assert.equal(
    why(arrived(foreign)),
    'permitted',
    'another authority calls nothing of Meridia back',
  )
})

const transcript = { kind: 'exhibit', categories: ['exhibitTranscript'] } as const

test('nobody validates what was released in their place', () => {
  const byDelegation = { ...ada, inPlaceOf: 'ben' }
  const decided = ringDecision(ringBasis(), { ...ringRelease, emergency }, byDelegation)
  const urgent = step(noReleases, decided)
  const validate = { releaseId: 'r1', answer: 'validate', reason: REASON } as const
  assert.equal(why(validateEmergency(urgent, validate, ben, [])), 'samePerson')
  assert.equal(why(validateEmergency(urgent, validate, officer('cas'), [])), 'permitted')
})

test('a second officer validates within the hours, or the release is withdrawn', () => {
  const urgent = released({ emergency })
  const [release] = urgent.permitted
  assert.deepEqual(release?.emergency, {
    ...emergency,
    validateBy: addMs(NOW, 2 * DAY_MS),
    waives: [],
  })
  const validate = { releaseId: 'r1', answer: 'validate', reason: REASON } as const
  const late = officer('ben', { now: addMs(NOW, 2 * DAY_MS) })
  const table = [
    ['samePerson', validateEmergency(urgent, validate, ada, [])],
    ['samePerson', validateEmergency(urgent, validate, { ...ben, inPlaceOf: 'ada' }, [])],
    ['officerConflict', validateEmergency(urgent, validate, ben, ['ben'])],
    ['reasonMissing', validateEmergency(urgent, { ...validate, reason: ' ' }, ben, [])],
    ['unknownRelease', validateEmergency(urgent, { ...validate, releaseId: 'r2' }, ben, [])],
    ['noEmergency', validateEmergency(released(), validate, ben, [])],
    ['hoursOver', validateEmergency(urgent, validate, late, [])],
  ] as const
  for (const [expected, decided] of table) assert.equal(why(decided), expected)
  const valid = step(urgent, validateEmergency(urgent, validate, ben, []))
  assert.equal(valid.permitted[0]?.validation?.reason, REASON)
  assert.ok(!openDuties(valid).some(({ kind }) => kind === 'postReview'))
  assert.equal(why(validateEmergency(valid, validate, ben, [])), 'alreadyAnswered')
  const refusal = { ...validate, answer: 'withdraw' } as const
  const gone = step(urgent, validateEmergency(urgent, refusal, ben, []))
  assert.equal(gone.permitted[0]?.withdrawn?.cause, 'emergencyNotValidated')
  // To withdraw is the review too.
  assert.ok(!openDuties(gone).some(({ kind }) => kind === 'postReview'))
})

test('a word discharges no review: only the review on record does', () => {
  const urgent = released({ emergency })
  const [duty] = openDuties(urgent).filter(({ kind }) => kind === 'postReview')
  assert.ok(duty)
  const { releaseId, dutyId } = duty
  const word = { releaseId, dutyId, proof: 'We reviewed it.', evidence: { kind: 'text' } } as const
  assert.equal(why(dischargeDuty(urgent, word, ada)), 'notReviewed')
  assert.equal(why(dischargeDuty(urgent, word, ben)), 'notReviewed')
  const validate = { releaseId: 'r1', answer: 'validate', reason: REASON } as const
  const valid = step(urgent, validateEmergency(urgent, validate, ben, []))
  const contested = step(
    valid,
    receiveAnswer(
      valid,
      { releaseId, dutyId, from: ALBION, answer: 'contested', reason: 'Who was it?' },
      ada,
    ),
  )
  assert.ok(openDuties(contested).some(({ kind }) => kind === 'postReview'))
  assert.equal(why(dischargeDuty(contested, word, ada)), 'permitted')
})

test('where a review was put afterwards only a reviewer validates', () => {
  const urgent = released({ ...transcript, emergency })
  assert.deepEqual(urgent.permitted[0]?.emergency?.waives, ['review'])
  const validate = { releaseId: 'r1', answer: 'validate', reason: REASON } as const
  assert.equal(why(validateEmergency(urgent, validate, ben, [])), 'notAReviewer')
  const reviewer = officer('judge', { roles: ['reviewer'] })
  assert.equal(why(validateEmergency(urgent, validate, reviewer, [])), 'permitted')
})

test('what nobody validated is overdue from the first moment after the hours, once', () => {
  const urgent = released({ emergency })
  const until = addMs(NOW, 2 * DAY_MS)
  assert.deepEqual(overdueEmergencies(urgent, addMs(until, -1)), [])
  assert.equal(overdueEmergencies(urgent, until).length, 1)
  assert.equal(overdueEmergencies(urgent, addMs(until, 30 * DAY_MS)).length, 1)
  assert.deepEqual(overdueEmergencies(released(), addMs(until, DAY_MS)), [])
  const validate = { releaseId: 'r1', answer: 'validate', reason: REASON } as const
  const valid = step(urgent, validateEmergency(urgent, validate, ben, []))
  assert.deepEqual(overdueEmergencies(valid, addMs(until, DAY_MS)), [])
  const command = { releaseId: 'r1', cause: 'emergencyNotValidated', reason: REASON } as const
  const gone = step(urgent, withdrawRelease(urgent, command, ada))
  assert.deepEqual(overdueEmergencies(gone, addMs(until, DAY_MS)), [])
  assert.equal(gone.permitted.some(awaitsValidation), false)
})

const question = {
  requestId: 'q1',
  releaseId: 'r1',
  recipient: SIERRA,
  purpose: 'investigation',
  reason: REASON,
}

const by = (document: AgreementDocument | null = ringAgreement()) => ({ document, inside: [] })

test('the originator is asked before anything goes on, and its yes is for one recipient', () => {
  const held = step(noReleases, arrived())
  const ask = (change: object, at = held) => askOnward(at, { ...question, ...change }, gil)
  assert.equal(why(ask({ releaseId: 'r9' })), 'unknownRelease')
  assert.equal(why(ask({ recipient: MERIDIA })), 'sameAuthority')
  assert.equal(why(ask({ recipient: ALBION })), 'sameAuthority')
  assert.equal(why(ask({ reason: ' ' })), 'reasonMissing')
  const asked = step(held, ask({}))
  assert.equal(why(ask({ requestId: 'q2' }, asked)), 'alreadyAsked')

  const origin = released()
  const incoming = { ...question, from: ALBION }
  assert.equal(why(receiveOnwardQuestion(origin, { ...incoming, from: SIERRA })), 'unknownRelease')
  const open = step(origin, receiveOnwardQuestion(origin, incoming))
  const yes = { requestId: 'q1', answer: 'consent', reason: REASON } as const
  const never = ringAgreement({ onwardTransfer: { clause: '7.2', allowed: 'never' } })
  assert.equal(why(answerOnward(open, yes, by(never))), 'onwardNever')
  assert.equal(why(answerOnward(open, yes, by(null))), 'onwardNever')
  assert.equal(why(answerOnward(open, { ...yes, answer: 'refuse' }, by(never))), 'permitted')
  assert.equal(why(answerOnward(open, { ...yes, requestId: 'q9' }, by())), 'unknownRequest')
  const others: HeldContent = {
    ...{ originator: 'other.example', releaseId: 'r0', categories: [], exhibitIds: [], duties: [] },
    ...{ consentedTo: [{ recipient: SIERRA, purpose: 'statistics' }], isRetracted: false },
  }
  assert.equal(why(answerOnward(open, yes, { ...by(), inside: [others] })), 'notOursAlone')
  const told = { ...others, consentedTo: [{ recipient: SIERRA, purpose: 'investigation' }] }
  assert.equal(why(answerOnward(open, yes, { ...by(), inside: [told] })), 'permitted')
  const decided = step(open, answerOnward(open, yes, by()))
  assert.equal(why(answerOnward(decided, yes, by())), 'alreadyAnswered')

  const answer = { requestId: 'q1', answer: 'consent', from: MERIDIA } as const
  assert.equal(why(receiveOnwardAnswer(asked, { ...answer, from: SIERRA })), 'unknownRequest')
  const may = step(asked, receiveOnwardAnswer(asked, answer))
  const consented = [{ recipient: SIERRA, purpose: 'investigation' }]
  assert.deepEqual(heldContent(may, [])[0]?.consentedTo, consented)
  assert.deepEqual(heldContent(asked, [])[0]?.consentedTo, [])
})

/** Answered by the careful reader, not by the engine. */
const againAt = (now: Instant): AskedAgain => ({
  conditions: new Map(),
  ask: (document, question) => readAgreement(document, question, { now }),
})

test('an exemption that ends before it leaves stops it', () => {
  const clauses = ringAgreement().clauses
  const until = addMs(NOW, DAY_MS)
  const forbid = { id: '99.1', kind: 'forbidRelease', text: 'x', categories: ['caseSummary'] }
  const exempt = { id: '99.2', kind: 'exempt', text: 'x', clauses: ['99.1'], until }
  const agreement = ringInForce(
    ringAgreement({ clauses: [...clauses, forbid as Clause, exempt as Clause] }),
  )
  const releases = released({}, { agreement })
  const [release] = releases.permitted
  assert.ok(release)
  const at = (now: Instant) =>
    standsAgainst(
      ringBasis({ releases, agreement }),
      release,
      officer('ada', { now }),
      againAt(now),
    )?.why
  assert.equal(at(NOW), undefined)
  assert.equal(at(until), 'categoryNotReleasable')
})

test('what was permitted is asked again when it leaves', () => {
  const releases = released()
  const [release] = releases.permitted
  assert.ok(release)
  const against = (on: Partial<ReleaseBasis>, acting = ada, which = release) =>
    standsAgainst(ringBasis({ releases, ...on }), which, acting, againAt(acting.now))?.why ??
    'leaves'
  const order = {
    orderId: 'o1',
    orderedBy: 'a court (fictional)',
    reference: '1 K 1/26',
    exhibits: null,
    maySee: [],
    mayReceive: [],
    purposes: [],
    until: null,
    recordedAt: NOW,
    recordedBy: 'ada',
    lifted: null,
  } as const
  const suspended: AgreementState = { ...ringInForce(), phase: 'suspended' }
  const consent = { id: '99.1', kind: 'requireConsent', text: 'x', categories: ['caseSummary'] }
  const other = ringAgreement({ clauses: [...ringAgreement().clauses, consent as Clause] })
  const withdrawn = { cause: 'error', reason: REASON, at: NOW, by: 'ada', done: null } as const
  assert.equal(against({}), 'leaves')
  const disputed = ringAgreement()
    .clauses.filter(({ kind }) => kind === 'permitRelease')
    .map(({ id }) => id)
  assert.equal(against({ disputed }), 'clauseNotInEffect')
  assert.equal(against({}, officer('ada', { now: SUNSET })), 'agreementNotInForce')
  assert.equal(against({ agreement: suspended }), 'agreementNotInForce')
  assert.equal(against({ agreement: ringInForce(other) }), 'anotherAgreement')
  assert.equal(against({ evidence: { exhibits: [], orders: [order] } }), 'orderForbids')
  assert.equal(
    against({ embargo: { state: 'active', signatories: [MERIDIA] } }),
    'embargoConsentMissing',
  )
  const signatories = [MERIDIA, ALBION]
  assert.equal(
    against({ embargo: { state: 'exited', signatories: [], left: [ALBION] } }),
    'recipientLeft',
  )
  assert.equal(
    against({ embargo: { state: 'active', signatories, withoutReport: [ALBION] } }),
    'reportNotReceived',
  )
  assert.equal(against({}, ada, { ...release, withdrawn }), 'withdrawn')
})

test('only what its origin erased is kept, on a ground that stands', () => {
  const retracted = (cause: 'erased' | 'error') => {
    const called = { releaseId: 'r9', from: MERIDIA, cause }
    return step(noReleases, receiveRetraction(noReleases, called, gil))
  }
  const kept = { releaseId: 'r9', ground: 'legalHold', law: 'An act, article 3' } as const
  const may = (change: object = {}, cause: 'erased' | 'error' = 'erased', hold = true) =>
    why(mayKeep(retracted(cause), { ...kept, ...change }, hold))
  assert.equal(may(), 'permitted')
  assert.equal(may({ releaseId: 'r8' }), 'notRetracted')
  assert.equal(may({}, 'error'), 'notErased')
  assert.equal(may({}, 'erased', false), 'noHold')
  assert.equal(may({ ground: 'ownDuty' }, 'erased', false), 'permitted')
  assert.equal(may({ law: ' ' }), 'reasonMissing')
  const statement = {
    ...kept,
    answer: 'refused',
    answeredAt: NOW,
    key: 'k',
    signature: 's',
  } as const
  const state = step(retracted('erased'), permit([{ type: 'retractionKept', ...statement }]))
  assert.equal(why(mayKeep(state, kept, true)), 'alreadyKept')
  assert.equal(why(mayConfirmDeletion(state, { releaseId: 'r9', proof: 'gone' })), 'permitted')
})
