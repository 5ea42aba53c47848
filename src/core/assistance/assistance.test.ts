import assert from 'node:assert/strict'
import { test } from 'node:test'
import { why } from '../../../test/support/decided.ts'
import {
  ALBION,
  digestOf,
  folded,
  MERIDIA,
  NOW,
  officer,
  ringAgreement,
  ringInForce,
  SIERRA,
  SUNSET,
} from '../../../test/support/ring.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import { noAgreement } from '../agreement/agreement.ts'
import { type EvidenceEvent, foldEvidence, noEvidence } from '../evidence/evidence.ts'
import { foldRelease, noReleases, type ReleaseDecided } from '../release/release.ts'
import { foldRights, noRights, type RightsEvent } from '../rights/rights.ts'
import { RIGHTS_QUESTIONS, type RightsTest } from '../rights/rights-test.ts'
import {
  type AnswerFacts,
  type AssistanceState,
  assistanceOf,
  foldAssistance,
  noAssistance,
} from './assistance.ts'
import {
  type AssistanceBasis,
  type AssistanceDecision,
  decideAssistance,
  deliverAssistance,
  fulfilAssistance,
  receiveAnswer,
  receiveAssistance,
  requestAssistance,
} from './decide-assistance.ts'
import {
  REFUSAL_CODES,
  REFUSAL_REGIMES,
  type RefusalRegime,
  refusalSource,
} from './refusal-codes.ts'
import { type AssistanceRequest, lintRequest } from './request.ts'

const gb = officer('gil', { authority: ALBION })
const ada = officer('ada')
const document = ringAgreement()
const REASON = 'a reason of more than twenty characters'

const request: AssistanceRequest = {
  requestId: 'q1',
  type: 'produce',
  requestingAuthority: ALBION,
  requestedAuthority: MERIDIA,
  officer: 'gil',
  power: 'statute 3, section 1',
  agreement: { id: document.id, version: 1, digest: digestOf(document) },
  purpose: 'assistance',
  legalBasis: ['statute 3'],
  subject: { classification: 'suspected breach', provision: 'statute 3, 4', facts: 'a harm' },
  dualLegality: { asserted: true, equivalentProvision: 'statute 1, section 9' },
  necessity: 'only the transcript shows what was said',
  proportionality: 'one transcript, with bystanders redacted',
  ownEnquiries: 'the operator was asked and holds nothing here',
  rightsTest: 't1',
  dataCategories: ['exhibitTranscript'],
  identifiers: [{ kind: 'exhibit', value: 'e1' }],
  urgency: { level: 'standard', reason: null },
  answerBy: addMs(NOW, 30 * DAY_MS),
  affectedPerson: { inform: 'delayed', ground: 'rightsOfOthers', reviewAt: addMs(NOW, DAY_MS) },
  conditionsOfUse: [],
  language: 'en',
}

const subject = { kind: 'assistance', id: 'q1' } as const
const testRecorded: RightsEvent = {
  type: 'rightsTestRecorded',
  testId: 't1',
  subject,
  test: Object.fromEntries(
    RIGHTS_QUESTIONS.map((question) => [question, { answer: 'yes', reason: REASON }]),
  ) as unknown as RightsTest,
}

function approvedBy(reviewer: string): readonly RightsEvent[] {
  const opened = { type: 'reviewOpened', reviewId: 'v1', subject, covers: null } as const
  const outcome = { outcome: 'approved', reviewer, reason: REASON, remedy: null } as const
  return [
    { ...opened, reviewerMustNotBe: [] },
    { type: 'reviewDecided', reviewId: 'v1', ...outcome },
  ]
}

function basis(changes: Partial<AssistanceBasis> = {}): AssistanceBasis {
  return {
    assistance: noAssistance,
    agreement: ringInForce(document),
    rights: folded(foldRights, noRights, [testRecorded]),
    releases: noReleases,
    evidence: noEvidence,
    ...changes,
  }
}

function step(state: AssistanceState, decided: AssistanceDecision): AssistanceState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  return decided.decision === 'permit' ? folded(foldAssistance, state, decided.value) : state
}

