/**
 * A question about one clock, outside any case: the moment from which it runs and what
 * else happened. The same question has the same answer on every day.
 */
import type { Instant } from '../../base/time.ts'
import type { LawContext } from './case-law.ts'
import { type ClockEvent, startEventOf } from './clock-events.ts'
import type { ClockResult } from './clock-result.ts'
import { evaluateClock } from './clock-state.ts'
import type { Facts } from './condition.ts'
import { findClock } from './pack.ts'

export type ClockQuestion = {
  /** `<instrument id>/<clock id>`. */
  readonly clock: string
  /** When the event happened that the clock runs from; `null` if it has not. */
  readonly start: Instant | null
  /** IANA zone of the authority where action is to be taken. */
  readonly timeZone: string
  readonly facts: Facts
  readonly events: readonly Pick<ClockEvent, 'event' | 'clock' | 'at'>[]
  /** Without it, the latest moment of the question. */
  readonly now?: Instant
}

/** Stands in for now where a question names no moment at all. */
const BEFORE_ALL = '1970-01-01T00:00:00.000Z' as Instant
const EVIDENCE = 'as asked'

/** @returns `undefined` if no pack has the clock */
export function answerClock(
  { packs, signOffs, holidaysOf }: LawContext,
  question: ClockQuestion,
): ClockResult | undefined {
  const { clock, start, timeZone: zone, facts } = question
  const pack = packs.find((each) => findClock(each, clock) !== undefined)
  if (pack === undefined) return undefined
  const known = { zone, evidence: EVIDENCE }
  const events: ClockEvent[] = question.events.map((event) => ({ ...event, ...known }))
  const begins = startEventOf(pack, clock)
  if (begins !== undefined && start !== null) events.push({ ...begins, at: start, ...known })
  const now = question.now ?? latestOf(events) ?? start ?? BEFORE_ALL
  return evaluateClock(pack, clock, { events, facts, now, signOffs, holidaysOf, zone })
}

function latestOf(events: readonly ClockEvent[]): Instant | undefined {
  return events.reduce<Instant | undefined>(
    (latest, { at }) => (latest === undefined || latest < at ? at : latest),
    undefined,
  )
}
