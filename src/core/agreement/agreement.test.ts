import assert from 'node:assert/strict'
import { test } from 'node:test'
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
  START,
  SUNSET,
} from '../../../test/support/ring.ts'
import { addMs } from '../../base/time.ts'
import { type AgreementState, foldAgreement, isInForce, noAgreement } from './agreement.ts'
import type { AgreementEvent } from './agreement-events.ts'
import { type Clause, isUnderstood } from './clause.ts'
import {
  draftAgreement,
  dueEvents,
  enterIntoForce,
  offerAgreement,
  signAgreement,
} from './decide-agreement.ts'
import type { AgreementDocument } from './document.ts'
import { documentFaults } from './document-faults.ts'

const liaison = officer('ada', { roles: ['liaison'] })
const document = ringAgreement()
const digest = digestOf(document)
const signature = (party: string) => ({
  ...{ party, officer: 'ada', digest, signature: 'AA==', simulated: true },
})

type Decided = ReturnType<typeof draftAgreement>

function step(state: AgreementState, decided: Decided): AgreementState {
  assert.equal(decided.decision, 'permit', JSON.stringify(decided))
  return decided.decision === 'permit' ? folded(foldAgreement, state, decided.value) : state
}

function why(decided: Decided): string {
  return decided.decision === 'refuse' ? decided.why : 'permitted'
}

test('an agreement goes from draft to force when every party signed the same text', () => {
  let state = step(noAgreement, draftAgreement(noAgreement, { document, digest }, liaison))
  state = step(state, offerAgreement(state, { party: MERIDIA }, liaison))
  for (const party of [MERIDIA, ALBION]) {
    state = step(state, signAgreement(state, signature(party), liaison))
    assert.equal(why(enterIntoForce(state, liaison)), 'signaturesMissing')
  }
  state = step(state, signAgreement(state, signature(SIERRA), liaison))
  assert.equal(isInForce(state, NOW), false)
  state = step(state, enterIntoForce(state, liaison))
  assert.equal(isInForce(state, NOW), true)
})

test('force is bounded by start and sunset at every step', () => {
  const state = ringInForce()
  assert.deepEqual(
    [addMs(START, -1), START, addMs(SUNSET, -1), SUNSET].map((now) => isInForce(state, now)),
    [false, true, true, false],
  )
  assert.deepEqual(dueEvents(state, addMs(SUNSET, -1)), [])
  const due = dueEvents(state, SUNSET)
  assert.deepEqual(due, [{ type: 'agreementLapsed', reason: 'sunset' }])
  const lapsed = folded(foldAgreement, state, due)
  assert.equal(lapsed.phase, 'lapsed')
  assert.equal(isInForce(lapsed, NOW), false)
})

test('a signature that does not count is refused with its reason', () => {
  const drafted = step(noAgreement, draftAgreement(noAgreement, { document, digest }, liaison))
  const offered = step(drafted, offerAgreement(drafted, { party: MERIDIA }, liaison))
  const signed = step(offered, signAgreement(offered, signature(ALBION), liaison))
  const late = officer('ada', { now: SUNSET })
  const early = officer('ada', { now: addMs(START, -1) })
  const table = [
    ['wrongPhase', signAgreement(drafted, signature(ALBION), liaison)],
    ['wrongPhase', signAgreement(noAgreement, signature(ALBION), liaison)],
    ['notAParty', signAgreement(offered, signature('outside.example'), liaison)],
    ['notAParty', offerAgreement(drafted, { party: 'outside.example' }, liaison)],
    ['digestMismatch', signAgreement(offered, { ...signature(ALBION), digest: 'x' }, liaison)],
    ['alreadySigned', signAgreement(signed, signature(ALBION), liaison)],
    ['pastSunset', signAgreement(offered, signature(ALBION), late)],
    ['pastSunset', offerAgreement(drafted, { party: MERIDIA }, late)],
    ['wrongPhase', draftAgreement(offered, { document, digest }, liaison)],
    ['signaturesMissing', enterIntoForce(signed, liaison)],
  ] as const
  for (const [expected, decided] of table) assert.equal(why(decided), expected)
  const all = [MERIDIA, SIERRA].reduce(
    (state, party) => step(state, signAgreement(state, signature(party), liaison)),
    signed,
  )
  assert.equal(why(enterIntoForce(all, early)), 'notYetValid')
  assert.equal(why(enterIntoForce(all, late)), 'pastSunset')
  assert.deepEqual(dueEvents(all, late.now), [
    { type: 'agreementLapsed', reason: 'notSignedInTime' },
  ])
})

test('an event of another stream changes nothing', () => {
  const foreign = { type: 'caseOpened' } as unknown as AgreementEvent
  assert.equal(folded(foldAgreement, noAgreement, [foreign]), noAgreement)
})

