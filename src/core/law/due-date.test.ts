import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import fc from 'fast-check'
import { addMs, HOUR_MS, type Instant, instantFromMs } from '../../base/time.ts'
import { inZone, type WorkCalendar } from './calendar.ts'
import type { CountingRule, Period, PeriodUnit } from './clock.ts'
import { dueDate } from './due-date.ts'
import { holidaysFrom } from './holidays.ts'

const holidaysOf = holidaysFrom(() => createRequire(import.meta.url)('date-holidays'))

function place(zone: string, holidays: string): WorkCalendar {
  return {
    zone,
    at: (moment) => inZone(moment, zone),
    isWeekend: (day) => day.dayOfWeek > 5,
    isHoliday: (day) => [...holidaysOf(holidays, day.year)].includes(day.toString() as never),
    borrowedFrom: null,
  }
}

const brussels = place('Europe/Brussels', 'BE')
const paris = place('Europe/Paris', 'FR')
const berlin = place('Europe/Berlin', 'DE')
const dublin = place('Europe/Dublin', 'IE')
const singapore = place('Asia/Singapore', 'SG')
const saoPaulo = place('America/Sao_Paulo', 'BR')
const newYork = place('America/New_York', 'US')
const lordHowe = place('Australia/Lord_Howe', 'AU')
const losAngeles = place('America/Los_Angeles', 'US-CA')

type Row = readonly [
  what: string,
  start: string,
  count: number,
  unit: PeriodUnit,
  place: WorkCalendar,
  counting: CountingRule,
  strict: string,
  legal: string,
  wrong?: readonly string[],
]

