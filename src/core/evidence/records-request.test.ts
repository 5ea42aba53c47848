import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, folded, officer, SIERRA } from '../../../test/support/ring.ts'
import { addMs, calendarDate, DAY_MS, instant } from '../../base/time.ts'
import type { LawState } from '../law/case-law.ts'
import type { HeldContent } from '../release/basis.ts'
import { decideRecordsRelease, type RecordsReleaseBasis } from '../release/records-release.ts'
import type { Claim } from '../rights/claims.ts'
import {
  type AnswerDecision,
  answerDocument,
  answerOutcomeOf,
  answerRecordsRequest,
  askOriginator,
  decideRecordsItem,
  noteRecordsAppeal,
  type RecordsDecision,
  receiveOriginatorReply,
  receiveRecordsRequest,
  recordOriginatorAnswer,
  recordSearch,
} from './decide-records-request.ts'
import { type EvidenceEvent, type EvidenceState, foldEvidence, noEvidence } from './evidence.ts'
import type { RecordsBasis } from './records-item.ts'
import type { ItemDecision } from './records-request.ts'

const ada = officer('ada')
const now = ada.now
const facts = {
  name: 'transcript',
  mediaType: 'application/json',
  sizeBytes: 10,
  digest: '1'.repeat(64),
  partsRoot: '2'.repeat(64),
  parts: 3,
}
const hidden = [{ part: 0, reason: 'names a person' }]
const copy = (exhibitId: string, derivedFrom: string, more: object = {}) =>
  ({
    type: 'exhibitRedacted',
    exhibitId,
    derivedFrom,
    redactions: hidden,
    ...facts,
    ...more,
  }) as const
const received = (exhibitId: string, releaseId: string) =>
  ({
    type: 'exhibitReceived',
    ...{ exhibitId, releaseId, from: SIERRA, derivedFrom: null, redactions: [] },
    ...facts,
  }) as const
const EXHIBITS: readonly EvidenceEvent[] = [
  { type: 'exhibitSealed', exhibitId: 'own', ...facts },
  copy('ownCopy', 'own'),
  copy('unhidden', 'own', { redactions: [] }),
  copy('unreviewed', 'own', { wantsReview: true }),
  { type: 'exhibitSealed', exhibitId: 'other', ...facts },
  received('theirs', 'r1'),
  copy('theirCopy', 'theirs'),
  received('stray', 'r9'),
]
const exhibits = folded(foldEvidence, noEvidence, EXHIBITS)
const noLaw: Pick<LawState, 'clocks'> = { clocks: {} }
const request = {
  requestId: 'q1',
  requester: 'FOI/2026-114',
  asked: 'all records about the companion',
  receivedAt: calendarDate('2026-11-20'),
  dueAt: addMs(now, 20 * DAY_MS),
  dueBasis: { kind: 'citation', citation: 'Public Records Act (fictional), s. 10' },
} as const

const why = (decided: RecordsDecision | AnswerDecision) =>
  decided.decision === 'refuse' ? decided.why : 'permitted'

function step(state: EvidenceState, decided: RecordsDecision | AnswerDecision): EvidenceState {
  if (decided.decision === 'refuse') assert.fail(JSON.stringify(decided))
  const events: readonly EvidenceEvent[] = decided.value
  return events.reduce(
    (sofar, event, index) =>
      foldEvidence(sofar, { event, at: now, by: 'ada', version: versionOf(sofar) + index + 1 }),
    state,
  )
}
const versionOf = ({ requests }: EvidenceState) => requests[0]?.version ?? 10
const open = step(exhibits, receiveRecordsRequest([], request, ada, noLaw))