test('the model agreement has no faults', () => {
  assert.deepEqual(documentFaults(document), [])
})

test('faults of a document are found and name their place', () => {
  const clauses = (change: (clause: Clause) => object): Partial<AgreementDocument> => ({
    clauses: document.clauses.map((clause) => ({ ...clause, ...change(clause) }) as Clause),
  })
  const on = (id: string, change: object) => clauses((clause) => (clause.id === id ? change : {}))
  const [first, second] = document.parties
  assert.ok(first && second)
  const table: readonly [string, Partial<AgreementDocument>][] = [
    ['id', { id: 'ring-1' }],
    ['version', { version: 0 }],
    ['version', { version: 1.5 }],
    ['title', { title: ' ' }],
    ['parties', { parties: [first] }],
    ['parties', { parties: [first, first] }],
    ['parties', { parties: [first, { ...second, messageKeys: [] }] }],
    ['parties', { parties: [first, { ...second, messageKeys: first.messageKeys }] }],
    ['parties', { parties: [first, { ...second, legalOrder: 'G"B' }] }],
    ['parties', { parties: [first, { ...second, messageKeys: [{ id: 'k', fingerprint: 'A' }] }] }],
    ['purposes', { purposes: [...document.purposes, ...document.purposes.slice(0, 1)] }],
    ['categories', { categories: [...document.categories, ...document.categories.slice(0, 1)] }],
    ['clauses', { clauses: [...document.clauses, ...document.clauses.slice(0, 1)] }],
    ['clauses/4.1', on('4.1', { text: '' })],
    ['clauses/4.1', on('4.1', { categories: [] })],
    ['clauses/4.1', on('4.1', { categories: ['everything'] })],
    ['clauses/4.1', on('4.1', { categories: ['reporterContact'] })],
    ['clauses/4.1', on('4.1', { purposes: ['curiosity'] })],
    ['clauses/4.1', on('4.1', { duties: ['4.2'] })],
    ['clauses/4.1', on('4.1', { releaseKinds: [] })],
    ['clauses/4.2', on('4.2', { categories: ['everything'] })],
    ['clauses/7.1', on('7.1', { duty: { kind: 'deleteBy', withinDays: 0 } })],
    ['retention', { retention: { clause: '99', deleteAfterDays: 1 } }],
    ['retention', { retention: { clause: '7.1', deleteAfterDays: -1 } }],
    ['onwardTransfer', { onwardTransfer: { clause: '99', allowed: 'never' } }],
    ['emergencyClause', { emergencyClause: { clause: '5.3', postReviewWithinHours: 0 } }],
    ['emergencyClause', { emergencyClause: { clause: '99', postReviewWithinHours: 1 } }],
    ['languageRule', { languageRule: { clause: '1.2', accepted: [] } }],
    ['quorum', { quorum: '' }],
    ['sunsetAt', { sunsetAt: START }],
    ['sunsetAt', { reviewAt: addMs(SUNSET, 1) }],
  ]
  for (const [field, change] of table) {
    const faulty = ringAgreement(change)
    const rules = documentFaults(faulty).map(({ rule }) => rule)
    assert.ok(rules.includes(`agreement:${field}`), `${field}: ${rules}`)
    const decided = draftAgreement(noAgreement, { document: faulty, digest }, liaison)
    assert.equal(why(decided), 'documentFaulty')
  }
})

test('a clause is understood only if every member of it is', () => {
  assert.deepEqual(
    document.clauses.filter((clause) => !isUnderstood(clause)),
    [],
  )
  const permitting = document.clauses.find(({ kind }) => kind === 'permitRelease')
  const strange: readonly object[] = [
    { ...permitting, onlyOnWeekdays: true },
    { ...permitting, releaseKinds: ['case', 'everything'] },
    { ...permitting, kind: 'permitEverything' },
    { ...permitting, kind: 'constructor' },
    { id: '1', text: 't', kind: 'duty', duty: { kind: 'sing' } },
    { id: '1', text: 't', kind: 'duty', duty: { kind: 'noOnwardTransfer', unless: 'asked' } },
    { id: '1', text: 't', kind: 'duty', duty: { kind: 'deleteBy' } },
    { id: '1', text: 't', kind: 'statement', but: 'not really' },
  ]
  for (const clause of strange) assert.equal(isUnderstood(clause as Clause), false)
})

test('the digest covers every value of the document', () => {
  const changes: readonly Partial<AgreementDocument>[] = [
    { version: 2 },
    { sunsetAt: addMs(SUNSET, 1) },
    { quorum: 'quorum w\n' },
    { transferInstruments: [] },
    { clauses: document.clauses.slice(1) },
  ]
  const digests = changes.map((change) => digestOf(ringAgreement(change)))
  assert.equal(new Set([digest, ...digests]).size, changes.length + 1)
})
