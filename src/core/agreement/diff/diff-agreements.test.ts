import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  ALBION,
  MERIDIA,
  ringAgreement,
  SIERRA,
  START,
  SUNSET,
} from '../../../../test/support/ring.ts'
import { addMs, DAY_MS } from '../../../base/time.ts'
import type { Clause } from '../clause.ts'
import type { AgreementDocument } from '../document.ts'
import { diffAgreements } from './diff-agreements.ts'

const base = ringAgreement()
const { clauses, categories, purposes, parties, transferInstruments } = base
const [toGb, toEu] = transferInstruments
const [eu, gb, us] = parties
assert.ok(toGb && toEu && eu && gb && us)

const changing = (id: string, change: object): Partial<AgreementDocument> => ({
  clauses: clauses.map((clause) =>
    clause.id === id ? ({ ...clause, ...change } as Clause) : clause,
  ),
})
const adding = (clause: object): Partial<AgreementDocument> => ({
  clauses: [...clauses, { id: 'x', text: 'New words.', ...clause } as Clause],
})
const category = (id: string, change: object): Partial<AgreementDocument> => ({
  categories: categories.map((each) => (each.id === id ? { ...each, ...change } : each)),
})
const lines = (older: Partial<AgreementDocument>, newer: Partial<AgreementDocument>) =>
  diffAgreements(ringAgreement(older), ringAgreement(newer)).changes.map(
    ({ effect, where, text }) => `${effect} ${where} ${text}`,
  )

test('the same text has no difference', () => {
  const diff = diffAgreements(base, ringAgreement({ version: 2 }))
  assert.deepEqual(diff, { verdict: 'same', changes: [], ways: { opened: [], closed: [] } })
})

