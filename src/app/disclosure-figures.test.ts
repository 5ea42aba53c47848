import assert from 'node:assert/strict'
import test from 'node:test'
import { addMs, DAY_MS, type Instant, instant } from '../base/time.ts'
import { countsOf, disclosureFigures, readingOf } from './disclosure-figures.ts'
import type { DisclosureFacts } from './ports/disclosure-facts.ts'

const UNTIL = instant('2027-04-01T00:00:00.000Z')
const FILED = instant('2027-01-10T00:00:00.000Z')
const day = (days: number): Instant => addMs(FILED, days * DAY_MS)

const none: DisclosureFacts = {
  ...{ language: 'en', form: 'flaw', channel: 'portal', sector: null, sectorAt: null },
  ...{ receivedAt: FILED, admittedAt: day(2), acknowledgedAt: day(2), triagedAt: null },
  ...{ vendorToldAt: null, fixedAt: null, publishedAt: null, closedAt: null },
  ...{ priority: null, priorityAt: null },
  ...{ embargoAt: null, embargoEndedAt: null, embargoWhy: null },
}
const times = (count: number, facts: Partial<DisclosureFacts>): DisclosureFacts[] =>
  Array.from({ length: count }, () => ({ ...none, ...facts }))
const exact = (facts: readonly DisclosureFacts[], measure: string) =>
  Object.fromEntries(
    countsOf({ facts, waiting: [] }, UNTIL)
      .filter((row) => row.measure === measure)
      .map(({ key, count }) => [key, count]),
  )
const figure = (facts: readonly DisclosureFacts[], name: string, by = 'all', key = 'all') =>
  disclosureFigures({ facts, waiting: [] }, UNTIL)
    .filter((one) => one.figure === name && one.by === by && one.key === key)
    .map(({ statistic, value, why }) => [statistic, value ?? why])

const QUARTERS = [
  ['2027-01-01T00:00:00.000Z', '2027-01-01'],
  ['2027-03-31T23:59:59.999Z', '2027-01-01'],
  ['2027-04-01T00:00:00.000Z', '2027-04-01'],
  ['2027-09-30T12:00:00.000Z', '2027-07-01'],
  ['2027-12-31T23:59:59.999Z', '2027-10-01'],
] as const
for (const [now, first] of QUARTERS) {
  test(`at ${now} what came before ${first} counts`, () => {
    assert.equal(readingOf(instant(now)), `${first}T00:00:00.000Z`)
  })
}

test('what happened in the running quarter does not count yet', () => {
  const facts = [
    ...times(1, { triagedAt: day(4) }),
    ...times(1, { triagedAt: UNTIL }),
    ...times(1, { admittedAt: UNTIL, acknowledgedAt: UNTIL, triagedAt: addMs(UNTIL, 1) }),
  ]
  assert.deepEqual(exact(facts, 'timeToTriage'), { done: 1, open: 1 })
  assert.deepEqual(exact(facts, 'language'), { en: 2 })
  // It lay at the portal before: it waits for its acknowledgement.
  assert.deepEqual(exact(facts, 'timeToAcknowledge'), { done: 2, open: 1 })
})

test('a closed report waits for nothing any more, one that was done stays done', () => {
  const facts = [
    ...times(2, { closedAt: day(9) }),
    ...times(1, { closedAt: day(9), triagedAt: day(3), publishedAt: day(8) }),
    ...times(1, { closedAt: UNTIL }),
  ]
  assert.deepEqual(exact(facts, 'timeToTriage'), { done: 1, ended: 2, open: 1 })
  assert.deepEqual(exact(facts, 'timeToPublish'), { done: 1, ended: 2, open: 1 })
  assert.deepEqual(exact(facts, 'timeToFix'), {}, 'no vendor was told')
})

