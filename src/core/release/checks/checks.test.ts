import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ALBION,
  folded,
  MERIDIA,
  NOW,
  officer,
  ringAgreement,
  ringInForce,
  SIERRA,
} from '../../../../test/support/ring.ts'
import { ringBasis, ringDecision, ringRelease } from '../../../../test/support/ring-release.ts'
import { addMs, DAY_MS } from '../../../base/time.ts'
import type { Clause } from '../../agreement/clause.ts'
import type { AgreementDocument, TransferInstrument } from '../../agreement/document.ts'
import type { Exhibit } from '../../evidence/evidence.ts'
import type { DataPath } from '../../law/data-paths.ts'
import { foldRights, type RightsEvent } from '../../rights/rights.ts'
import type { HeldContent, PrepareRelease, ReleaseBasis } from '../basis.ts'
import type { Duty } from '../release.ts'

const personal: Partial<PrepareRelease> = {
  kind: 'exhibit',
  categories: ['exhibitTranscript'],
  exhibitId: 'x1',
  emergency: { threat: 'life', reason: 'a person is about to be harmed' },
}

const path = (changes: Partial<DataPath>): DataPath => ({
  id: 'EU>GB/personal',
  from: 'EU',
  to: 'GB',
  data: 'personal',
  effect: 'permitted',
  direct: 'open',
  because: [{ rule: 'law:eu.example/1', text: 'an invented rule', source: 'Invented Act, art. 1' }],
  conditions: [],
  onArrival: [],
  question: null,
  basis: null,
  ...changes,
})

const abroad = (...paths: readonly DataPath[]): Partial<ReleaseBasis> => ({
  law: { isAbroad: true, paths },
})

const clause = (more: object, id = '99.1') =>
  ({ id, text: 'an invented clause', ...more }) as unknown as Clause

/** The ring's agreement with one clause more. */
const withClause = (...more: readonly Clause[]) => ({
  agreement: ringInForce(ringAgreement({ clauses: [...ringAgreement().clauses, ...more] })),
})

const withText = (changes: Partial<AgreementDocument>) => ({
  agreement: ringInForce(ringAgreement(changes)),
})

const decided = (on: Partial<ReleaseBasis>, asked: Partial<PrepareRelease> = {}, who = 'ada') =>
  ringDecision(ringBasis(on), { ...ringRelease, ...asked }, officer(who))

function whyOf(on: Partial<ReleaseBasis>, asked: Partial<PrepareRelease> = {}, who = 'ada') {
  const decision = decided(on, asked, who)
  return decision.decision === 'refuse' ? decision.why : 'permitted'
}

const rulesOf = (on: Partial<ReleaseBasis>, asked: Partial<PrepareRelease> = {}) =>
  decided(on, asked).because.map(({ rule }) => rule)

const [EU_GB] = ringAgreement().transferInstruments as [TransferInstrument]

test('a rule of law that blocks refuses with its article, whatever the agreement lists', () => {
  const blocked = path({ effect: 'blocked' })
  assert.equal(whyOf(abroad(blocked), personal), 'lawBlocks')
  const refusal = decided(abroad(blocked), personal)
  assert.ok(refusal.because.some(({ source }) => source === 'Invented Act, art. 1'))
  const secret = path({ data: 'confidential', effect: 'blocked' })
  assert.equal(whyOf(abroad(secret), personal), 'permitted')
  assert.equal(whyOf(abroad(blocked)), 'permitted')
})

test('confidential data is under its own rules and instruments', () => {
  const categories = ringAgreement().categories.map((each) =>
    each.id === 'technicalFacts' ? { ...each, confidential: true as const } : each,
  )
  const secret = path({ data: 'confidential', effect: 'blocked' })
  const on = withText({ categories })
  assert.equal(whyOf({ ...abroad(secret), ...on }), 'lawBlocks')
  assert.equal(whyOf({ ...abroad(), ...on }), 'permitted')
  const none = withText({ categories, transferInstruments: [] })
  assert.equal(whyOf({ ...abroad(), ...none }), 'noTransferInstrument')
})

