import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ringAgreement, START } from '../../../test/support/ring.ts'
import { addMs, DAY_MS, type Instant, instant } from '../../base/time.ts'
import type { Condition } from '../law/condition.ts'
import { compileAgreement } from '../release/compile-agreement.ts'
import { type Clause, isUnderstood } from './clause.ts'
import {
  clausesOutOfEffect,
  documentInEffect,
  instrumentsAt,
  phaseAt,
} from './clauses-in-effect.ts'
import { answerConditions } from './threshold.ts'

const day = (n: number) => addMs(START, n * DAY_MS)
const permitting: Clause = {
  ...{ id: 'p', kind: 'permitRelease', text: 't', duties: [] },
  ...{ categories: ['caseSummary'], purposes: ['investigation'], releaseKinds: ['case'] },
}
const barring: Clause = { id: 'f', kind: 'forbidRelease', text: 't', categories: ['caseSummary'] }
const phase = (id: string, name: 'pilot' | 'scaleUp' | 'full', fromAt: Instant): Clause => ({
  ...{ id, kind: 'phase', text: 't', phase: name, fromAt },
})
const exempt = (clauses: readonly string[], until: Instant): Clause => ({
  ...{ id: 'e', kind: 'exempt', text: 't', clauses, until },
})
const of = (...clauses: readonly Clause[]) => ringAgreement({ clauses })
const out = (clauses: readonly Clause[], now: Instant, ...disputed: string[]) =>
  clausesOutOfEffect(of(...clauses), now, new Set(disputed)).map(
    ({ clause, why }) => `${clause.id} ${why}`,
  )

test('the phase is the one that started last, to the millisecond', () => {
  const three = of(
    phase('3', 'full', day(20)),
    phase('1', 'pilot', day(0)),
    phase('2', 'scaleUp', day(10)),
  )
  const at: readonly [Instant, string | null][] = [
    [addMs(day(0), -1), null],
    [day(0), 'pilot'],
    [addMs(day(10), -1), 'pilot'],
    [day(10), 'scaleUp'],
    [day(400), 'full'],
  ]
  for (const [now, expected] of at) assert.equal(phaseAt(three, now), expected, now)
  assert.equal(phaseAt(of(), day(0)), null)
  const two = of(
    phase('1', 'pilot', day(0)),
    phase('2', 'full', day(0)),
    phase('3', 'full', day(5)),
  )
  assert.equal(phaseAt(two, day(0)), null)
  assert.equal(phaseAt(two, day(5)), 'full')
})

test('a clause that permits holds in its phases only', () => {
  const inFull: Clause = { ...permitting, phases: ['full'] } as Clause
  assert.deepEqual(out([inFull], day(0)), ['p phase'])
  assert.deepEqual(out([inFull, phase('1', 'pilot', day(0))], day(0)), ['p phase'])
  assert.deepEqual(out([inFull, phase('1', 'full', day(3))], day(2)), ['p phase'])
  assert.deepEqual(out([inFull, phase('1', 'full', day(3))], day(3)), [])
  assert.deepEqual(out([permitting], day(0)), [])
})

test('an exemption ends at its instant, and reaches only what parties may forgo', () => {
  assert.deepEqual(out([barring, exempt(['f'], day(9))], addMs(day(9), -1)), ['f exempted'])
  assert.deepEqual(out([barring, exempt(['f'], day(9))], day(9)), [])
  const guards = ['requireTransferInstrument', 'requireRightsTest', 'requireReview'] as const
  for (const kind of guards) {
    const guard = { id: 'g', kind, text: 't' } as Clause
    assert.deepEqual(out([guard, exempt(['g'], day(9))], day(1)), [], kind)
  }
  const court: Clause = { ...barring, kind: 'requireAuthorisation' } as Clause
  assert.deepEqual(out([court, exempt(['f'], day(9))], day(1)), [])
  const strange = { ...barring, until: 'Friday' } as Clause
  assert.deepEqual(out([strange, exempt(['f'], day(9))], day(1)), [])
  const endless = { ...exempt(['f'], day(9)), until: 'one day' } as Clause
  assert.deepEqual(out([barring, endless], day(1)), [])
})

test('a dispute takes away what widens, and nothing that binds', () => {
  const duty: Clause = {
    ...{ id: 'd', kind: 'duty', text: 't', duty: { kind: 'noOnwardTransfer' } },
  }
  const all = [permitting, barring, duty, exempt(['f'], day(9))]
  assert.deepEqual(out(all, day(1), 'p', 'f', 'd'), ['p disputed', 'f exempted'])
  assert.deepEqual(out(all, day(1), 'e'), ['e disputed'])
})