/** A date stands for the end of that day, a moment for itself. */
const rows: readonly Row[] = [
  // biome-ignore format: a table that a lawyer can read
  ['AI Act 73(2), fixed maximum', '2028-01-14T10:30+00:00', 15, 'calendar_day', dublin, 'eu1182', '2028-01-29', '2028-01-31', ['2028-01-28', '2028-02-04']],
  // biome-ignore format: a table that a lawyer can read
  ['GDPR 33(1), hours over the autumn change', '2026-10-23T14:20+02:00', 72, 'hour', paris, 'eu1182', '2026-10-26T13:20+01:00', '2026-10-26T14:00+01:00', ['2026-10-26T14:20+01:00']],
  // biome-ignore format: a table that a lawyer can read
  ['AI Act 73(2), same set, 15 days', '2028-01-10T09:00+01:00', 15, 'calendar_day', brussels, 'eu1182', '2028-01-25', '2028-01-25'],
  // biome-ignore format: a table that a lawyer can read
  ['AI Act 73(4), same set, 10 days', '2028-01-10T09:00+01:00', 10, 'calendar_day', brussels, 'eu1182', '2028-01-20', '2028-01-20', ['2028-01-23']],
  // biome-ignore format: a table that a lawyer can read
  ['AI Act 73(3), 3(4) and then 3(5)', '2028-01-14T09:00+01:00', 2, 'calendar_day', brussels, 'eu1182', '2028-01-16', '2028-01-18', ['2028-01-17']],
  // biome-ignore format: a table that a lawyer can read
  ['CRA 14(4)(c), month is clamped', '2027-01-31T16:00+01:00', 1, 'month', brussels, 'eu1182', '2027-02-28', '2027-03-01', ['2027-03-03']],
  // biome-ignore format: a table that a lawyer can read
  ['CRA 14(2)(c), from the remedy', '2026-11-20T12:00+01:00', 14, 'calendar_day', brussels, 'eu1182', '2026-12-04', '2026-12-04', ['2026-11-15']],
  // biome-ignore format: a table that a lawyer can read
  ['SG PDPA 26D, calendar days', '2026-11-27T16:00+08:00', 3, 'calendar_day', singapore, 'unstated', '2026-11-30', '2026-11-30', ['2026-12-02']],
  // biome-ignore format: a table that a lawyer can read
  ['SG PDPA 26C, assessment window', '2026-11-02T09:00+08:00', 30, 'calendar_day', singapore, 'unstated', '2026-12-02', '2026-12-02'],
  // biome-ignore format: a table that a lawyer can read
  ['BR Res. 15/2024, business days', '2026-11-18T10:00-03:00', 3, 'business_day', saoPaulo, 'unstated', '2026-11-24', '2026-11-24', ['2026-11-23', '2026-11-21']],
  // biome-ignore format: a table that a lawyer can read
  ['BR, 20 business days', '2026-11-18T10:00-03:00', 20, 'business_day', saoPaulo, 'unstated', '2026-12-17', '2026-12-17'],
  // biome-ignore format: a table that a lawyer can read
  ['AI Act 79(2), working days', '2026-12-14T10:00+01:00', 15, 'working_day', paris, 'eu1182', '2027-01-06', '2027-01-06', ['2027-01-04', '2026-12-29']],
  // biome-ignore format: a table that a lawyer can read
  ['AI Act 75(2a), months', '2026-10-30T12:00+01:00', 4, 'month', brussels, 'eu1182', '2027-02-28', '2027-03-01', ['2027-02-27']],
  // biome-ignore format: a table that a lawyer can read
  ['CN department, minutes', '2026-11-25T09:05+08:00', 30, 'minute', place('Asia/Shanghai', 'CN'), 'unstated', '2026-11-25T09:35+08:00', '2026-11-25T09:35+08:00'],
  // biome-ignore format: a table that a lawyer can read
  ['CN network operator, hours', '2026-11-25T08:10+08:00', 4, 'hour', place('Asia/Shanghai', 'CN'), 'unstated', '2026-11-25T12:10+08:00', '2026-11-25T12:10+08:00'],
  // biome-ignore format: a table that a lawyer can read
  ['GDPR 60(4), weeks', '2026-11-27T15:00+01:00', 4, 'week', paris, 'eu1182', '2026-12-25', '2026-12-28', ['2026-12-26']],
  // biome-ignore format: a table that a lawyer can read
  ['TRAIGA cure, 60 days', '2026-11-24T10:00-06:00', 60, 'calendar_day', place('America/Chicago', 'US-TX'), 'unstated', '2027-01-23', '2027-01-23'],
  // biome-ignore format: a table that a lawyer can read
  ['e-Evidence 10(4), 8 hours', '2026-12-24T17:05+01:00', 8, 'hour', berlin, 'eu1182', '2026-12-25T01:05+01:00', '2026-12-25T02:00+01:00'],
  // biome-ignore format: a table that a lawyer can read
  ['e-Evidence, 96 hours', '2026-12-24T17:05+01:00', 96, 'hour', berlin, 'eu1182', '2026-12-28T17:05+01:00', '2026-12-28T18:00+01:00'],
  // biome-ignore format: a table that a lawyer can read
  ['e-Evidence 10(3), 10 days', '2026-12-16T10:00+01:00', 10, 'calendar_day', berlin, 'eu1182', '2026-12-26', '2026-12-28'],
  // biome-ignore format: a table that a lawyer can read
  ['e-Evidence 16(2), 5 working days', '2026-12-22T10:00+01:00', 5, 'working_day', berlin, 'eu1182', '2026-12-30', '2026-12-30'],
  // biome-ignore format: a table that a lawyer can read
  ['72 hours over the US spring change', '2027-03-12T22:00-05:00', 72, 'hour', newYork, 'unstated', '2027-03-15T23:00-04:00', '2027-03-15T23:00-04:00'],
  // biome-ignore format: a table that a lawyer can read
  ['24 hours over the US autumn change', '2026-10-31T20:00-07:00', 24, 'hour', losAngeles, 'unstated', '2026-11-01T19:00-08:00', '2026-11-01T19:00-08:00'],
  // biome-ignore format: a table that a lawyer can read
  ['72 hours over the EU spring change', '2027-03-26T23:50+01:00', 72, 'hour', paris, 'unstated', '2027-03-30T00:50+02:00', '2027-03-30T00:50+02:00'],
  // biome-ignore format: a table that a lawyer can read
  ['SB 53 (c)(1), 15 days end on a Sunday', '2026-11-21T09:00-08:00', 15, 'calendar_day', losAngeles, 'unstated', '2026-12-06', '2026-12-06', ['2026-12-07']],
  // biome-ignore format: a table that a lawyer can read
  ['MSR 18(3), ten working days', '2026-11-23T10:00+01:00', 10, 'working_day', brussels, 'eu1182', '2026-12-07', '2026-12-07'],
  // biome-ignore format: a table that a lawyer can read
  ['NY General Construction Law 25-a, an hour of a Saturday', '2027-06-02T10:00-04:00', 72, 'hour', newYork, 'us_ny', '2027-06-05T10:00-04:00', '2027-06-07T10:00-04:00', ['2027-06-07T23:59-04:00']],
  // biome-ignore format: a table that a lawyer can read
  ['NY, an hour of a working day stays', '2027-06-01T10:00-04:00', 72, 'hour', newYork, 'us_ny', '2027-06-04T10:00-04:00', '2027-06-04T10:00-04:00'],
  // biome-ignore format: a table that a lawyer can read
  ['CA Code of Civil Procedure 12a, ends on a Sunday', '2026-11-21T09:00-08:00', 15, 'calendar_day', losAngeles, 'us_ca', '2026-12-06', '2026-12-07'],
  // biome-ignore format: a table that a lawyer can read
  ['CA, hours do not move', '2026-12-04T09:00-08:00', 24, 'hour', losAngeles, 'us_ca', '2026-12-05T09:00-08:00', '2026-12-05T09:00-08:00', ['2026-12-07T09:00-08:00']],
  // biome-ignore format: a table that a lawyer can read
  ['CA, one day is not stretched to two working days', '2026-11-19T09:00-08:00', 1, 'calendar_day', losAngeles, 'us_ca', '2026-11-20', '2026-11-20'],
  // biome-ignore format: a table that a lawyer can read
  ['EU, one working day is no period of two days', '2026-11-24T09:00+01:00', 1, 'working_day', brussels, 'eu1182', '2026-11-25', '2026-11-25', ['2026-11-26']],
  // biome-ignore format: a table that a lawyer can read
  ['the hour of the event, where clocks go back by half an hour', '2027-04-04T01:45+10:30', 72, 'hour', lordHowe, 'eu1182', '2027-04-07T01:45+10:30', '2027-04-07T02:00+10:30', ['2027-04-07T01:30+10:30']],
  // biome-ignore format: a table that a lawyer can read
  ['the hour of the event, where they go forward by half an hour', '2026-10-04T02:45+11:00', 72, 'hour', lordHowe, 'eu1182', '2026-10-07T02:45+11:00', '2026-10-07T03:00+11:00', ['2026-10-07T03:30+11:00']],
  // biome-ignore format: a table that a lawyer can read
  ['one year from 29 February', '2028-02-29T10:00+01:00', 1, 'year', brussels, 'eu1182', '2029-02-28', '2029-02-28'],
  // biome-ignore format: a table that a lawyer can read
  ['event in the last minute of a local day', '2026-11-24T23:59+01:00', 1, 'calendar_day', brussels, 'eu1182', '2026-11-25', '2026-11-25'],
]