test('each difference says in words what it does', () => {
  const court = { kind: 'requireAuthorisation', categories: ['personalData'] }
  const when = { fact: 'seriousHarm', is: true }
  const way = { between: [{ from: MERIDIA, to: ALBION }] }
  const exempt = { kind: 'exempt', clauses: ['4.2'], until: addMs(START, DAY_MS) }
  const handling = { kind: 'handling', categories: ['personalData'], tlp: 'AMBER', codes: ['H1'] }
  const table: readonly [string, Partial<AgreementDocument>, Partial<AgreementDocument>?][] = [
    [
      'more clauses/4.1 Clause 4.1 now also serves statistics',
      changing('4.1', {
        purposes: ['coordinatedDisclosure', 'investigation', 'assistance', 'statistics'],
      }),
    ],
    [
      'less clauses/4.1 Clause 4.1 no longer serves assistance',
      changing('4.1', { purposes: ['coordinatedDisclosure', 'investigation'] }),
    ],
    [
      'moreAndLess clauses/4.5 Clause 4.5 now also names caseSummary; it no longer names statistics',
      changing('4.5', { categories: ['caseSummary'] }),
    ],
    [
      'more clauses/4.5 Clause 4.5 now also lets a release of kind exhibit go',
      changing('4.5', { releaseKinds: ['case', 'exhibit'] }),
    ],
    [
      'more clauses/4.4 Clause 4.4 no longer brings the duties 7.3, 7.4',
      changing('4.4', { duties: ['7.1', '7.2'] }),
    ],
    [
      'less clauses/4.5 Clause 4.5 now brings the duties 7.1',
      changing('4.5', { duties: ['7.1', '7.2'] }),
    ],
    [
      'less clauses/4.1 Clause 4.1 now holds only in the directions meridia.example to albion.example',
      changing('4.1', way),
    ],
    ['more clauses/4.1 Clause 4.1 now holds in every direction', {}, changing('4.1', way)],
    [
      'less clauses/4.1 Clause 4.1 now holds only in the phases full',
      changing('4.1', { phases: ['full'] }),
    ],
    ['less clauses/4.1 Clause 4.1 now asks for a condition', changing('4.1', { when })],
    ['more clauses/4.1 Clause 4.1 no longer asks for a condition', {}, changing('4.1', { when })],
    [
      'moreAndLess clauses/4.1 Clause 4.1 asks for another condition',
      changing('4.1', { when: { not: when } }),
      changing('4.1', { when }),
    ],
    [
      'more clauses/4.2 Clause 4.2 now forbids it only to US-CA',
      changing('4.2', { to: ['US-CA'] }),
    ],
    [
      'less clauses/4.2 Clause 4.2 now forbids it to everybody',
      {},
      changing('4.2', { to: ['US-CA'] }),
    ],
    [
      'less clauses/4.2 Clause 4.2 now also names statistics',
      changing('4.2', { categories: ['reporterContact', 'statistics'] }),
    ],
    [
      'less clauses/7.1 Clause 7.1 gives 30 days instead of 365',
      changing('7.1', { duty: { kind: 'deleteBy', withinDays: 30 } }),
    ],
    [
      'moreAndLess clauses/7.1 Clause 7.1 asks for returnBy instead of deleteBy',
      changing('7.1', { duty: { kind: 'returnBy', withinDays: 365 } }),
    ],
    ['onlyWords clauses/1.1 Clause 1.1 is worded anew', changing('1.1', { text: 'Other words.' })],
    ['less clauses/x Clause x is new (requires an authorisation): New words.', adding(court)],
    ['more clauses/x Clause x is gone (requires an authorisation): New words.', {}, adding(court)],
    ['more clauses/x Clause x is new (exempts for a time)', adding(exempt)],
    [
      'more clauses/x Clause x exempts until',
      adding({ ...exempt, until: addMs(START, 9 * DAY_MS) }),
      adding(exempt),
    ],
    [
      'less clauses/x Clause x marks TLP:RED instead of TLP:AMBER',
      adding({ ...handling, tlp: 'RED' }),
      adding(handling),
    ],
    ['less clauses/x Clause x is new (marks how to handle)', adding(handling)],
    [
      'more clauses/x Clause x is new (marks how to handle)',
      adding({ ...handling, tlp: 'GREEN', codes: [] }),
    ],
    [
      'more clauses/x Clause x no longer has the handling codes H1',
      adding({ ...handling, codes: [] }),
      adding(handling),
    ],
    ['less clauses/x Clause x is new (permitOnFridays)', adding({ kind: 'permitOnFridays' })],
    [
      'moreAndLess clauses/4.1 Clause 4.1 has values that this version cannot read',
      changing('4.1', { unless: 'Friday' }),
    ],
    [
      'somethingElse clauses/x Clause x is new (who bears the costs)',
      adding({ kind: 'costs', borneBy: 'each' }),
    ],
    [
      'less parties Authority of sierra.example (fictional) (sierra.example, US-CA) is no party any more.',
      { parties: [eu, gb] },
    ],
    ['more parties Authority of sierra.example', {}, { parties: [eu, gb] }],
    [
      'somethingElse parties Authority of albion.example (fictional) (albion.example, GB) pins other message keys',
      { parties: [eu, { ...gb, messageKeys: [] }, us] },
    ],
    ['moreAndLess parties', { parties: [eu, { ...gb, legalOrder: 'JP' }, us] }],
    ['more categories', category('reporterContact', { releasable: true })],
    ['less categories', category('statistics', { personal: true })],
    ['more categories', category('personalData', { reviewRequired: false })],
    [
      'less transferInstruments The transfer instrument from GB to EU',
      { transferInstruments: [toGb] },
    ],
    ['more transferInstruments', {}, { transferInstruments: [toGb] }],
    [
      'less transferInstruments',
      { transferInstruments: [{ ...toGb, validUntil: '2027-01-01' }, toEu] },
    ],
    [
      'less transferInstruments',
      { transferInstruments: [{ ...toGb, categories: ['personalData'] }, toEu] },
    ],
    [
      'less handling What no handling clause names is TLP:RED instead of TLP:AMBER.',
      { handling: { tlp: 'RED' } },
    ],
    ['more retention', { retention: { clause: '7.1', deleteAfterDays: 400 } }],
    [
      'less onwardTransfer What was received may never be passed on.',
      { onwardTransfer: { clause: '7.2', allowed: 'never' } },
    ],
    ['less emergencyClause There is no emergency clause any more.', { emergencyClause: null }],
    ['more emergencyClause', { emergencyClause: { clause: '5.3', postReviewWithinHours: 72 } }],
    [
      'somethingElse languageRule Requests are accepted in en, fr.',
      { languageRule: { clause: '1.2', accepted: ['en', 'fr'] } },
    ],
    ['somethingElse quorum', { quorum: 'quorum w\n' }],
    ['more sunsetAt It ends at', { sunsetAt: addMs(SUNSET, DAY_MS) }],
    ['less sunsetAt It ends at', { sunsetAt: addMs(SUNSET, -DAY_MS) }],
    ['onlyWords title The title is Anew.', { title: 'Anew' }],
    ['somethingElse id These are two agreements', { id: '01990000-0000-7000-8000-000000000002' }],
    [
      'somethingElse purposes The purpose audit',
      { purposes: [...purposes, { id: 'audit', text: 't', iri: null }] },
    ],
  ]
  for (const [expected, newer, older] of table) {
    const found = lines(older ?? {}, newer)
    assert.ok(
      found.some((line) => line.startsWith(expected)),
      `${expected} in ${found.join(' | ')}`,
    )
  }
})