const heldOf = (change: Partial<HeldContent> = {}): HeldContent => ({
  originator: SIERRA,
  releaseId: 'r1',
  categories: ['evidence'],
  exhibitIds: ['theirs', 'theirCopy'],
  handling: { tlp: 'GREEN', codes: [] },
  duties: [],
  consentedTo: [{ recipient: ALBION, purpose: 'investigation' }],
  isRetracted: false,
  ...change,
})
const releasesOf = (permitted: readonly object[], came: readonly object[] = []) =>
  ({ permitted, received: came }) as unknown as RecordsBasis['releases']
const sent = { releaseId: 's1', categories: ['caseSummary'], view: {} }
const came = { releaseId: 'r1', categories: ['evidence'], view: {}, destroyedAt: null }
const basisOf = (state: EvidenceState, change: Partial<RecordsBasis> = {}): RecordsBasis => ({
  evidence: state,
  releases: releasesOf([sent], [came]),
  held: [heldOf()],
  claims: [],
  reviews: [],
  documents: ['letter1'],
  isUnderEmbargo: false,
  ...change,
})
const exemption = {
  code: 'personalData',
  citation: 'Public Records Act (fictional), s. 40',
  source: 'Statute Book of Albion (fictional)',
  reason: 'it names a person',
  harm: 'the person would be found',
  publicInterest: 'the facts can be told without the name',
}
const item = (id: string, kind: 'exhibit' | 'release' | 'document' = 'exhibit') => ({ kind, id })
const whole = (id: string, kind?: 'exhibit' | 'release' | 'document'): ItemDecision => ({
  item: item(id, kind),
  outcome: 'disclose',
  copy: null,
  exemption: null,
})
const part = (id: string, of: string | null): ItemDecision => ({
  item: item(id),
  outcome: 'partly',
  copy: of,
  exemption,
})
const withheld = (id: string, kind?: 'exhibit' | 'release' | 'document'): ItemDecision => ({
  item: item(id, kind),
  outcome: 'withhold',
  copy: null,
  exemption,
})
const decide = (state: EvidenceState, decided: ItemDecision, change: Partial<RecordsBasis> = {}) =>
  decideRecordsItem(state.requests, { requestId: 'q1', ...decided }, ada, basisOf(state, change))

test('a request names a file reference, what is asked, and a due date with its basis', () => {
  const faulty = (change: object) =>
    why(receiveRecordsRequest([], { ...request, ...change }, ada, noLaw))
  for (const requester of [
    'Jane Doe',
    'JaneDoe',
    'jane1@mail.example',
    '',
    '12',
    `A${'1'.repeat(60)}`,
  ]) {
    assert.equal(faulty({ requester }), 'requesterNamed', requester)
  }
  assert.equal(faulty({ asked: ' ' }), 'requestFaulty')
  assert.equal(faulty({ receivedAt: calendarDate('2036-01-01') }), 'requestFaulty')
  assert.equal(faulty({ dueAt: null }), 'requestFaulty')
  assert.equal(faulty({ dueAt: instant('2026-11-19T23:00:00.000Z') }), 'requestFaulty')
  assert.equal(faulty({ dueBasis: { kind: 'citation', citation: ' ' } }), 'requestFaulty')
  assert.equal(why(receiveRecordsRequest(open.requests, request, ada, noLaw)), 'requestExists')
})

test('a clock gives the date only if it follows this case and its date binds', () => {
  const clock = (state: string, strictDue: string | null) =>
    ({ clocks: { 'x/answer': { state, strictDue } } }) as unknown as LawState
  const by = (law: Pick<LawState, 'clocks'>, clockId = 'x/answer', dueAt = null as never) => {
    const dueBasis = { kind: 'clock', clockId } as const
    return receiveRecordsRequest([], { ...request, dueAt, dueBasis }, ada, law)
  }
  const date = '2026-12-10T00:00:00+01:00[Europe/Berlin]'
  assert.equal(why(by(noLaw)), 'unknownClock')
  assert.equal(why(by(noLaw, 'toString')), 'unknownClock')
  assert.equal(why(by(clock('advisory', date))), 'unknownClock')
  assert.equal(why(by(clock('confirm', date))), 'unknownClock')
  assert.equal(why(by(clock('due', null))), 'unknownClock')
  assert.equal(why(by(clock('due', date), 'x/answer', request.dueAt as never)), 'unknownClock')
  const made = step(exhibits, by(clock('due', date)))
  assert.equal(made.requests[0]?.dueAt, '2026-12-09T23:00:00.000Z')
})