test('the lint names every field that is missing', () => {
  assert.deepEqual(lintRequest(request, NOW), [])
  const table: readonly [string, Partial<AssistanceRequest>][] = [
    ['type', { type: 'arrest' as 'info' }],
    ['requestedAuthority', { requestedAuthority: ALBION }],
    ['power', { power: ' ' }],
    ['purpose', { purpose: '' }],
    ['legalBasis', { legalBasis: [] }],
    ['legalBasis', { legalBasis: [''] }],
    ['subject', { subject: { ...request.subject, facts: '' } }],
    ['dualLegality', { dualLegality: { asserted: true, equivalentProvision: null } }],
    ['necessity', { necessity: '' }],
    ['proportionality', { proportionality: '' }],
    ['ownEnquiries', { ownEnquiries: '' }],
    ['dataCategories', { dataCategories: [] }],
    ['identifiers', { identifiers: [] }],
    ['urgency', { urgency: { level: 'emergency', reason: null } }],
    ['answerBy', { answerBy: NOW }],
    ['affectedPerson', { affectedPerson: { ...request.affectedPerson, ground: null } }],
    ['affectedPerson', { affectedPerson: { ...request.affectedPerson, reviewAt: null } }],
    ['affectedPerson', { affectedPerson: { ...request.affectedPerson, reviewAt: NOW } }],
  ]
  for (const [field, change] of table) {
    const rules = lintRequest({ ...request, ...change }, NOW).map(({ rule }) => rule)
    assert.deepEqual(rules, [`request:${field}`])
  }
  const notify = { ...request, type: 'notify', dataCategories: [], identifiers: [] } as const
  assert.deepEqual(lintRequest(notify, NOW), [])
})

test('a request leaves only complete, tested and under the agreement', () => {
  const us = { requestedAuthority: 'outside.example' }
  const table: readonly [string, Partial<AssistanceBasis>, Partial<AssistanceRequest>][] = [
    ['permitted', {}, {}],
    ['requestIncomplete', {}, { necessity: '' }],
    ['wrongSide', {}, { requestingAuthority: SIERRA }],
    ['agreementNotInForce', { agreement: noAgreement }, {}],
    ['anotherAgreement', {}, { agreement: { ...request.agreement, digest: 'x' } }],
    ['recipientNotParty', {}, us],
    ['purposeNotCovered', {}, { purpose: 'curiosity' }],
    ['languageNotAccepted', {}, { language: 'de' }],
    ['rightsTestMissing', { rights: noRights }, {}],
    ['rightsTestMissing', {}, { requestId: 'q2' }],
  ]
  for (const [expected, on, change] of table) {
    const decided = requestAssistance(basis(on), { request: { ...request, ...change } }, gb)
    assert.equal(why(decided), expected)
  }
  const asked = step(noAssistance, requestAssistance(basis(), { request }, gb))
  assert.equal(
    why(requestAssistance(basis({ assistance: asked }), { request }, gb)),
    'requestExists',
  )
})

test('a request is received only by the one it names, from the one that asks', () => {
  const from = ALBION
  const table = [
    ['permitted', receiveAssistance(basis(), { request, from }, ada)],
    ['notForUs', receiveAssistance(basis(), { request, from: SIERRA }, ada)],
    ['notForUs', receiveAssistance(basis(), { request, from }, gb)],
    [
      'requestIncomplete',
      receiveAssistance(basis(), { request: { ...request, power: '' }, from }, ada),
    ],
    [
      'agreementNotInForce',
      receiveAssistance(basis({ agreement: noAgreement }), { request, from }, ada),
    ],
  ] as const
  for (const [expected, decided] of table) assert.equal(why(decided), expected)
})

const received = step(noAssistance, receiveAssistance(basis(), { request, from: ALBION }, ada))
const full: AnswerFacts = { requestId: 'q1', answer: 'full', codes: [], regime: null, reasons: '' }

