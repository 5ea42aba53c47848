/** Recurring, backwards, extended and paused clocks, routes, silence: a pack made for it. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { type Instant, instantFromMs } from '../base/time.ts'
import type { ClockEvent } from '../core/law/clock-events.ts'
import type { ClockResult } from '../core/law/clock-result.ts'
import { type ClockInput, evaluateClock } from '../core/law/clock-state.ts'
import { holidaysFrom } from '../core/law/holidays.ts'
import { readLawPack } from './law-pack.ts'

const HEAD = `
pack: law.eu
version: 1.0.0
status: draft
legalOrder: EU
name: A pack for tests
validFrom: '2026-01-01'
asOf: '2026-01-01'
languages: [en]
sources:
  read: { title: A text, place: a place, retrievedOn: '2026-01-01' }
questions:
  urgent: Is it urgent?
  grave: Is it grave?
  onPlatform: Is it on a platform?
calendar:
  places:
    - { zone: Europe/Brussels, holidays: BE }
    - { zone: Europe/Paris, holidays: FR }
  weekend: [6, 7]
  counting: eu1182
  countingBasis: { article: '3', source: read, evidence: P }
  holidaysBasis: { article: none, source: read, evidence: S }
instruments: [x.yaml]
`
const B = "basis: { article: '1', source: read, evidence: P }"
const S = "basis: { article: '2', source: read, evidence: S }"
const CLOCKS: Readonly<Record<string, string>> = {
  series: `kind: recurring, period: { count: 3, unit: month }, start: { event: notice_sent }, counting: unstated`,
  hourly: `kind: recurring, period: { count: 72, unit: hour }, start: { event: notice_sent }`,
  measure: `kind: validity, period: { count: 3, unit: month }, start: { event: measure_adopted }`,
  request: `kind: max, period: { count: 4, unit: week }, start: { endOf: eu.x/measure }`,
  days_before: `kind: max, period: { count: 2, unit: working_day }, start: { endOf: eu.x/measure }`,
  hours_before: `kind: max, period: { count: 24, unit: hour }, start: { endOf: eu.x/measure }`,
  opinion: `kind: max, period: { count: 1, unit: month }, start: { event: request_received }, counting: unstated, extension: { count: 1, unit: month, times: 1, condition: complex matter, ${B} }`,
  secondary: `kind: max, period: { count: 60, unit: calendar_day }, start: { event: order_received }, counting: unstated, extension: { count: 30, unit: calendar_day, times: 2, condition: necessary, ${S} }`,
  tolled: `kind: max, period: { count: 10, unit: calendar_day }, start: { event: order_received }, counting: unstated, pauses: [{ kind: tolling, cause: a request of the police, after: resume, ${B} }]`,
  tolled_hours: `kind: max, period: { count: 72, unit: hour }, start: { event: order_received }, counting: unstated, pauses: [{ kind: tolling, cause: a request of the police, after: resume, ${B} }]`,
  tolled_work: `kind: max, period: { count: 5, unit: working_day }, start: { event: order_received }, pauses: [{ kind: suspension, cause: more information, after: resume, ${B} }]`,
  anew: `kind: max, period: { count: 10, unit: calendar_day }, start: { event: order_received }, counting: unstated, pauses: [{ kind: suspension, cause: more information, after: restart, ${B} }]`,
  unclear: `kind: max, period: { count: 10, unit: calendar_day }, start: { event: order_received }, counting: unstated, pauses: [{ kind: suspension, cause: clarification, after: confirm, ${B} }]`,
  firm: `kind: max, period: { count: 10, unit: calendar_day }, start: { event: order_received }, counting: unstated`,
  objection: `kind: max, period: { count: 4, unit: week }, start: { event: draft_received }, onSilence: { effect: deemed to agree, article: 60(6), needsReceipt: true }`,
  answer: `kind: max, period: { count: 4, unit: week }, start: { event: notice_sent }, onSilence: { effect: deemed to agree, article: 60(6), needsReceipt: true }`,
  routed: `kind: max, to: msa, period: { count: 15, unit: calendar_day }, start: { event: aware }, routes: [{ when: { fact: onPlatform, is: true }, to: office, ${B} }]`,
  year_end: `kind: max, period: { count: 60, unit: calendar_day }, start: { event: calendar_year_end }, counting: unstated`,
  tiers: `kind: max, period: { count: 72, unit: hour }, start: { event: discovery }, counting: unstated, variants: [{ when: { fact: grave, is: true }, period: { count: 1, unit: hour }, ${S} }, { when: { fact: urgent, is: true }, period: { count: 4, unit: hour } }]`,
  floor: `kind: min, period: { count: 10, unit: calendar_day }, start: { event: notice_sent }`,
  general: `kind: max, period: { count: 15, unit: calendar_day }, start: { event: aware }, group: report, counting: unstated`,
  specific: `kind: max, period: { count: 2, unit: calendar_day }, start: { event: aware }, group: report, counting: unstated, trigger: { text: urgent, when: { fact: urgent, is: true } }`,
}
const X = `
sources: {}
instrument:
  id: eu.x
  name: X
  matter: other
  citation: { text: X }
  status: in_force
  statusBasis: { article: '1', source: read, evidence: P }
  clocks:
${Object.entries(CLOCKS)
  .map(([id, rest]) => `    - { id: ${id}, stage: notification, ${rest}, ${B} }`)
  .join('\n')}
`

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const texts: Readonly<Record<string, string>> = { 'pack.yaml': HEAD, 'x.yaml': X }
const pack = readLawPack({ folder: 'x', textOf: (name) => texts[name], questions: {} }, sha256)
const holidaysOf = holidaysFrom(() => createRequire(import.meta.url)('date-holidays'))
const { id, version, digest } = pack
const signOffs = {
  signOffs: ['ada', 'ben'].map((officer) => ({
    ...{ pack: id, version, digest, officer },
    simulated: true,
  })),
}

type When = readonly [event: ClockEvent['event'], at: string, clock?: string]
const at = (text: string): Instant => instantFromMs(Temporal.Instant.from(text).epochMilliseconds)

/** A start event is every clock's; a mark is the clock's own. */
function ask(name: string, whens: readonly When[], more: Partial<ClockInput> = {}): ClockResult {
  const clock = `eu.x/${name}`
  const marks = ['performed', 'classified', 'extended', 'suspended', 'resumed', 'received']
  const events = whens.map(([event, moment, of]): ClockEvent => {
    const own = marks.includes(event) ? clock : null
    return { event, clock: of ?? own, at: at(moment), zone: 'UTC', evidence: 'exhibit 1' }
  })
  const now =
    events
      .map((event) => event.at)
      .sort()
      .at(-1) ?? at('2026-11-01T00:00Z')
  return evaluateClock(pack, clock, { events, facts: {}, now, signOffs, holidaysOf, ...more })
}

