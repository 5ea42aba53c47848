import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ALBION, MERIDIA, ringAgreement, START, SUNSET } from '../../../test/support/ring.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import type { Clause } from './clause.ts'
import type { AgreementDocument, TransferInstrument } from './document.ts'
import { documentFaults } from './document-faults.ts'

const { clauses, transferInstruments, purposes, categories } = ringAgreement()
const [[instrument], [firstPurpose], [firstCategory]] = [transferInstruments, purposes, categories]
assert.ok(instrument && firstPurpose && firstCategory)

const faultsOf = (change: Partial<AgreementDocument>) =>
  documentFaults(ringAgreement(change)).map(({ rule, text }) => `${rule} ${text}`)
const withClauses = (...more: readonly object[]) =>
  faultsOf({ clauses: [...clauses, ...more.map((each) => ({ text: 't', ...each }) as Clause)] })

const permit = {
  ...{ id: 'x', kind: 'permitRelease', duties: [], releaseKinds: ['case'] },
  ...{ categories: ['caseSummary'], purposes: ['investigation'] },
}
const handling = { id: 'x', kind: 'handling', categories: ['caseSummary'], tlp: 'RED', codes: [] }
const exempt = { id: 'x', kind: 'exempt', clauses: ['4.2'], until: addMs(START, DAY_MS) }
const phase = { id: 'x', kind: 'phase', phase: 'pilot', fromAt: START }
const rapid = { id: 'x', kind: 'rapidAmendment', noticeDays: 14, members: ['handling'] }
const step = { before: 'the liaisons', withinDays: 10 }
const dispute = { id: 'x', kind: 'dispute', steps: [step], suspendsClause: true }
const costs = { id: 'x', kind: 'costs', borneBy: 'each' }
const carveOut = { id: 'x', kind: 'carveOut', ground: 'tradeSecret' }
const oldest = { id: 'x', kind: 'exchangeVersion', minimum: 1 }
const confidentiality = { id: 'x', kind: 'confidentiality', survivesDays: 1825 }
const guarded = (kind: string) => ({ id: 'x', kind, categories: ['personalData'] })

test('good clauses of every kind have no fault', () => {
  const good: readonly object[] = [
    ...[handling, exempt, phase, rapid, dispute, costs, carveOut, confidentiality, oldest],
    ...['requireConsent', 'requireAuthorisation', 'requireSecondOfficer'].map(guarded),
    { id: 'x', kind: 'safeHarbour', protects: 'reporters' },
    { id: 'x', kind: 'duty', duty: { kind: 'noJudicialUse' } },
    { id: 'x', kind: 'duty', duty: { kind: 'returnBy', withinDays: 30 } },
    { id: 'x', kind: 'forbidRelease', categories: ['statistics'], to: ['US-CA'] },
    { ...permit, between: [{ from: MERIDIA, to: ALBION }], phases: ['full'] },
    { ...permit, when: { fact: 'seriousHarm', is: true } },
    { id: 'x', kind: 'somethingNewer', of: 'a later version' },
  ]
  for (const clause of good) assert.deepEqual(withClauses(clause), [], JSON.stringify(clause))
})