test('filings that no case has wait, or were closed', () => {
  const waiting = [
    { filedOn: '2027-03-01', closedOn: null, count: 3 },
    { filedOn: '2027-03-01', closedOn: '2027-03-05', count: 2 },
    { filedOn: '2027-04-01', closedOn: null, count: 9 },
  ] as never
  const rows = countsOf({ facts: times(1, {}), waiting }, UNTIL)
  const own = rows.filter(({ measure }) => measure === 'timeToAcknowledge')
  assert.deepEqual(
    own.map(({ key, count }) => [key, count]),
    [
      ['done', 1],
      ['ended', 2],
      ['open', 3],
    ],
  )
})

test('embargoes by how they ended, and those that hold', () => {
  const embargoAt = day(3)
  const ended = (embargoWhy: DisclosureFacts['embargoWhy'], embargoEndedAt = day(20)) =>
    times(1, { embargoAt, embargoEndedAt, embargoWhy })
  const facts = [
    ...times(2, { embargoAt }),
    ...ended('expired'),
    ...ended('alreadyPublic'),
    ...ended('fixReady', UNTIL),
    ...times(4, {}),
  ]
  assert.deepEqual(exact(facts, 'embargoes'), { alreadyPublic: 1, expired: 1, inForce: 3 })
})

test('the sector counts from when it was named', () => {
  const facts = [
    ...times(1, { sector: 'health', sectorAt: day(2) }),
    ...times(1, { sector: 'health', sectorAt: UNTIL }),
    ...times(1, {}),
  ]
  assert.deepEqual(exact(facts, 'sector'), { health: 1, notStated: 2 })
})

test('days are given from ten finished cases on, the 90th percentile from twenty', () => {
  const done = (count: number) => times(count, { triagedAt: day(6) })
  assert.deepEqual(figure(done(9), 'timeToTriage'), [
    ['medianDays', 'withheld'],
    ['p90Days', 'withheld'],
  ])
  assert.deepEqual(figure(done(10), 'timeToTriage'), [
    ['medianDays', 6],
    ['p90Days', 'withheld'],
  ])
  assert.deepEqual(figure(done(20), 'timeToTriage'), [
    ['medianDays', 6],
    ['p90Days', 6],
  ])
})

test('open cases push the days up, until it cannot be said', () => {
  const facts = [...times(12, { triagedAt: day(1) }), ...times(8, { triagedAt: day(30) })]
  assert.deepEqual(figure([...facts, ...times(10, {})], 'timeToTriage'), [
    ['medianDays', 30],
    ['p90Days', 'notReached'],
  ])
  assert.deepEqual(figure([...facts, ...times(30, {})], 'timeToTriage'), [
    ['medianDays', 'notReached'],
    ['p90Days', 'notReached'],
  ])
})

test('a language or sector with few finished cases is not named', () => {
  const facts = [
    ...times(10, { triagedAt: day(2), language: 'fr', sector: 'health', sectorAt: day(2) }),
    ...times(9, { triagedAt: day(9), language: 'pl', sector: 'finance', sectorAt: day(2) }),
  ]
  assert.equal(figure(facts, 'timeToTriage', 'language', 'fr')[0]?.[1], 2)
  assert.equal(figure(facts, 'timeToTriage', 'sector', 'health')[0]?.[1], 2)
  assert.deepEqual(figure(facts, 'timeToTriage', 'language', 'pl'), [])
  assert.deepEqual(figure(facts, 'timeToTriage', 'sector', 'finance'), [])
})

test('no exact small count is among the figures', () => {
  const facts = [...times(3, { language: 'fr' }), ...times(28, { triagedAt: day(3) })]
  const counts = disclosureFigures({ facts, waiting: [] }, UNTIL).filter(
    ({ statistic }) => statistic === 'count',
  )
  for (const { figure: name, key, value } of counts) {
    assert.ok(value === null || value % 5 === 0, `${name} ${key}`)
  }
  assert.deepEqual(
    counts.filter(({ figure: name }) => name === 'language').map(({ value, why }) => [value, why]),
    [
      [null, 'withheld'],
      [null, 'withheld'],
    ],
  )
})