test('an instrument serves its direction, its categories and its days, and a real one real cases', () => {
  const table: readonly [string, Partial<TransferInstrument>][] = [
    ['permitted', {}],
    ['permitted', { categories: ['exhibitTranscript'] }],
    ['permitted', { validUntil: '2026-11-22' }],
    ['noTransferInstrument', { from: 'GB', to: 'EU' }],
    ['noTransferInstrument', { to: 'US' }],
    ['noTransferInstrument', { categories: ['personalData'] }],
    ['noTransferInstrument', { categories: [] }],
    ['noTransferInstrument', { validUntil: '2026-11-21' }],
    ['noTransferInstrument', { authorisedOn: '2026-11-23' }],
  ]
  for (const [expected, change] of table) {
    const on = withText({ transferInstruments: [{ ...EU_GB, ...change }] })
    assert.equal(whyOf(on, personal), expected, JSON.stringify(change))
  }
  assert.equal(whyOf({ isExercise: false }, personal), 'noTransferInstrument')
  const real = withText({ transferInstruments: [{ ...EU_GB, simulated: false }] })
  assert.equal(whyOf({ ...real, isExercise: false }, personal), 'permitted')
})

test('an instrument is needed where no clause of the agreement says so', () => {
  const clauses = ringAgreement().clauses.filter(({ kind }) => kind !== 'requireTransferInstrument')
  const on = withText({ clauses, transferInstruments: [] })
  assert.equal(whyOf(on, personal), 'noTransferInstrument')
  assert.deepEqual(
    rulesOf(on, personal).filter((rule) => rule === 'release:transferInstrument').length,
    1,
  )
  assert.equal(whyOf({ ...on, law: { isAbroad: false, paths: [] } }, personal), 'permitted')
})

test('a protective order stands against whom and what it does not name', () => {
  const order = {
    orderId: 'o1',
    orderedBy: 'a court (fictional)',
    reference: '1 K 1/26',
    exhibits: null,
    maySee: [],
    mayReceive: [ALBION],
    purposes: ['investigation'],
    until: null,
    recordedAt: NOW,
    recordedBy: 'ada',
    lifted: null,
  } as const
  const under = (change: object) => ({
    evidence: { exhibits: [], orders: [{ ...order, ...change }] },
  })
  const table: readonly [string, object][] = [
    ['permitted', {}],
    ['orderForbids', { mayReceive: [SIERRA] }],
    ['orderForbids', { purposes: [] }],
    ['permitted', { exhibits: ['x9'], mayReceive: [] }],
    ['orderForbids', { exhibits: ['x1'], mayReceive: [] }],
    ['permitted', { mayReceive: [], until: NOW }],
    ['orderForbids', { mayReceive: [], until: addMs(NOW, 1) }],
  ]
  for (const [expected, change] of table) {
    assert.equal(whyOf(under(change), personal), expected, JSON.stringify(change))
  }
})

test('what a clause guards with consent or an authorisation waits for both', () => {
  const consent = withClause(clause({ kind: 'requireConsent', categories: ['caseSummary'] }))
  assert.equal(whyOf(consent), 'consentMissing')
  assert.ok(rulesOf(consent).includes('clause:99.1'))
  assert.equal(whyOf(consent, { categories: ['technicalFacts'] }), 'permitted')
  const guarded = clause({ kind: 'requireAuthorisation', categories: ['caseSummary'] })
  assert.equal(whyOf(withClause(guarded)), 'authorisationMissing')
  const recorded: RightsEvent = {
    type: 'authorisationRecorded',
    authorisationId: 'a1',
    body: 'court',
    by: 'a court (fictional)',
    reference: '1 K 1/26',
    recipients: [ALBION],
    categories: ['caseSummary'],
    from: NOW,
    until: addMs(NOW, DAY_MS),
    documentDigest: 'a'.repeat(64),
  }
  const rights = folded(foldRights, ringBasis().rights, [recorded])
  assert.equal(whyOf({ ...withClause(guarded), rights }), 'permitted')
})