test('a clause that contradicts the text, or that nobody can read, is named with its reason', () => {
  const table: readonly [string, ...object[]][] = [
    ['names no purpose', { ...permit, purposes: [] }],
    ['names caseSummary twice', { ...permit, categories: ['caseSummary', 'caseSummary'] }],
    [
      'of a node that is no party: x.example',
      { ...permit, between: [{ from: MERIDIA, to: 'x.example' }] },
    ],
    [`direction from ${ALBION} to itself`, { ...permit, between: [{ from: ALBION, to: ALBION }] }],
    ['its list between is empty', { ...permit, between: [] }],
    ['members besides from and to', { ...permit, between: [{ from: MERIDIA, to: ALBION, on: 1 }] }],
    ['its list phases is empty', { ...permit, phases: [] }],
    ['its phase someday is not known', { ...permit, phases: ['someday'] }],
    ['its release kind all is not known', { ...permit, releaseKinds: ['all'] }],
    ['its condition cannot be read', { ...permit, when: { fact: 'a', of: 'b' } }],
    ['its member unless is not known', { ...permit, unless: 'Friday' }],
    ['its member duties is missing', { ...permit, duties: undefined, id: 'x' }],
    ['a legal order of no party: US', { ...guarded('forbidRelease'), to: ['US'] }],
    ['its list to is empty', { ...guarded('forbidRelease'), to: [] }],
    ...['requireConsent', 'requireAuthorisation', 'requireSecondOfficer', 'handling'].flatMap(
      (kind): [string, object][] => [
        ['names no category', { ...handling, ...guarded(kind), ...only(kind), categories: [] }],
        ['not listed: rumours', { ...guarded(kind), ...only(kind), categories: ['rumours'] }],
      ],
    ),
    ['version 2 of the exchange is not spoken here', { ...oldest, minimum: 2 }],
    ['is no whole number above 0', { ...oldest, minimum: 0 }],
    ['two clauses of kind exchangeVersion', oldest, { ...oldest, id: 'y' }],
    ['its TLP label WHITE is not known', { ...handling, tlp: 'WHITE' }],
    ['its handling code H9 is not known', { ...handling, codes: ['H1', 'H9'] }],
    ['names H1 twice', { ...handling, codes: ['H1', 'H1'] }],
    ['exempts from nothing', { ...exempt, clauses: [] }],
    ['a clause that is missing: 99', { ...exempt, clauses: ['99'] }],
    ...['5.1', '5.2', '4.6', '6.1', '7.1', '4.1'].map((id): [string, object] => [
      `from clause ${id}, which may not be exempted`,
      { ...exempt, clauses: [id] },
    ]),
    ['clause x, which may not be exempted', { ...exempt, clauses: ['x'] }],
    ['has ended before the start', { ...exempt, until: START }],
    ['its member until is not an instant', { ...exempt, until: '2027' }],
    ['its ground modesty is not known', { ...carveOut, ground: 'modesty' }],
    ['two clauses carve out tradeSecret', carveOut, { ...carveOut, id: 'y' }],
    ['starts outside start and sunset', { ...phase, fromAt: addMs(START, -1) }],
    ['starts outside start and sunset', { ...phase, fromAt: SUNSET }],
    ['its member fromAt is not an instant', { ...phase, fromAt: 'soon' }],
    [
      'two phases start on 2026-11-01',
      phase,
      { ...phase, id: 'y', phase: 'full', fromAt: addMs(START, 1) },
    ],
    [
      'the phase pilot starts twice',
      phase,
      { ...phase, id: 'y', fromAt: addMs(START, 9 * DAY_MS) },
    ],
    ['withinDays, and no other member', { id: 'x', kind: 'duty', duty: { kind: 'returnBy' } }],
    ['no sane number', { id: 'x', kind: 'duty', duty: { kind: 'returnBy', withinDays: 1.5 } }],
    [
      'lasts, and has no other',
      { id: 'x', kind: 'duty', duty: { kind: 'noJudicialUse', withinDays: 1 } },
    ],
    ['its duty sing is not known', { id: 'x', kind: 'duty', duty: { kind: 'sing' } }],
    ['the notice of clause x is no sane', { ...rapid, noticeDays: 0 }],
    ['lets nothing be amended', { ...rapid, members: [] }],
    ['its member clauses is not known', { ...rapid, members: ['clauses'] }],
    ['names handling twice', { ...rapid, members: ['handling', 'handling'] }],
    ['two clauses of kind rapidAmendment', rapid, { ...rapid, id: 'y' }],
    ['takes no step', { ...dispute, steps: [] }],
    [
      'more than 10 steps',
      { ...dispute, steps: Array.from({ length: 11 }, (_, n) => ({ ...step, before: `${n}` })) },
    ],
    ['step 1 of clause x is before nobody', { ...dispute, steps: [{ ...step, before: ' ' }] }],
    [
      'step 2 of clause x has no sane period',
      { ...dispute, steps: [step, { before: 'a panel', withinDays: 0 }] },
    ],
    ['a step before the liaisons twice', { ...dispute, steps: [step, step] }],
    ['two clauses of kind dispute', dispute, { ...dispute, id: 'y' }],
    ['two clauses of kind costs', costs, { ...costs, id: 'y', borneBy: 'requester' }],
    ['its word nobody is not known', { ...costs, borneBy: 'nobody' }],
    ['its word pets is not known', { id: 'x', kind: 'safeHarbour', protects: 'pets' }],
    ['the period of clause x is no sane', { ...confidentiality, survivesDays: 40_000 }],
    ['two clauses of kind confidentiality', confidentiality, { ...confidentiality, id: 'y' }],
    ['has no text', { ...costs, text: ' ' }],
  ]
  for (const [expected, ...more] of table) {
    const found = withClauses(...more.map(withoutAbsent))
    assert.ok(
      found.some((line) => line.includes(expected)),
      `${expected} in ${found.join('; ')}`,
    )
  }
})