for (const [what, start, count, unit, calendar, counting, strict, legal, wrong = []] of rows) {
  test(`${what}: ${count} ${unit} from ${start}`, () => {
    const due = dueDate(instantOf(start), { count, unit }, calendar, counting)
    assert.equal(due.strictAt, exclusive(strict, calendar.zone), due.strictDue)
    assert.equal(due.legalAt, exclusive(legal, calendar.zone), due.legalDue)
    for (const mistake of wrong) {
      assert.notEqual(due.strictAt, exclusive(mistake, calendar.zone), mistake)
      assert.notEqual(due.legalAt, exclusive(mistake, calendar.zone), mistake)
    }
  })
}

test('due dates are RFC 9557 text with the zone, and the steps name rules and articles', () => {
  const start = instantOf('2028-01-14T09:00+01:00')
  const due = dueDate(start, { count: 2, unit: 'calendar_day' }, brussels, 'eu1182')
  assert.equal(due.strictDue, '2028-01-17T00:00:00+01:00[Europe/Brussels]')
  assert.equal(due.legalDue, '2028-01-19T00:00:00+01:00[Europe/Brussels]')
  assert.deepEqual(
    due.steps.map(({ rule, at }) => [rule, at]),
    [
      ['event', '2028-01-14T09:00:00+01:00[Europe/Brussels]'],
      ['day-of-event-excluded', '2028-01-15'],
      ['counted', '2028-01-16'],
      ['strict-end', '2028-01-17T00:00:00+01:00[Europe/Brussels]'],
      ['moved-from-day-off', '2028-01-17'],
      ['two-working-days', '2028-01-18'],
      ['legal-end', '2028-01-19T00:00:00+01:00[Europe/Brussels]'],
    ],
  )
  const articles = due.steps.flatMap(({ article }) => article ?? [])
  assert.deepEqual(
    articles.map((article) => article.slice(-4)),
    ['3(1)', '3(4)', '3(5)'],
  )
})