/** The last local day that is in time, strict and legal. */
function lastDays({ strictDue, legalDue }: ClockResult): readonly (string | undefined)[] {
  return [strictDue, legalDue].map((due) => {
    if (due === null) return undefined
    const end = Temporal.ZonedDateTime.from(due)
    assert.equal(end.toPlainTime().toString(), '00:00:00', due)
    return end.toPlainDate().subtract({ days: 1 }).toString()
  })
}
const both = (day: string) => [day, day]
const rules = ({ steps }: ClockResult) => steps.map(({ rule }) => rule)
const why = ({ because }: ClockResult) => because.map(({ rule }) => rule)

test('12a. recurring: the first occurrence that nobody performed, each from the anchor', () => {
  const anchor: When = ['notice_sent', '2026-11-30T10:00+01:00']
  const done: readonly When[] = [
    ['performed', '2027-02-20T10:00+01:00'],
    ['performed', '2027-05-20T10:00+02:00'],
    ['performed', '2027-08-20T10:00+02:00'],
  ]
  const days = ['2027-02-28', '2027-05-30', '2027-08-30', '2027-11-30']
  for (const [n, day] of days.entries()) {
    const result = ask('series', [anchor, ...done.slice(0, n)])
    assert.deepEqual(lastDays(result), both(day))
    assert.equal(result.occurrence, n + 1)
    assert.equal(result.state, 'due')
    // Stepping from the date that February cut short.
    assert.notEqual(lastDays(result)[0], '2027-05-28')
  }
  const later = ask('series', [anchor]).steps.find(({ rule }) => rule === 'later-occurrences')
  assert.match(later?.text ?? '', /2027-05-30, 2027-08-30, 2027-11-30/)
  assert.equal(ask('series', [anchor], { now: at('2027-03-01T00:00+01:00') }).state, 'overdue')
  // What was done before the series began closes nothing.
  const before: When = ['performed', '2026-11-01T10:00+01:00']
  assert.equal(ask('series', [anchor, before]).occurrence, 1)
  const late = ask('series', [anchor, ['performed', '2027-06-15T10:00+02:00']])
  assert.deepEqual([late.occurrence, late.state], [2, 'overdue'])
})