test('an item that is unknown, destroyed, unreviewed or no redacted copy does not go out', () => {
  const refused = (decided: ItemDecision, change?: Partial<RecordsBasis>) =>
    why(decide(open, decided, change))
  assert.equal(refused(whole('e9')), 'unknownItem')
  assert.equal(refused(withheld('e9')), 'unknownItem')
  assert.equal(refused(whole('own', 'release')), 'unknownItem')
  assert.equal(refused(whole('own', 'document')), 'unknownItem')
  assert.equal(refused(whole('unreviewed')), 'reviewMissing')
  assert.equal(refused(part('own', null)), 'copyMissing')
  assert.equal(refused(part('own', 'e9')), 'copyMissing')
  assert.equal(refused({ ...part('s1', 'ownCopy'), item: item('s1', 'release') }), 'copyMissing')
  assert.equal(refused(part('own', 'own')), 'notARedactedCopy')
  assert.equal(refused(part('own', 'unhidden')), 'notARedactedCopy')
  assert.equal(refused(part('other', 'ownCopy')), 'notARedactedCopy')
  assert.equal(refused(part('own', 'unreviewed')), 'reviewMissing')
  assert.equal(refused({ ...whole('own'), copy: 'ownCopy' }), 'notARedactedCopy')
  assert.equal(refused({ ...withheld('own'), copy: 'ownCopy' }), 'notARedactedCopy')
  const gone = folded(foldEvidence, open, [
    {
      type: 'custodyRecorded',
      exhibitId: 'own',
      act: 'destroyed',
      by: 'x',
      purpose: 'x',
      digest: 'x',
    },
  ])
  assert.equal(why(decide(gone, whole('own'))), 'destroyed')
  const lost = releasesOf([], [{ ...came, destroyedAt: now }])
  assert.equal(refused(whole('r1', 'release'), { releases: lost }), 'destroyed')
  assert.equal(refused(whole('own'), { isUnderEmbargo: true }), 'underEmbargo')
  assert.equal(refused(whole('own')), 'permitted')
  assert.equal(refused(whole('s1', 'release')), 'permitted')
  assert.equal(refused(whole('letter1', 'document'), { held: [] }), 'permitted')
  assert.equal(refused(part('own', 'ownCopy')), 'permitted')
})

test('what is held back names code, provision and reason; what goes out names none', () => {
  const refused = (change: object) => why(decide(open, { ...withheld('own'), ...change }))
  assert.equal(refused({ exemption: null }), 'exemptionMissing')
  for (const field of Object.keys(exemption)) {
    assert.equal(refused({ exemption: { ...exemption, [field]: ' ' } }), 'exemptionMissing')
  }
  assert.equal(
    why(decide(open, { ...part('own', 'ownCopy'), exemption: null })),
    'exemptionMissing',
  )
  assert.equal(why(decide(open, { ...whole('own'), exemption })), 'exemptionUnused')
  assert.equal(refused({}), 'permitted')
})

test('nothing of who made a report goes out, by its category or by its place in a view', () => {
  const contact = ['caseSummary', 'reporterContact']
  const named = releasesOf([{ ...sent, categories: contact }])
  const inside = releasesOf([{ ...sent, view: { reporterContact: 'x' } }])
  for (const releases of [named, inside]) {
    assert.equal(why(decide(open, whole('s1', 'release'), { releases })), 'reporterProtected')
    assert.equal(why(decide(open, withheld('s1', 'release'), { releases })), 'permitted')
  }
})