test('a refusal needs codes of its instrument, and reasons', () => {
  const refused: AnswerFacts = {
    ...full,
    answer: 'refused',
    codes: ['NOT_NEEDED'],
    reasons: 'it is public',
  }
  const table: readonly [string, Partial<AnswerFacts>][] = [
    ['permitted', {}],
    ['permitted', { regime: 'cpc' }],
    ['permitted', { answer: 'refused', codes: ['NOT_NEEDED', 'NO_INFRINGEMENT'], regime: 'cpc' }],
    ['codesMissing', { codes: [] }],
    ['reasonsMissing', { reasons: ' ' }],
    ['unknownCode', { codes: ['TOO_MUCH_WORK'] }],
    ['unknownCode', { codes: ['toString'] }],
    ['codeForeignToRegime', { regime: 'gdpr' }],
    ['codeForeignToRegime', { regime: 'cpc', codes: ['NOT_NEEDED', 'NOT_HELD'] }],
    ['unknownRequest', { requestId: 'q9' }],
  ]
  const on = basis({ assistance: received })
  for (const [expected, change] of table) {
    assert.equal(why(decideAssistance(on, { ...refused, ...change }, ada)), expected)
  }
  const cited = decideAssistance(on, { ...refused, regime: 'cpc' }, ada)
  assert.equal(cited.because[0]?.source, 'Regulation (EU) 2017/2394, art. 14(1)(a)')
  const late = officer('ada', { now: SUNSET })
  assert.equal(why(decideAssistance(on, refused, late)), 'permitted')
  assert.equal(why(decideAssistance(on, full, late)), 'agreementNotInForce')
  const other = ringInForce(ringAgreement({ id: '01990000-0000-7000-8000-0000000000ff' }))
  const under = basis({ assistance: received, agreement: other })
  assert.equal(why(decideAssistance(under, full, ada)), 'anotherAgreement')
  assert.equal(why(decideAssistance(under, refused, ada)), 'permitted')
})

test('every code belongs to some instrument', () => {
  const regimes = Object.keys(REFUSAL_REGIMES) as RefusalRegime[]
  for (const code of Object.keys(REFUSAL_CODES) as (keyof typeof REFUSAL_CODES)[]) {
    assert.ok(
      regimes.some((regime) => refusalSource(code, regime)),
      code,
    )
  }
})

test('what needs a review is granted only after an independent approval', () => {
  const table = [
    ['reviewMissing', []],
    ['reviewMissing', approvedBy('ada')],
    ['permitted', approvedBy('judge')],
  ] as const
  for (const [expected, events] of table) {
    const rights = folded(foldRights, noRights, events)
    const decided = decideAssistance(basis({ assistance: received, rights }), full, ada)
    assert.equal(why(decided), expected)
  }
  const plain = { ...request, dataCategories: ['caseSummary'] }
  const asked = step(
    noAssistance,
    receiveAssistance(basis(), { request: plain, from: ALBION }, ada),
  )
  const decided = decideAssistance(basis({ assistance: asked }), full, ada)
  assert.equal(why(decided), 'permitted')
  const answered = step(asked, decided)
  assert.equal(why(decideAssistance(basis({ assistance: answered }), full, ada)), 'alreadyDecided')
  assert.equal(why(receiveAnswer({ assistance: asked }, full, ada)), 'wrongSide')
})

const exhibit = {
  exhibitId: 'e2',
  name: 'transcript',
  mediaType: 'application/json',
  sizeBytes: 1,
  digest: '1'.repeat(64),
  partsRoot: 'a'.repeat(64),
  parts: 2,
}