test('recurring in hours: elapsed from the anchor', () => {
  const anchor: When = ['notice_sent', '2026-11-30T10:10+01:00']
  const second = ask('hourly', [anchor, ['performed', '2026-12-01T10:00+01:00']])
  assert.equal(second.strictDue, '2026-12-06T10:10:00+01:00[Europe/Brussels]')
  assert.equal(second.legalDue, '2026-12-06T11:00:00+01:00[Europe/Brussels]')
})

test('12b. backwards from the end of another clock, and never moved from a day off', () => {
  const paris = { zone: 'Europe/Paris' }
  const adopted: When = ['measure_adopted', '2027-04-30T10:00+02:00']
  assert.deepEqual(lastDays(ask('measure', [adopted], paris)), both('2027-07-30'))
  const request = ask('request', [adopted], paris)
  assert.deepEqual(lastDays(request), both('2027-07-02'))
  assert.equal(request.state, 'due')
  assert.equal(request.start?.event, 'measure_adopted')
  const back = request.steps.find(({ rule }) => rule === 'counted-back')
  assert.match(back?.article ?? '', /1182.71, art\. 3\(4\)$/)
  assert.deepEqual(ask('request', []).state, 'not_started')
  assert.equal(ask('request', []).strictDue, null)
  // Adopted Sat 17 Oct, ends Sun 17 Jan 2027; four weeks before is Sun 20 Dec: stays Sunday.
  const sunday: When = ['measure_adopted', '2026-10-17T10:00+02:00']
  assert.deepEqual(lastDays(ask('request', [sunday], paris)), both('2026-12-20'))
  // Two working days before Sun 17 Jan: Thu 14 Jan.
  assert.deepEqual(lastDays(ask('days_before', [sunday], paris)), both('2027-01-14'))
  const hours = ask('hours_before', [sunday], paris)
  assert.equal(hours.strictDue, '2027-01-17T00:00:00+01:00[Europe/Paris]')
})

test('extension: added from the anchor in the units of the law, never cut short twice', () => {
  const start: When = ['request_received', '2026-12-31T10:00+01:00']
  assert.deepEqual(lastDays(ask('opinion', [start])), both('2027-01-31'))
  const leap: When = ['request_received', '2027-01-31T10:00+01:00']
  assert.deepEqual(lastDays(ask('opinion', [leap])), both('2027-02-28'))
  const extended = ask('opinion', [leap, ['extended', '2027-02-20T10:00+01:00']])
  assert.deepEqual(lastDays(extended), both('2027-03-31'))
  assert.notDeepEqual(lastDays(extended), both('2027-03-28'))
  assert.equal(extended.state, 'due')
  assert.ok(rules(extended).includes('extended'))
})

test('extension: only as often as the law says, and only while the period runs', () => {
  const start: When = ['request_received', '2027-01-31T10:00+01:00']
  const twice: readonly When[] = [
    ['extended', '2027-02-20T10:00+01:00'],
    ['extended', '2027-02-21T10:00+01:00'],
  ]
  const often = ask('opinion', [start, ...twice])
  assert.deepEqual(lastDays(often), both('2027-03-31'))
  assert.ok(why(often).includes('law:extended-too-often'))
  const late = ask('opinion', [start, ['extended', '2027-03-01T00:00+01:00']])
  assert.deepEqual(lastDays(late), both('2027-02-28'))
  assert.ok(why(late).includes('law:extended-too-late'))
  assert.equal(late.state, 'overdue')
  const none = ask('firm', [
    ['order_received', '2026-12-01T10:00+01:00'],
    ['extended', '2026-12-02T10:00+01:00'],
  ])
  assert.deepEqual(lastDays(none), both('2026-12-11'))
  assert.ok(why(none).includes('law:no-extension'))
})

test('an extension whose text was not read makes a binding date one to confirm', () => {
  const start: When = ['order_received', '2026-11-02T10:00+01:00']
  assert.equal(ask('secondary', [start]).state, 'due')
  const extended = ask('secondary', [start, ['extended', '2026-12-10T10:00+01:00']])
  assert.deepEqual(lastDays(extended), both('2027-01-31'))
  assert.equal(extended.state, 'confirm')
  const twice = ask('secondary', [
    start,
    ['extended', '2026-12-10T10:00+01:00'],
    ['extended', '2027-01-30T10:00+01:00'],
  ])
  assert.deepEqual(lastDays(twice), both('2027-03-02'))
})