test('the ways that open and close are named one by one', () => {
  const newer = ringAgreement({
    ...changing('4.5', {
      purposes: ['statistics', 'investigation'],
      between: [{ from: MERIDIA, to: SIERRA }],
    }),
  })
  const { ways, verdict } = diffAgreements(base, newer)
  assert.equal(verdict, 'moreAndLess')
  assert.deepEqual(ways?.opened, [
    { from: MERIDIA, to: SIERRA, category: 'statistics', purpose: 'investigation', kind: 'case' },
  ])
  // Six directions and two purposes, of which one direction and one purpose stay.
  assert.equal(ways.closed.length, 11)
  const stopped = diffAgreements(base, ringAgreement(adding({ kind: 'permitOnFridays' })))
  assert.equal(stopped.ways?.opened.length, 0)
  assert.ok((stopped.ways?.closed.length ?? 0) > 20)
})

test('too many ways are not counted', () => {
  const many = Array.from({ length: 100 }, (_, n) => ({ ...eu, node: `n${n}.example` }))
  const wide = changing('4.1', { categories: Array.from({ length: 100 }, (_, n) => `c${n}`) })
  assert.equal(diffAgreements(base, ringAgreement({ parties: many, ...wide })).ways, null)
})

const some = <T>(items: readonly T[]) => fc.subarray([...items], { minLength: 1 })
const ids = categories.map(({ id }) => id)
const texts = fc
  .record({
    parties: fc.constantFrom([eu, gb], [eu, gb, us], [eu, us], [eu, { ...gb, legalOrder: 'EU' }]),
    releasable: fc.subarray(ids),
    personal: fc.subarray(ids),
    permitted: some(ids),
    purposes: some(purposes.map(({ id }) => id)),
    forbidden: some(ids),
    to: fc.constantFrom(undefined, ['EU'], ['GB', 'EU']),
    between: fc.constantFrom(
      undefined,
      [{ from: MERIDIA, to: ALBION }],
      [{ from: ALBION, to: MERIDIA }],
    ),
    instruments: fc.subarray([toGb, toEu, { ...toGb, categories: ['personalData'] }]),
    guard: fc.boolean(),
    exempt: fc.boolean(),
  })
  .map((choice): AgreementDocument => {
    const { to, between } = choice
    const own: readonly object[] = [
      {
        id: 'p',
        kind: 'permitRelease',
        categories: choice.permitted,
        purposes: choice.purposes,
        releaseKinds: ['case'],
        duties: [],
        ...(between ? { between } : {}),
      },
      { id: 'f', kind: 'forbidRelease', categories: choice.forbidden, ...(to ? { to } : {}) },
      ...(choice.guard ? [{ id: 'g', kind: 'requireTransferInstrument' }] : []),
      ...(choice.exempt
        ? [{ id: 'e', kind: 'exempt', clauses: ['f'], until: addMs(START, DAY_MS) }]
        : []),
    ]
    return ringAgreement({
      parties: choice.parties,
      categories: categories.map((each) => ({
        ...each,
        ...{
          releasable: choice.releasable.includes(each.id),
          personal: choice.personal.includes(each.id),
        },
      })),
      clauses: own.map((clause) => ({ text: 't', ...clause }) as Clause),
      transferInstruments: choice.instruments,
    })
  })

test('no way opens under a change called narrower, and none closes under one called wider', () => {
  const seen = { opened: 0, closed: 0 }
  fc.assert(
    fc.property(texts, texts, (older, newer) => {
      const { verdict, ways } = diffAgreements(older, newer)
      assert.ok(ways)
      if (ways.opened.length > 0) assert.match(verdict, /^more/)
      if (ways.closed.length > 0) assert.match(verdict, /^(less|moreAndLess)$/)
      if (verdict === 'same') assert.deepEqual(ways, { opened: [], closed: [] })
      seen.opened += ways.opened.length
      seen.closed += ways.closed.length
    }),
    { numRuns: 400 },
  )
  assert.ok(seen.opened > 0 && seen.closed > 0)
})