test('delivery happens only as a permitted release to the requesting authority', () => {
  const released: ReleaseDecided = {
    type: 'releaseDecided',
    releaseId: 'r1',
    kind: 'exhibit',
    recipient: ALBION,
    agreement: request.agreement,
    policyDigest: 'x',
    purpose: 'assistance',
    legalBasis: 'statute 1',
    categories: ['exhibitTranscript'],
    rightsTest: 't',
    emergency: null,
    decision: 'permit',
    why: null,
    because: [],
    duties: [],
    view: {},
    preparedBy: 'ada',
    reviewedBy: 'judge',
  }
  const rights = folded(foldRights, noRights, approvedBy('judge'))
  const before = basis({ assistance: received, rights })
  const assistance = step(received, decideAssistance(before, full, ada))
  const refusal: AnswerFacts = { ...full, answer: 'refused', codes: ['NOT_HELD'], reasons: 'none' }
  const refused = step(received, decideAssistance(before, refusal, ada))
  const evidence = folded(foldEvidence, noEvidence, [
    { type: 'exhibitSealed', ...exhibit } as const,
  ])
  const deliver = { requestId: 'q1', exhibitId: 'e2', releaseId: 'r1' }
  const on = (change: Partial<ReleaseDecided>, state = assistance) =>
    basis({
      assistance: state,
      evidence,
      releases: folded(foldRelease, noReleases, [{ ...released, ...change }]),
    })
  const table = [
    ['notAccepted', on({}, received)],
    ['notAccepted', on({}, refused)],
    ['releaseNotPermitted', on({ recipient: SIERRA })],
    ['releaseNotPermitted', on({ kind: 'case' })],
    ['releaseNotPermitted', on({ decision: 'refuse', why: 'reviewMissing' })],
    ['releaseNotPermitted', on({ releaseId: 'r2' })],
    ['releaseNotPermitted', { ...on({}), evidence: noEvidence }],
    ['permitted', on({})],
  ] as const
  for (const [expected, state] of table) {
    assert.equal(why(deliverAssistance(state, deliver, ada)), expected)
  }
  const delivered = step(assistance, deliverAssistance(on({}), deliver, ada))
  assert.equal(why(deliverAssistance(on({}, delivered), deliver, ada)), 'alreadyDelivered')
})

test('a request is fulfilled only by an exhibit that the requesting side verified', () => {
  const asked = step(noAssistance, requestAssistance(basis(), { request }, gb))
  const answered = step(asked, receiveAnswer({ assistance: asked }, full, gb))
  const arrived: EvidenceEvent & { readonly type: 'exhibitReceived' } = {
    type: 'exhibitReceived',
    ...exhibit,
    from: MERIDIA,
    releaseId: 'r1',
    derivedFrom: 'e1',
    redactions: [{ part: 1, reason: 'r' }],
  }
  const derived: EvidenceEvent = {
    type: 'derivationVerified',
    exhibitId: 'e2',
    partsRoot: exhibit.partsRoot,
    origin: `${MERIDIA}/ledger`,
    leafIndex: 3,
    treeSize: 9,
    shownParts: [0],
    redactedParts: [1],
  }
  const unverified = folded(foldEvidence, noEvidence, [arrived])
  const verified = folded(foldEvidence, noEvidence, [arrived, derived])
  const other = folded(foldEvidence, noEvidence, [{ ...arrived, from: SIERRA }, derived])
  const rejection: EvidenceEvent = {
    ...{ type: 'exhibitAcknowledged', exhibitId: 'e2', releaseId: 'r1', answer: 'rejected' },
    ...{ reason: 'a part is missing', digest: exhibit.digest },
  }
  const rejected = folded(foldEvidence, verified, [rejection])
  const fulfil = { requestId: 'q1', exhibitId: 'e2' }
  const table = [
    ['exhibitRejected', { assistance: answered, evidence: rejected }],
    ['notAnswered', { assistance: asked, evidence: verified }],
    ['notVerified', { assistance: answered, evidence: noEvidence }],
    ['notVerified', { assistance: answered, evidence: unverified }],
    ['notVerified', { assistance: answered, evidence: other }],
    ['permitted', { assistance: answered, evidence: verified }],
  ] as const
  for (const [expected, on] of table) assert.equal(why(fulfilAssistance(on, fulfil, gb)), expected)
  const on = { assistance: answered, evidence: verified }
  const done = step(answered, fulfilAssistance(on, fulfil, gb))
  assert.equal(assistanceOf(done, 'q1')?.fulfilment?.shownParts, 1)
  assert.equal(why(fulfilAssistance({ ...on, assistance: done }, fulfil, gb)), 'alreadyFulfilled')
})