test('an order or a claim stands over copies and releases too', () => {
  const order = {
    orderId: 'o1',
    orderedBy: 'High Court of Albion (fictional)',
    reference: 'CL-1',
    exhibits: ['own'],
    maySee: [],
    mayReceive: [ALBION],
    purposes: ['investigation'],
    until: null,
  }
  const bound = folded(foldEvidence, open, [{ type: 'protectiveOrderRecorded', ...order }])
  assert.equal(why(decide(bound, whole('own'))), 'orderForbids')
  assert.equal(why(decide(bound, part('own', 'ownCopy'))), 'orderForbids')
  const withOwn = releasesOf([{ ...sent, exhibitId: 'ownCopy' }])
  assert.equal(why(decide(bound, whole('s1', 'release'), { releases: withOwn })), 'orderForbids')
  assert.equal(why(decide(bound, withheld('own'))), 'permitted')
  assert.equal(why(decide(bound, whole('other'))), 'permitted')
  const claim = { claimId: 'c1', kind: 'legalPrivilege', outcome: null } as unknown as Claim
  const over = (change: object): Partial<RecordsBasis> => ({
    claims: [{ ...claim, exhibitIds: [], categories: [], ...change }],
  })
  const own = over({ exhibitIds: ['own'] })
  assert.equal(why(decide(open, part('own', 'ownCopy'), own)), 'claimStands')
  const summary = over({ categories: ['caseSummary'] })
  assert.equal(why(decide(open, whole('s1', 'release'), summary)), 'claimStands')
  assert.equal(
    why(decide(open, whole('letter1', 'document'), { ...summary, held: [] })),
    'claimStands',
  )
  assert.equal(why(decide(open, whole('own'), summary)), 'permitted')
})

const question = {
  requestId: 'q1',
  consultationId: 'k1',
  item: item('theirs'),
  originator: SIERRA,
  askedBy: 'letter 2026-77',
  answerBy: addMs(now, 5 * DAY_MS),
}
const ask = (state: EvidenceState, change: object = {}) =>
  askOriginator(state.requests, { ...question, ...change }, ada, basisOf(state))
const reply = {
  requestId: 'q1',
  consultationId: 'k1',
  answer: 'consents',
  reason: 'it is public with us',
  reference: 'SR-9',
} as const
const asked = step(open, ask(open))
const consented = step(asked, recordOriginatorAnswer(asked.requests, reply))

test('what came from a peer goes out only with its consent to this request, and silence is none', () => {
  const theirs = (state: EvidenceState, change?: Partial<RecordsBasis>) =>
    [whole('theirs'), part('theirs', 'theirCopy')].map((one) => why(decide(state, one, change)))
  const missing = ['originatorConsentMissing', 'originatorConsentMissing']
  assert.deepEqual(theirs(open), missing)
  assert.deepEqual(theirs(asked), missing)
  const objects = { ...reply, answer: 'objects' } as const
  const objected = step(asked, recordOriginatorAnswer(asked.requests, objects))
  assert.deepEqual(theirs(objected), missing)
  const clear = { held: [heldOf({ handling: { tlp: 'CLEAR', codes: [] } })] }
  const { handling: _, ...unmarked } = heldOf()
  assert.deepEqual(theirs(open, { held: [unmarked] }), missing)
  assert.deepEqual(
    theirs(open, { held: [heldOf({ handling: { tlp: 'CLEAR', codes: ['H1'] } })] }),
    missing,
  )
  assert.deepEqual(theirs(open, clear), ['permitted', 'permitted'])
  assert.deepEqual(theirs(objected, clear), missing)
  assert.deepEqual(theirs(consented), ['permitted', 'permitted'])
  const retracted = { held: [heldOf({ isRetracted: true })] }
  assert.deepEqual(theirs(consented, retracted), ['contentRetracted', 'contentRetracted'])
  assert.equal(why(decide(consented, whole('r1', 'release'))), 'originatorConsentMissing')
  assert.equal(why(decide(consented, whole('stray'))), 'originatorConsentMissing')
  const passedOn = releasesOf([{ ...sent, exhibitId: 'theirCopy' }])
  assert.equal(
    why(decide(consented, whole('s1', 'release'), { releases: passedOn })),
    'originatorConsentMissing',
  )
  const again = step(consented, ask(consented, { consultationId: 'k2' }))
  assert.deepEqual(theirs(again), missing)
})

