/** `comity eval due`: when is the act of a clock due? Answered as if the packs were signed off. */
import type { Json } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { type ClockEvent, isClockEventName, mustNameClock } from '../../core/law/clock-events.ts'
import type { Facts, FactValue } from '../../core/law/condition.ts'
import { dueAnswer, dueOf, momentOf } from '../law/due.ts'
import { shippedLaw } from '../law/shipped-law.ts'
import { type Line, objectIn, textIn } from './fields.ts'

/**
 * `{clock, start, timeZone, facts?, events?}` → `{state, strictDue, legalDue, steps, source, evidence}`.
 *
 * @throws ComityError `malformed`
 */
export function evalDue(input: Json): Json {
  const line = objectIn(input)
  const clock = textIn(line, 'clock')
  const start = line['start'] === null ? null : momentOf(textIn(line, 'start'), 'start')
  const timeZone = textIn(line, 'timeZone')
  const [facts, events] = [factsIn(line), eventsIn(line, clock)]
  return dueAnswer(dueOf(shippedLaw(), { clock, start, timeZone, facts, events })) as Json
}

function factsIn(line: Line): Facts {
  const facts = line['facts'] ?? {}
  if (typeof facts !== 'object' || Array.isArray(facts)) {
    throw malformed('facts are no object', { field: 'facts' })
  }
  for (const [name, value] of Object.entries(facts)) {
    if (!isFactValue(value)) throw malformed('not a fact', { field: `facts/${name}` })
  }
  return facts as Facts
}

function isFactValue(value: Json | undefined): value is FactValue & Json {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string')
  return ['boolean', 'number', 'string'].includes(typeof value)
}

/** Each suspension is counted with all before it; no clock of a case has so many. */
const EVENTS_MAX = 200

/** An event that must name its clock, and names none, is about the clock that was asked for. */
function eventsIn(line: Line, asked: string): Pick<ClockEvent, 'event' | 'clock' | 'at'>[] {
  const events = line['events'] ?? []
  if (!Array.isArray(events)) throw malformed('events are no list', { field: 'events' })
  if (events.length > EVENTS_MAX)
    throw malformed('more events than a case has', { field: 'events' })
  return events.map((item: Json, n) => {
    const fields = objectIn(item, `events/${n}`)
    const event = textIn(fields, 'event', `events/${n}/event`)
    if (!isClockEventName(event)) {
      throw malformed('no clock knows this event', { field: `events/${n}/event` })
    }
    const named = fields['clock'] ?? (mustNameClock(event) ? asked : null)
    if (named !== null && typeof named !== 'string') {
      throw malformed('not the id of a clock', { field: `events/${n}/clock` })
    }
    return {
      event,
      clock: named,
      at: momentOf(textIn(fields, 'at', `events/${n}/at`), `events/${n}/at`),
    }
  })
}