const received: When = ['order_received', '2026-12-01T10:00+01:00']
const suspended: When = ['suspended', '2026-12-04T15:00+01:00']
const resumed: When = ['resumed', '2026-12-14T09:00+01:00']

test('a pause that resumes: the end moves by the local days paused', () => {
  assert.deepEqual(lastDays(ask('tolled', [received])), both('2026-12-11'))
  const paused = ask('tolled', [received, suspended, resumed])
  assert.deepEqual(lastDays(paused), both('2026-12-21'))
  assert.equal(paused.state, 'due')
  assert.match(paused.steps.find(({ rule }) => rule === 'paused')?.text ?? '', /10 local days/)
  // A second suspension within the first changes nothing; a second pause adds to it.
  const again: When = ['suspended', '2026-12-05T15:00+01:00']
  assert.deepEqual(
    lastDays(ask('tolled', [received, suspended, again, resumed])),
    both('2026-12-21'),
  )
  const more: readonly When[] = [
    ['suspended', '2026-12-15T09:00+01:00'],
    ['resumed', '2026-12-17T09:00+01:00'],
  ]
  assert.deepEqual(
    lastDays(ask('tolled', [received, suspended, resumed, ...more])),
    both('2026-12-23'),
  )
  // Within one day nothing moves; before the start nothing is paused.
  const short: readonly When[] = [
    ['suspended', '2026-12-04T09:00+01:00'],
    ['resumed', '2026-12-04T17:00+01:00'],
  ]
  assert.deepEqual(lastDays(ask('tolled', [received, ...short])), both('2026-12-11'))
  const before: readonly When[] = [
    ['suspended', '2026-11-04T09:00+01:00'],
    ['resumed', '2026-11-24T17:00+01:00'],
  ]
  assert.deepEqual(lastDays(ask('tolled', [received, ...before])), both('2026-12-11'))
})

test('a pause of hours is elapsed time; a pause of working days leaves those days out', () => {
  const hours = ask('tolled_hours', [
    received,
    ['suspended', '2026-12-02T10:00+01:00'],
    ['resumed', '2026-12-02T15:30+01:00'],
  ])
  assert.equal(hours.strictDue, '2026-12-04T15:30:00+01:00[Europe/Brussels]')
  // Working days 2, 3, 4 December count, then 15 and 16.
  assert.deepEqual(lastDays(ask('tolled_work', [received])), both('2026-12-08'))
  const days = ask('tolled_work', [received, suspended, resumed])
  assert.deepEqual(lastDays(days), both('2026-12-16'))
})

test('a pause after which the period runs anew', () => {
  const paused = ask('anew', [received, suspended, resumed])
  assert.deepEqual(lastDays(paused), both('2026-12-24'))
  assert.ok(rules(paused).includes('restarted'))
})

test('a pause of which the text does not say: to confirm, the earlier and the later reading', () => {
  const paused = ask('unclear', [received, suspended, resumed])
  assert.deepEqual(lastDays(paused), ['2026-12-21', '2026-12-24'])
  assert.equal(paused.state, 'confirm')
  assert.ok(why(paused).includes('law:pause-unclear'))
  assert.ok(rules(paused).includes('other-reading'))
})

test('while suspended nobody is late, and the dates are marked as open', () => {
  const more = { now: at('2027-06-01T00:00+02:00') }
  for (const clock of ['tolled', 'anew', 'unclear', 'tolled_work']) {
    const open = ask(clock, [received, suspended], more)
    assert.equal(open.state, 'confirm', clock)
    assert.equal(open.suspendedSince, suspended[1] && at(suspended[1]))
    assert.ok(why(open).includes('law:suspended'))
    assert.ok((open.strictDue ?? '') > '2027-06-01', `${open.strictDue}`)
  }
})

test('a suspension that comes too late, or that the pack does not know, changes nothing', () => {
  const late: When = ['suspended', '2026-12-12T00:00+01:00']
  const result = ask('tolled', [received, late])
  assert.deepEqual(lastDays(result), both('2026-12-11'))
  assert.equal(result.state, 'overdue')
  assert.ok(why(result).includes('law:paused-too-late'))
  const unknown = ask('firm', [received, suspended, resumed])
  assert.deepEqual(lastDays(unknown), both('2026-12-11'))
  assert.ok(why(unknown).includes('law:no-pause'))
})

