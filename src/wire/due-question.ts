/**
 * A question about one clock, as a line of `comity eval due`, the command line or a
 * request holds it, and its answer as plain JSON.
 */
import type { Json } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import { type Instant, instantFromMs } from '../base/time.ts'
import { zoneName } from '../core/law/calendar.ts'
import { type ClockEvent, isClockEventName, mustNameClock } from '../core/law/clock-events.ts'
import type { ClockQuestion } from '../core/law/clock-question.ts'
import type { ClockResult } from '../core/law/clock-result.ts'
import { type Fields, factsIn, objectOf, textOf } from './question-fields.ts'

/** Each suspension is counted with all before it; no clock of a case has so many events. */
const EVENTS_MAX = 200

/**
 * `{clock, start, timeZone, facts?, events?}`; `start` is `null` if it has not happened.
 *
 * @throws ComityError `malformed` that names the member
 */
export function readDueAsk(input: Json): ClockQuestion {
  const line = objectOf(input, 'question')
  const clock = textOf(line['clock'], 'clock')
  return {
    clock,
    start: line['start'] === null ? null : momentOf(textOf(line['start'], 'start'), 'start'),
    timeZone: requireZone(textOf(line['timeZone'], 'timeZone')),
    facts: factsIn(line['facts'] ?? {}),
    events: eventsIn(line, clock),
  }
}

/** `undefined`: no pack has the clock. */
export function dueAnswer(result: ClockResult | undefined) {
  if (result === undefined) {
    const none = { strictDue: null, legalDue: null, steps: [], source: null, evidence: null }
    return { state: 'unknown_clock', ...none } as const
  }
  const { state, strictDue, legalDue, steps, evidence } = result
  return { state, strictDue, legalDue, steps, source: sourceText(result), evidence }
}

export function sourceText({ source, article }: ClockResult): string {
  return `${source}, art. ${article}`
}

/** The name as the database of time zones writes it. @throws ComityError `malformed` */
export function requireZone(name: string): string {
  const zone = zoneName(name)
  if (zone === undefined) throw malformed('no such IANA time zone', { field: 'timeZone' })
  return zone
}

/**
 * A moment of RFC 3339 or RFC 9557, always with an offset, in a year of four digits:
 * counting from the ends of time would leave it.
 *
 * @throws ComityError `malformed`
 */
export function momentOf(text: string, field: string): Instant {
  const at = /^\d{4}-/.test(text) ? instantIn(text) : undefined
  if (at !== undefined) return at
  throw malformed('not a moment with its offset, such as 2026-11-20T10:00:00+01:00', { field })
}

function instantIn(text: string): Instant | undefined {
  try {
    return instantFromMs(Temporal.Instant.from(text).epochMilliseconds)
  } catch {
    // Temporal has no other way to ask.
    return undefined
  }
}

/** An event that must name its clock, and names none, is about the clock that was asked for. */
function eventsIn(line: Fields, asked: string): ClockQuestion['events'] {
  const events = line['events'] ?? []
  if (!Array.isArray(events) || events.length > EVENTS_MAX) {
    throw malformed(`events are no list of at most ${EVENTS_MAX}`, { field: 'events' })
  }
  return events.map((item: Json, n): Pick<ClockEvent, 'event' | 'clock' | 'at'> => {
    const at = `events/${n}`
    const fields = objectOf(item, at)
    const event = textOf(fields['event'], `${at}/event`)
    if (!isClockEventName(event)) {
      throw malformed('no clock knows this event', { field: `${at}/event` })
    }
    const named = fields['clock'] ?? (mustNameClock(event) ? asked : null)
    if (named !== null && typeof named !== 'string') {
      throw malformed('not the id of a clock', { field: `${at}/clock` })
    }
    return { event, clock: named, at: momentOf(textOf(fields['at'], `${at}/at`), `${at}/at`) }
  })
}
