/** Laws that every clock of the shipped packs keeps, whatever happened to it. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { addMs, DAY_MS, HOUR_MS, type Instant, instantFromMs } from '../base/time.ts'
import { shippedLaw } from '../cli/law/shipped-law.ts'
import type { Clock } from '../core/law/clock.ts'
import { answerClock, type ClockQuestion } from '../core/law/clock-question.ts'

const law = shippedLaw()
const clocks = law.packs.flatMap(({ instruments }) => instruments.flatMap((each) => each.clocks))
const numeric = clocks.filter(({ period }) => period !== null)
const pausable = numeric.filter(({ pauses }) => pauses.length > 0)
const extensible = numeric.filter(({ extension }) => extension !== null)

const anyStart = fc
  .integer({ min: Date.UTC(2028, 8, 1), max: Date.UTC(2035, 0, 1) })
  .map(instantFromMs)
const anyZone = fc.constantFrom(
  ...['Europe/Brussels', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe'],
)

function dates(
  clock: Clock,
  start: Instant,
  timeZone: string,
  events: ClockQuestion['events'] = [],
) {
  const result = answerClock(law, { clock: clock.id, start, timeZone, facts: {}, events })
  const [strict, legal] = [result?.strictDue, result?.legalDue].map((due) =>
    due ? Temporal.Instant.from(due).epochMilliseconds : null,
  )
  return { strict: strict ?? null, legal: legal ?? null, start: Date.parse(start) }
}
const mark = (event: 'suspended' | 'resumed' | 'extended', clock: Clock, at: Instant) =>
  ({ event, clock: clock.id, at }) as const

test('never due before its start; the legal date never before the strict one', () => {
  const run = fc.property(fc.constantFrom(...numeric), anyStart, anyZone, (clock, start, zone) => {
    const { strict, legal, start: from } = dates(clock, start, zone)
    if (strict === null || legal === null) return
    // Counted backwards, it may be: the other clock can be shorter.
    if (clock.backwardsFrom === null) assert.ok(strict > from, clock.id)
    assert.ok(legal >= strict, clock.id)
  })
  fc.assert(run, { numRuns: 500 })
})

test('a later start is never due earlier', () => {
  const later = fc.integer({ min: 0, max: 2000 * HOUR_MS })
  const run = fc.property(
    ...[fc.constantFrom(...numeric), anyStart, later, anyZone],
    (clock, start, ms, zone) => {
      const [first, second] = [dates(clock, start, zone), dates(clock, addMs(start, ms), zone)]
      if (first.strict === null || second.strict === null) return
      assert.ok(second.strict >= first.strict, clock.id)
      assert.ok((second.legal ?? 0) >= (first.legal ?? 0), clock.id)
    },
  )
  fc.assert(run, { numRuns: 500 })
})

test('suspension and extension only move later', () => {
  assert.ok(pausable.length > 0 && extensible.length > 0)
  const anyLength = fc.integer({ min: 0, max: 90 * DAY_MS })
  const run = fc.property(
    ...[fc.constantFrom(...pausable, ...extensible), anyStart, anyZone],
    fc.tuple(anyLength, anyLength, anyLength),
    (clock, start, zone, [before, paused, more]) => {
      const from = addMs(start, before)
      const to = addMs(from, paused)
      const events = [
        mark('suspended', clock, from),
        mark('resumed', clock, to),
        mark('extended', clock, addMs(to, more)),
      ]
      const without = dates(clock, start, zone)
      for (const count of [1, 2, 3]) {
        const moved = dates(clock, start, zone, events.slice(0, count))
        if (without.strict === null) continue
        assert.ok((moved.strict ?? 0) >= without.strict, `${clock.id} ${count}`)
        assert.ok((moved.legal ?? 0) >= (without.legal ?? 0), `${clock.id} ${count}`)
      }
    },
  )
  fc.assert(run, { numRuns: 500 })
})

const SHOW = `
  const { shippedLaw } = await import('${new URL('../cli/law/shipped-law.ts', import.meta.url)}')
  const { answerClock } = await import('${new URL('../core/law/clock-question.ts', import.meta.url)}')
  const law = shippedLaw()
  for (const { instruments } of law.packs) {
    for (const { id } of instruments.flatMap(({ clocks }) => clocks)) {
      const start = '2028-10-27T21:20:00.000Z'
      const question = { clock: id, start, timeZone: 'Europe/Paris', facts: {}, events: [] }
      console.log(JSON.stringify(answerClock(law, question)))
    }
  }
`

test('every clock has the same answer in a process of any time zone', () => {
  const answers = ['Pacific/Kiritimati', 'America/Los_Angeles'].map((TZ) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', SHOW], {
      env: { ...process.env, TZ },
      encoding: 'utf8',
      maxBuffer: 50_000_000,
    }),
  )
  assert.ok((answers[0] ?? '').split('\n').length > clocks.length)
  assert.equal(new Set(answers).size, 1)
})