test('working days name the days off that were passed over', () => {
  const start = instantOf('2026-12-14T10:00+01:00')
  const { steps } = dueDate(start, { count: 15, unit: 'working_day' }, paris, 'eu1182')
  const skipped = steps.find(({ rule }) => rule === 'days-off-skipped')?.text ?? ''
  assert.match(skipped, /2026-12-25 \(holiday\)/)
  assert.match(skipped, /2027-01-01 \(holiday\)/)
  assert.match(skipped, /2026-12-19,/)
})

test('hours over a clock change: the steps say so, and name the earlier reading in spring', () => {
  const changeOf = (start: string) => {
    const hours = { count: 72, unit: 'hour' } as const
    const { steps } = dueDate(instantOf(start), hours, paris, 'eu1182')
    return steps.find(({ rule }) => rule === 'clock-change')?.text
  }
  const spring = changeOf('2027-03-26T23:50+01:00') ?? ''
  assert.match(spring, /changed from UTC\+01:00 to UTC\+02:00/)
  assert.match(spring, /2027-03-29T23:50:00\+02:00\[Europe\/Paris\], which is earlier/)
  const autumn = changeOf('2026-10-23T14:20+02:00') ?? ''
  assert.match(autumn, /changed from UTC\+02:00 to UTC\+01:00/)
  assert.match(autumn, /would end later, at 2026-10-26T14:20:00\+01:00/)
  assert.equal(changeOf('2026-11-23T14:20+01:00'), undefined)
})

test('days over a clock change: whole local days, and the steps say so', () => {
  const days = { count: 4, unit: 'calendar_day' } as const
  const due = dueDate(instantOf('2026-10-23T14:20+02:00'), days, paris, 'unstated')
  assert.equal(due.strictDue, '2026-10-28T00:00:00+01:00[Europe/Paris]')
  const change = due.steps.find(({ rule }) => rule === 'clock-change')
  assert.match(change?.text ?? '', /UTC\+02:00 to UTC\+01:00.*whole local days/)
  assert.match(due.steps[0]?.text ?? '', /time zone Europe\/Paris, there at UTC\+02:00/)
})