test('four eyes: somebody of another side proposed exactly this', () => {
  const on = withClause(clause({ kind: 'requireSecondOfficer', categories: ['caseSummary'] }))
  const side = (one: string, inPlaceOf: string | null = null) => ({ officer: one, inPlaceOf })
  const table: readonly [string, ReleaseBasis['proposedBy']][] = [
    ['secondOfficerMissing', null],
    ['secondOfficerMissing', side('ada')],
    ['secondOfficerMissing', side('ben', 'ada')],
    ['permitted', side('ben')],
  ]
  for (const [expected, proposedBy] of table) {
    assert.equal(whyOf({ ...on, proposedBy }), expected, JSON.stringify(proposedBy))
  }
  const alone = rulesOf(on)
  assert.deepEqual(alone, ['clause:99.1', 'release:secondOfficer'])
  const permitted = decided({ ...on, proposedBy: side('ben') })
  const event = permitted.decision === 'permit' ? permitted.value[0] : undefined
  assert.ok(event?.type === 'releaseDecided')
  assert.deepEqual([event.preparedBy, event.secondOfficer], ['ben', 'ada'])
  assert.equal(whyOf({ ...on, proposedBy: side('ben'), conflicted: ['ben'] }), 'officerConflict')
  assert.equal(whyOf(on, { emergency: personal.emergency ?? null }), 'permitted')
})

const content = (changes: Partial<HeldContent> = {}): HeldContent => ({
  originator: SIERRA,
  releaseId: 'r0',
  categories: ['exhibitTranscript'],
  exhibitIds: ['x1'],
  handling: { tlp: 'AMBER', codes: [] },
  duties: [],
  consentedTo: [],
  isRetracted: false,
  ...changes,
})

const may = (recipient: string, purpose = 'investigation') => [{ recipient, purpose }]
const CLEAR = { tlp: 'CLEAR', codes: [] } as const
const STAYS: Duty = {
  ...{ dutyId: '7.2', kind: 'noOnwardTransfer', text: 'It stays (invented).' },
  ...{ owedBy: MERIDIA, dueAt: null },
}

test('what a peer showed goes on as it came only with its consent, and stands in no event', () => {
  const on = { passesOn: 'r0' }
  const table: readonly [string, Partial<HeldContent>][] = [
    ['originatorConsentMissing', {}],
    ['originatorConsentMissing', { consentedTo: may(ALBION, 'statistics') }],
    ['originatorConsentMissing', { releaseId: 'r9', consentedTo: may(ALBION) }],
    ['contentRetracted', { isRetracted: true, consentedTo: may(ALBION) }],
    ['permitted', { consentedTo: may(ALBION) }],
  ]
  for (const [expected, change] of table) {
    assert.equal(whyOf({ held: [content(change)] }, on), expected, JSON.stringify(change))
  }
  const decision = decided({ held: [content({ consentedTo: may(ALBION) })] }, on)
  const event = decision.decision === 'permit' ? decision.value[0] : undefined
  assert.ok(event?.type === 'releaseDecided')
  assert.deepEqual([event.passesOn, event.view], ['r0', {}])
})

test('what came from a peer leaves only with that peer’s consent, in an emergency too', () => {
  const table: readonly [string, Partial<HeldContent>][] = [
    ['originatorConsentMissing', {}],
    ['originatorConsentMissing', { consentedTo: may(MERIDIA) }],
    ['originatorConsentMissing', { consentedTo: may(ALBION, 'statistics') }],
    ['permitted', { consentedTo: may(ALBION) }],
    ['originatorConsentMissing', { handling: CLEAR, duties: [STAYS] }],
    ['permitted', { handling: CLEAR, duties: [STAYS], consentedTo: may(ALBION) }],
    ['permitted', { originator: ALBION }],
    ['permitted', { exhibitIds: ['x2'] }],
    ['permitted', { handling: CLEAR }],
    ['originatorConsentMissing', { handling: { tlp: 'CLEAR', codes: ['H2'] } }],
    ['originatorConsentMissing', { handling: { tlp: 'GREEN', codes: [] } }],
    ['contentRetracted', { isRetracted: true, consentedTo: may(ALBION) }],
    ['contentRetracted', { isRetracted: true, originator: ALBION }],
  ]
  for (const [expected, change] of table) {
    assert.equal(whyOf({ held: [content(change)] }, personal), expected, JSON.stringify(change))
  }
  const { handling: _, ...unmarked } = content()
  assert.equal(whyOf({ held: [unmarked] }, personal), 'originatorConsentMissing')
})