test('11. silence has its effect from the later date, only with proof of receipt', () => {
  const paris = { zone: 'Europe/Paris' }
  const objection = ask('objection', [['draft_received', '2026-11-27T15:00+01:00']], paris)
  assert.equal(objection.silence?.mayFireAt, '2026-12-29T00:00:00+01:00[Europe/Paris]')
  assert.equal(objection.silence?.isReceiptShown, true)
  const last = objection.steps.at(-1)
  assert.deepEqual([last?.rule, last?.article], ['silence', '60(6)'])
  const sent: When = ['notice_sent', '2026-11-27T15:00+01:00']
  assert.equal(ask('answer', [sent], paris).silence?.mayFireAt, null)
  const proved: When = ['received', '2026-11-28T15:00+01:00']
  const shown = ask('answer', [sent, proved], paris)
  assert.equal(shown.silence?.mayFireAt, '2026-12-29T00:00:00+01:00[Europe/Paris]')
  const done: When = ['performed', '2026-12-01T15:00+01:00']
  assert.equal(ask('answer', [sent, proved, done], paris).silence?.mayFireAt, null)
  assert.equal(ask('firm', [received]).silence, undefined)
})

test('the recipient by facts; an unknown one is a question, never the next best', () => {
  const aware: When = ['aware', '2026-11-27T15:00+01:00']
  const to = (facts: ClockInput['facts']) => {
    const { recipient, openQuestions } = ask('routed', [aware], { facts })
    return [recipient?.to, openQuestions?.map(({ text }) => text)]
  }
  assert.deepEqual(to({ onPlatform: true }), ['office', undefined])
  assert.deepEqual(to({ onPlatform: false }), ['msa', undefined])
  assert.deepEqual(to({}), [null, ['Is it on a platform?']])
  assert.equal(ask('firm', [received]).recipient, undefined)
})

test('tiers by severity: the first that holds, with its own source; unknown ones are asked', () => {
  const found: When = ['discovery', '2026-11-25T08:10+01:00']
  const hour = (facts: ClockInput['facts']) => {
    const { strictDue, state, evidence } = ask('tiers', [found], { facts })
    return [strictDue?.slice(11, 16), state, evidence]
  }
  assert.deepEqual(hour({ grave: true, urgent: true }), ['09:10', 'confirm', 'S'])
  assert.deepEqual(hour({ grave: false, urgent: true }), ['12:10', 'due', 'P'])
  assert.deepEqual(hour({ grave: false, urgent: false }), ['08:10', 'due', 'P'])
  const asked = ask('tiers', [found]).openQuestions?.map(({ fact }) => fact)
  assert.deepEqual(asked, ['grave', 'urgent'])
})

test('the end of a calendar year is that of the year of the moment', () => {
  for (const [moment, day] of [
    ['2026-12-31T23:59+01:00', '2027-03-01'],
    ['2027-01-01T00:00+01:00', '2027-03-01'],
    ['2026-05-03T09:00+02:00', '2027-03-01'],
    ['2027-01-01T00:01+01:00', '2028-02-29'],
  ] as const) {
    const result = ask('year_end', [['calendar_year_end', moment]])
    assert.deepEqual(lastDays(result), both(day), moment)
  }
})

test('a floor: the later date is the one to wait for, and acting early is not "met"', () => {
  // Ten days from Wed 2 Dec end on Sat 12 Dec: Monday.
  const sent: When = ['notice_sent', '2026-12-02T10:00+01:00']
  const early = ask('floor', [sent, ['performed', '2026-12-05T10:00+01:00']])
  assert.deepEqual(lastDays(early), ['2026-12-12', '2026-12-14'])
  assert.equal(early.state, 'due')
  assert.equal(early.steps.at(-1)?.rule, 'floor')
})

test('one duty: the longer period says which governs, and asks what would change it', () => {
  const aware: When = ['aware', '2026-11-27T15:00+01:00']
  const general = (facts: ClockInput['facts']) => ask('general', [aware], { facts })
  assert.equal(general({ urgent: true }).governedBy, 'eu.x/specific')
  assert.equal(general({ urgent: false }).governedBy, undefined)
  assert.equal(general({}).governedBy, undefined)
  assert.deepEqual(general({}).openQuestions, [{ fact: 'urgent', text: 'Is it urgent?' }])
  assert.equal(ask('specific', [aware], { facts: { urgent: true } }).governedBy, undefined)
})