test('holidays of another place are named where they were asked for, and only there', () => {
  const tokyo = { ...place('Asia/Tokyo', 'BE'), borrowedFrom: 'BE' }
  const start = instantOf('2026-11-24T09:00+09:00')
  const borrowed = (unit: PeriodUnit, counting: CountingRule) =>
    dueDate(start, { count: 3, unit }, tokyo, counting)
      .steps.filter(({ rule }) => rule === 'holidays-of-another-place')
      .map(({ text }) => text)
  for (const unit of ['working_day', 'calendar_day', 'month'] as const) {
    const [said, ...more] = borrowed(unit, 'eu1182')
    assert.match(said ?? '', /no calendar for Asia\/Tokyo: public holidays of BE/)
    assert.deepEqual(more, [])
  }
  assert.deepEqual(borrowed('hour', 'eu1182'), [])
  assert.deepEqual(borrowed('calendar_day', 'unstated'), [])
})

const anyStart = fc
  .integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2035, 0, 1) })
  .map(instantFromMs)
const anyUnit = fc.constantFrom<PeriodUnit>('hour', 'calendar_day', 'working_day', 'week', 'month')
const anyPeriod: fc.Arbitrary<Period> = fc.record({
  count: fc.integer({ min: 1, max: 60 }),
  unit: anyUnit,
})
const anyPlace = fc.constantFrom(brussels, paris, losAngeles, newYork)
const anyCounting = fc.constantFrom<CountingRule>('eu1182', 'unstated')

test('never due before its start, and the legal result never before the strict one', () => {
  fc.assert(
    fc.property(anyStart, anyPeriod, anyPlace, anyCounting, (start, period, calendar, counting) => {
      const due = dueDate(start, period, calendar, counting)
      assert.ok(due.strictAt > start)
      assert.ok(due.legalAt >= due.strictAt)
    }),
    { numRuns: 300 },
  )
})

test('a later start is never due earlier', () => {
  const later = fc.integer({ min: 0, max: 2000 * HOUR_MS })
  fc.assert(
    fc.property(anyStart, later, anyPeriod, anyPlace, anyCounting, (start, ms, period, at, how) => {
      const first = dueDate(start, period, at, how)
      const second = dueDate(addMs(start, ms), period, at, how)
      assert.ok(second.strictAt >= first.strictAt)
      assert.ok(second.legalAt >= first.legalAt)
    }),
    { numRuns: 300 },
  )
})

const SHOW = `
  import { createRequire } from 'node:module'
  import { dueDate } from '${new URL('due-date.ts', import.meta.url)}'
  import { holidaysFrom } from '${new URL('holidays.ts', import.meta.url)}'
  const holidaysOf = holidaysFrom(() => createRequire('${import.meta.url}')('date-holidays'))
  const calendar = {
    zone: 'Europe/Paris',
    at: (moment) => Temporal.Instant.from(moment).toZonedDateTimeISO('Europe/Paris'),
    isWeekend: (day) => day.dayOfWeek > 5,
    isHoliday: (day) => holidaysOf('FR', day.year).has(day.toString()),
    borrowedFrom: null,
  }
  for (const unit of ['hour', 'calendar_day', 'working_day', 'month'])
    console.log(dueDate('2026-10-23T12:20:00.000Z', { count: 15, unit }, calendar, 'eu1182'))
`

test('the same answer in a process of any time zone', () => {
  const answers = ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles'].map((TZ) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', SHOW], {
      env: { ...process.env, TZ },
      encoding: 'utf8',
    }),
  )
  assert.match(answers[0] ?? '', /Europe\/Paris/)
  assert.equal(new Set(answers).size, 1)
})

function instantOf(text: string): Instant {
  return instantFromMs(Temporal.Instant.from(text).epochMilliseconds)
}

function exclusive(text: string, zone: string): Instant {
  if (text.includes('T')) return instantOf(text)
  const next = Temporal.PlainDate.from(text).add({ days: 1 })
  return instantFromMs(next.toZonedDateTime({ timeZone: zone }).epochMilliseconds)
}