test('only the originator of an item is asked, once, with a day ahead, and answers once', () => {
  assert.equal(why(ask(open, { originator: ALBION })), 'notFromPeer')
  assert.equal(why(ask(open, { item: item('own') })), 'notFromPeer')
  assert.equal(why(ask(open, { askedBy: ' ' })), 'reasonMissing')
  assert.equal(why(ask(open, { answerBy: now })), 'requestFaulty')
  assert.equal(why(ask(open, { requestId: 'q9' })), 'unknownRequest')
  assert.equal(why(ask(asked, { consultationId: 'k2' })), 'alreadyAsked')
  assert.equal(why(ask(consented)), 'alreadyAsked')
  const answer = (change: object, state = asked) =>
    why(recordOriginatorAnswer(state.requests, { ...reply, ...change }))
  assert.equal(answer({ consultationId: 'k9' }), 'unknownConsultation')
  assert.equal(answer({ reason: ' ' }), 'reasonMissing')
  assert.equal(answer({ reference: '' }), 'reasonMissing')
  assert.equal(answer({}, consented), 'alreadyAnswered')
})

const digest = 'a'.repeat(64)
const answerOf = (
  state: EvidenceState,
  change: object = {},
  basis: Partial<RecordsReleaseBasis> = {},
  acting = ada,
) => {
  const command = { requestId: 'q1', asOf: versionOf(state), reason: 'decided as asked', digest }
  const persons = { conflicted: [], proposedBy: { officer: 'bo', inPlaceOf: null } }
  const asked = { ...persons, ...basisOf(state, basis), ...persons, ...basis }
  return answerRecordsRequest(state, { ...command, ...change }, acting, asked)
}

const search = (state: EvidenceState, ...ids: readonly string[]) => {
  const how = 'every exhibit, read for the companion'
  const found = { requestId: 'q1', how, items: ids.map((id) => item(id)) }
  return recordSearch(state.requests, found, basisOf(state))
}

test('nothing is answered before a search, nor before all that it found is decided', () => {
  assert.equal(why(answerOf(open)), 'searchMissing')
  assert.equal(why(search(open, 'e9')), 'unknownItem')
  const { requests } = open
  const blank = { requestId: 'q1', how: ' ', items: [] }
  assert.equal(why(recordSearch(requests, blank, basisOf(open))), 'reasonMissing')
  const searched = step(open, search(open, 'own', 'other'))
  assert.equal(why(answerOf(searched)), 'itemUndecided')
  const half = step(searched, decide(searched, whole('own')))
  assert.equal(why(answerOf(half)), 'itemUndecided')
  const all = step(half, decide(half, withheld('other')))
  assert.equal(why(answerOf(all)), 'permitted')
  for (const change of [
    { conflicted: ['ada'] },
    { conflicted: ['bo'] },
    { conflicted: ['cy'], proposedBy: { officer: 'bo', inPlaceOf: 'cy' } },
  ]) {
    assert.equal(why(answerOf(all, {}, change)), 'officerConflict')
  }
  const inPlace = { ...ada, inPlaceOf: 'cy' }
  assert.equal(why(answerOf(all, {}, { conflicted: ['cy'] }, inPlace)), 'officerConflict')
  assert.equal(why(answerOf(all, {}, { conflicted: ['di'] }, inPlace)), 'permitted')
  assert.equal(why(search(step(all, answerOf(all)), 'own')), 'alreadyAnswered')
})

