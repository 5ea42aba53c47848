/**
 * Runs the worked examples of clocks: a row of `law/*\/examples/*.md` against what the
 * packs compute. A row that cannot be read is an error with file and line.
 */
import { type Instant, instantFromMs } from '../base/time.ts'
import { zoneName } from '../core/law/calendar.ts'
import type { LawContext } from '../core/law/case-law.ts'
import { answerClock, type ClockQuestion } from '../core/law/clock-question.ts'
import { CLOCK_STATES } from '../core/law/clock-result.ts'
import { circumstancesIn, type ExampleRow, exampleError, momentIn } from './law-examples.ts'

/** @returns what is wrong, in words; `undefined` if the row holds */
export function clockExampleFault(law: LawContext, row: ExampleRow): string | undefined {
  const { cells, place } = row
  const question = questionOf(row)
  const { clock, timeZone } = question
  const state = CLOCK_STATES.find((known) => known === cells['state'])
  if (state === undefined) throw exampleError(place, 'no state of a clock')
  const result = answerClock(law, question)
  if (result === undefined) {
    return state === 'unknown_clock' ? undefined : `${place}: no pack has the clock ${clock}`
  }
  const expected = [
    state,
    exclusiveEnd(cells['strict'] ?? '', timeZone, place),
    exclusiveEnd(cells['legal'] ?? '', timeZone, place),
  ]
  const found = [result.state, instantOf(result.strictDue), instantOf(result.legalDue)]
  if (found.every((value, n) => value === expected[n])) return undefined
  const { strictDue, legalDue } = result
  return `${place}: ${clock} is ${result.state}, ${strictDue ?? '-'}, ${legalDue ?? '-'}; the example says ${state}, ${cells['strict']}, ${cells['legal']}`
}

function questionOf({ cells, place }: ExampleRow): ClockQuestion {
  const { clock = '', start = '', zone = '' } = cells
  const timeZone = zoneName(zone)
  if (timeZone === undefined) throw exampleError(place, `no such time zone: ${zone}`)
  const { facts, events, now } = circumstancesIn(cells['events and facts'] ?? '', place, clock)
  const question = { clock, timeZone, facts, events }
  const from = start === '-' ? null : momentIn(start, place)
  return now === null ? { ...question, start: from } : { ...question, start: from, now }
}

/** A date: all of that day is in time. A moment is the exclusive instant itself. */
function exclusiveEnd(text: string, timeZone: string, place: string): Instant | null {
  if (text === '-') return null
  if (text.includes('T')) return momentIn(text, place)
  try {
    const next = Temporal.PlainDate.from(text).add({ days: 1 })
    return instantFromMs(next.toZonedDateTime({ timeZone }).epochMilliseconds)
  } catch {
    // Temporal has no other way to ask.
    throw exampleError(place, `neither a date, a moment nor -: ${text}`)
  }
}

function instantOf(due: string | null): Instant | null {
  return due === null ? null : instantFromMs(Temporal.Instant.from(due).epochMilliseconds)
}