test('an instrument serves from its first day to the end of its last, in UTC', () => {
  const [first] = ringAgreement().transferInstruments
  assert.ok(first)
  const document = ringAgreement({
    transferInstruments: [{ ...first, authorisedOn: '2026-11-05', validUntil: '2026-11-07' }],
  })
  const table: readonly [string, number][] = [
    ['2026-11-04T23:59:59.999Z', 0],
    ['2026-11-05T00:00:00.000Z', 1],
    ['2026-11-07T23:59:59.999Z', 1],
    ['2026-11-08T00:00:00.000Z', 0],
  ]
  for (const [now, count] of table) {
    assert.equal(instrumentsAt(document, instant(now)).length, count, now)
    assert.equal(documentInEffect(document, instant(now)).transferInstruments.length, count)
  }
})

test('a clause whose condition or list cannot be read is not understood', () => {
  const fact = { fact: 'harms', is: true }
  const deep = (levels: number): object => (levels === 0 ? fact : { not: deep(levels - 1) })
  const read = (when: object) => isUnderstood({ ...permitting, when } as Clause)
  assert.ok(read({ all: [fact, { any: [{ fact: 'places', has: 'GB' }, deep(3)] }] }))
  assert.ok(read({ fact: 'places', here: true }))
  const ill: readonly unknown[] = [
    ...[null, 'urgent', [], [fact], {}, { all: [] }, { any: [] }, { all: fact }, { not: [fact] }],
    ...[{ fact: 'a' }, { fact: '', is: true }, { fact: 'a b', is: true }, { fact: 1, is: true }],
    ...[
      { fact: 'a', is: null },
      { fact: 'a', is: [] },
      { fact: 'a', is: '' },
      { fact: 'a', has: 1 },
    ],
    ...[
      { fact: 'a', here: false },
      { ...fact, unless: 'Sunday' },
      { ...fact, has: 'x' },
    ],
    ...[
      { all: [fact], any: [fact] },
      { all: [fact, { or: [fact] }] },
      { fact: 'a'.repeat(61), is: 1 },
    ],
    ...[{ fact: 'a', is: 'x'.repeat(201) }, { fact: 'a', is: Number.NaN }, deep(6), deep(5000)],
    { all: Array.from({ length: 60 }, () => fact) },
  ]
  for (const when of ill)
    assert.equal(read(when as object), false, JSON.stringify(when)?.slice(0, 80))
  assert.ok(read(deep(5)))
  const lists = [
    { phases: [] },
    { phases: ['later'] },
    { between: [] },
    { between: [{ from: 'a' }] },
  ]
  for (const list of lists) assert.equal(isUnderstood({ ...permitting, ...list } as Clause), false)
  assert.equal(isUnderstood({ ...barring, to: [] } as Clause), false)
})

test('a version of the exchange that is not spoken here forbids everything', () => {
  const document = { ...ringAgreement(), clauses: [] }
  const policiesFor = (minimum: number) => {
    const clause: Clause = { id: 'v', text: 't', kind: 'exchangeVersion', minimum }
    return compileAgreement({ ...document, clauses: [clause] })
  }
  const everything = 'forbid (principal, action, resource);'
  assert.equal(policiesFor(1).includes(everything), false)
  assert.equal(policiesFor(2).includes(everything), true)
})

test('only a recorded fact meets a condition, and what is missing is named', () => {
  const when: Condition = {
    all: [
      { fact: 'urgent', is: true },
      { fact: 'harms', has: 'health' },
    ],
  }
  const clauses: Clause[] = [
    { ...permitting, when } as Clause,
    { ...permitting, id: 'q' } as Clause,
  ]
  const region = { legalOrder: 'EU', members: [], within: [] }
  const answer = (facts: object) => answerConditions(clauses, { ...facts }, region).get('p')
  assert.equal(answer({ urgent: true, harms: ['health'] })?.answer, 'yes')
  assert.equal(answer({ urgent: false })?.answer, 'no')
  assert.deepEqual(answer({ urgent: true })?.missing, ['harms'])
  assert.deepEqual(answer({})?.missing, ['urgent', 'harms'])
  assert.deepEqual([...answerConditions(clauses, {}, region).keys()], ['p'])
})