test('what was rejected on arrival does not leave, nor a copy of it, in an emergency neither', () => {
  const exhibit = (exhibitId: string, derivedFrom: string | null, answer: string | null) =>
    ({
      ...{ exhibitId, derivedFrom, redactions: [], custody: [], isDestroyed: false },
      origin: derivedFrom === null ? 'received' : 'redactedHere',
      acknowledged: answer && { answer, reason: 'r', at: NOW, by: 'ada' },
    }) as unknown as Exhibit
  const table: readonly [string, readonly Exhibit[]][] = [
    ['exhibitRejected', [exhibit('x1', null, 'rejected')]],
    ['exhibitRejected', [exhibit('x0', null, 'rejected'), exhibit('x1', 'x0', null)]],
    ['permitted', [exhibit('x0', null, 'rejected'), exhibit('x1', null, 'accepted')]],
    ['permitted', [exhibit('x1', null, 'accepted')]],
    ['permitted', [exhibit('x1', null, null)]],
  ]
  for (const [expected, exhibits] of table) {
    assert.equal(whyOf({ evidence: { exhibits, orders: [] } }, personal), expected)
  }
})

test('red leaves to nobody; narrower labels and codes travel as duties', () => {
  const handling = (tlp: string, codes: readonly string[] = []) =>
    withClause(clause({ kind: 'handling', categories: ['caseSummary'], tlp, codes }))
  assert.equal(whyOf(handling('RED')), 'handlingForbids')
  assert.equal(whyOf(handling('RED'), { categories: ['technicalFacts'] }), 'permitted')
  assert.equal(whyOf(withText({ handling: { tlp: 'RED' } })), 'handlingForbids')
  assert.equal(whyOf(handling('PURPLE')), 'unknownConstraint')
  assert.equal(whyOf(handling('AMBER', ['H9'])), 'unknownConstraint')
  const marked = (on: Partial<ReleaseBasis>, asked: Partial<PrepareRelease> = {}) => {
    const decision = decided(on, asked)
    const event = decision.decision === 'permit' ? decision.value[0] : undefined
    assert.ok(event?.type === 'releaseDecided', JSON.stringify(decision))
    return [event.handling, event.duties.map(({ dutyId }) => dutyId)]
  }
  const stub = { kind: 'stub', categories: ['coordinationStub'], purpose: 'coordinatedDisclosure' }
  assert.deepEqual(marked({}), [{ tlp: 'AMBER', codes: [] }, ['7.1', '7.2', '7.4']])
  assert.deepEqual(marked(handling('GREEN', ['H1'])), [
    { tlp: 'AMBER', codes: ['H1'] },
    ['7.1', '7.2', '7.4', 'marking:noJudicialUse'],
  ])
  assert.deepEqual(marked({}, stub as Partial<PrepareRelease>), [
    { tlp: 'AMBER', codes: [] },
    ['7.1', '7.2'],
  ])
})

test('content of a peer takes its lasting duties and its day of deletion along', () => {
  const dueAt = addMs(NOW, 5 * DAY_MS)
  const duty = { text: 'an invented duty', owedBy: MERIDIA, dueAt }
  const duties = [
    { ...duty, dutyId: '7.1', kind: 'deleteBy' },
    { ...duty, dutyId: '7.4', kind: 'reportUse' },
    { ...duty, dutyId: '7.5', kind: 'noJudicialUse', dueAt: null },
  ] as const
  const held = content({
    consentedTo: may(ALBION),
    duties,
    handling: { tlp: 'GREEN', codes: ['H1'] },
  })
  const decision = decided({ held: [held] }, personal)
  const event = decision.decision === 'permit' ? decision.value[0] : undefined
  assert.ok(event?.type === 'releaseDecided')
  const along = event.duties.filter(({ dutyId }) => dutyId.startsWith('r0/'))
  assert.deepEqual(
    along.map(({ dutyId, owedBy, dueAt: until }) => [dutyId, owedBy, until]),
    [
      ['r0/7.1', ALBION, dueAt],
      ['r0/7.5', ALBION, null],
    ],
  )
  assert.ok(!event.duties.some(({ dutyId }) => dutyId === 'marking:noJudicialUse'))
})