test('instruments, vocabulary, languages and dates that cannot be are named', () => {
  const one = (change: Partial<TransferInstrument>) => ({
    transferInstruments: [{ ...instrument, ...change } as TransferInstrument],
  })
  const purpose = (iri: string) => ({ purposes: [{ ...firstPurpose, iri }, ...purposes.slice(1)] })
  const category = (iri: string) => ({
    categories: [{ ...firstCategory, iri }, ...categories.slice(1)],
  })
  const table: readonly [string, object][] = [
    ['ends before it is authorised', one({ validUntil: '2026-01-14' })],
    ['a date that is none: 2026-02-30', one({ authorisedOn: '2026-02-30' })],
    ['a date that is none: 2026-13-01', one({ validUntil: '2026-13-01' })],
    ['leads nowhere', one({ to: 'EU' })],
    ['has no authorisation', one({ authorisation: ' ' })],
    ['of no known kind: handshake', one({ kind: 'handshake' as never })],
    ['serves no category', one({ categories: [] })],
    ['not listed: rumours', one({ categories: ['personalData', 'rumours'] })],
    ['is not an IRI with https', purpose('LawEnforcement')],
    ['is not an IRI with https', purpose('http://w3id.org/dpv#Purpose')],
    ['in no namespace', purpose('https://w3id.org/dpv/legal/eu/rights#A1')],
    ['in no namespace', category('https://w3id.org/dpv/Purpose')],
    ['names no term', category('https://w3id.org/dpv/pd#')],
    ['names no term', category('https://w3id.org/dpv/pd#Health data'.replace(' ', '%20'))],
    ['english is not a language tag', { languageRule: { clause: '1.2', accepted: ['english'] } }],
    ['en_GB is not a language tag', { languageRule: { clause: '1.2', accepted: ['en_GB'] } }],
    ['no TLP label: WHITE', { handling: { tlp: 'WHITE' } }],
    ['is not an instant', { reviewAt: '2027-01-01' }],
    ['no sane period', { emergencyClause: { clause: '5.3', postReviewWithinHours: 745 } }],
  ]
  for (const [expected, change] of table) {
    const found = faultsOf(change)
    assert.ok(
      found.some((line) => line.includes(expected)),
      `${expected} in ${found.join('; ')}`,
    )
  }
  const good = [
    purpose('https://w3id.org/dpv/sector/law#LawEnforcement'),
    purpose('https://example.org/purposes#audit'),
  ]
  for (const change of good) assert.deepEqual(faultsOf(change), [])
  const serving = one({ validUntil: '2026-01-15', categories: ['personalData'] })
  assert.deepEqual(faultsOf(serving), [])
})

/** What else a guarding clause of this kind must have. */
function only(kind: string): object {
  return kind === 'handling' ? { tlp: 'RED', codes: [] } : { tlp: undefined, codes: undefined }
}

function withoutAbsent(clause: object): object {
  return Object.fromEntries(Object.entries(clause).filter(([, member]) => member !== undefined))
}