test('what goes out is on record with its digest and an act of custody, and nothing else', () => {
  const searched = step(open, search(open, 'own', 'other'))
  const decided = [part('own', 'ownCopy'), withheld('other')].reduce(
    (sofar, one) => step(sofar, decide(sofar, one)),
    searched,
  )
  const answered = step(decided, answerOf(decided))
  assert.deepEqual(answered.requests[0]?.released, [
    { item: item('own'), exhibitId: 'ownCopy', digest: facts.digest },
  ])
  const acts = answered.exhibits.map(({ exhibitId, custody }) => [
    exhibitId,
    custody.map(({ act }) => act),
  ])
  const left = acts.filter(([, own]) => own?.length)
  assert.deepEqual(left, [['ownCopy', ['released']]])
})

test('a question by message names the releases; only who was asked answers, and once', () => {
  const how = { askedBy: 'message', question: 'may the copy go out?' }
  const byMessage = step(open, ask(open, how))
  assert.deepEqual(byMessage.requests[0]?.consultations[0]?.releaseIds, ['r1'])
  assert.equal(why(ask(open, { ...how, question: ' ' })), 'reasonMissing')
  const answer = { consultationId: 'k1', answer: 'consents', reason: 'it is public' } as const
  const told = (change: object, state = byMessage) =>
    receiveOriginatorReply(state.requests, { ...answer, from: SIERRA, ...change })
  assert.equal(why(told({ from: ALBION })), 'unknownConsultation')
  assert.equal(why(told({ consultationId: 'k9' })), 'unknownConsultation')
  const heard = step(byMessage, told({}))
  assert.equal(why(decide(heard, whole('theirs'))), 'permitted')
  const objected = told({ answer: 'objects' }, heard)
  assert.deepEqual(objected.decision === 'permit' && objected.value, [])
})

test('a letter may quote what any peer gave, so each is asked', () => {
  const letter = whole('letter1', 'document')
  assert.equal(why(decide(open, letter)), 'originatorConsentMissing')
  const asked = step(open, ask(open, { item: item('letter1', 'document') }))
  assert.equal(why(decide(asked, letter)), 'originatorConsentMissing')
  const consented = step(asked, recordOriginatorAnswer(asked.requests, reply))
  assert.equal(why(decide(consented, letter)), 'permitted')
})

test('an objection by message is not lifted by a letter, but by another message', () => {
  const how = { askedBy: 'message', question: 'may the copy go out?' }
  const first = step(open, ask(open, how))
  const from = SIERRA
  const no = { consultationId: 'k1', answer: 'objects', reason: 'no', from } as const
  const objected = step(first, receiveOriginatorReply(first.requests, no))
  const anew = (change: object) =>
    step(objected, ask(objected, { consultationId: 'k2', ...change }))
  const letter = anew({ askedBy: 'letter 2026-78' })
  const consents = { ...reply, consultationId: 'k2' }
  const byLetter = step(letter, recordOriginatorAnswer(letter.requests, consents))
  assert.equal(why(decide(byLetter, whole('theirs'))), 'originatorConsentMissing')
  const message = anew(how)
  const yes = { consultationId: 'k2', answer: 'consents', reason: 'yes now', from } as const
  const byMessage = step(message, receiveOriginatorReply(message.requests, yes))
  assert.equal(why(decide(byMessage, whole('theirs'))), 'permitted')
})

test('what the originator itself says stands above a letter that an officer says it wrote', () => {
  const byMessage = step(open, ask(open, { askedBy: 'message', question: 'may the copy go out?' }))
  const claimed = (reference: string) =>
    recordOriginatorAnswer(byMessage.requests, { ...reply, reference })
  assert.equal(why(claimed('message')), 'reasonMissing')
  const invented = step(byMessage, claimed('SR-9'))
  assert.equal(why(decide(invented, whole('theirs'))), 'permitted')
  const objection = { consultationId: 'k1', answer: 'objects', reason: 'no', from: SIERRA } as const
  const objected = step(invented, receiveOriginatorReply(invented.requests, objection))
  assert.equal(why(decide(objected, whole('theirs'))), 'originatorConsentMissing')

  const searched = step(invented, search(invented, 'theirs'))
  const decided = step(searched, decide(searched, whole('theirs')))
  const answered = step(decided, answerOf(decided))
  const late = step(answered, receiveOriginatorReply(answered.requests, objection))
  const [request] = late.requests
  assert.ok(request?.answered)
  const basis = { ...basisOf(late), conflicted: [], proposedBy: null }
  const leaving = decideRecordsRelease(basis, request, ada)
  const stopped = leaving.decision === 'refuse' && leaving.why
  assert.equal(stopped, 'originatorConsentMissing', 'the letter and the copies stop')
})

test('an answer is for the request as it was read, and asks again what stands against it', () => {
  const searched = step(consented, search(consented, 'theirs'))
  const decided = step(searched, decide(searched, whole('theirs')))
  assert.equal(why(answerOf(decided, { requestId: 'q9' })), 'unknownRequest')
  assert.equal(why(answerOf(decided, { asOf: versionOf(searched) })), 'requestMovedOn')
  assert.equal(why(answerOf(decided, { reason: ' ' })), 'reasonMissing')
  assert.equal(why(answerOf(decided, {}, { isUnderEmbargo: true })), 'underEmbargo')
  const back = { held: [heldOf({ isRetracted: true })] }
  assert.equal(why(answerOf(decided, {}, back)), 'contentRetracted')
  const answered = step(decided, answerOf(decided))
  assert.equal(answered.requests[0]?.answered?.outcome, 'granted')
  assert.equal(answered.requests[0]?.answered?.digest, digest)
  assert.equal(why(answerOf(answered)), 'alreadyAnswered')
  assert.equal(why(decide(answered, withheld('own'))), 'alreadyAnswered')
  assert.equal(why(ask(answered, { consultationId: 'k2' })), 'alreadyAnswered')
})

test('the outcome follows from the last decision on each item', () => {
  const after = (...all: readonly ItemDecision[]) =>
    all.reduce((sofar, one) => step(sofar, decide(sofar, one)), open)
  const outcome = (...all: readonly ItemDecision[]) => {
    const [found] = after(...all).requests
    return found && answerOutcomeOf(found)
  }
  assert.equal(outcome(), 'nothingHeld')
  assert.equal(outcome(withheld('own')), 'refused')
  assert.equal(outcome(whole('own'), withheld('other')), 'partly')
  assert.equal(outcome(part('own', 'ownCopy')), 'partly')
  assert.equal(outcome(withheld('own'), whole('own')), 'granted')
  const [found] = after(withheld('own')).requests
  assert.ok(found)
  assert.equal(JSON.stringify(answerDocument(found, 'x')).includes('ada'), false)
})

test('an appeal is noted against an answer only, with its place and day', () => {
  const searched = step(open, search(open))
  const answered = step(searched, answerOf(searched))
  const appeal = {
    requestId: 'q1',
    body: 'Information Tribunal (fictional)',
    reference: 'T-1',
    filedAt: calendarDate(now.slice(0, 10)),
  }
  const note = (change: object, state = answered) =>
    noteRecordsAppeal(state.requests, { ...appeal, ...change }, ada)
  assert.equal(why(note({}, open)), 'notAnswered')
  assert.equal(why(note({ requestId: 'q9' })), 'unknownRequest')
  assert.equal(why(note({ body: ' ' })), 'requestFaulty')
  assert.equal(why(note({ reference: '' })), 'requestFaulty')
  assert.equal(why(note({ filedAt: calendarDate('2026-11-01') })), 'requestFaulty')
  assert.equal(why(note({ filedAt: calendarDate('2036-01-01') })), 'requestFaulty')
  assert.equal(step(answered, note({})).requests[0]?.appeals.length, 1)
})
