/**
 * Events that start, end or touch a clock, as a case records them.
 *
 * An event that names a clock is about that clock only. Where one kind of event
 * was recorded twice, the earliest counts.
 */
import { type Instant, msOf } from '../../base/time.ts'
import { type Clock, START_EVENTS, type StartEvent } from './clock.ts'
import { findClock, type LawPack } from './pack.ts'

/**
 * Events about a clock that are no start: its act was performed; facts came to fall
 * under it; a designated regime stands in for it. They always name the clock.
 */
export const CLOCK_MARKS = ['performed', 'classified', 'satisfied_by'] as const
export type ClockMark = (typeof CLOCK_MARKS)[number]

export type ClockEvent = {
  readonly event: StartEvent | ClockMark
  /** Full clock id; `null` where the event starts every clock that names it. */
  readonly clock: string | null
  readonly at: Instant
  /** Zone in which the moment was stated; the due date is in the authority's zone. */
  readonly zone: string
  /** What shows that it happened: an exhibit, a receipt, a document reference. */
  readonly evidence: string
}

/** The event that a clock waits for, so that a caller can record it. */
export function startEventOf(
  pack: LawPack,
  clockId: string,
): { event: StartEvent; clock: string | null } | undefined {
  const start = findClock(pack, clockId)?.clock.start
  return start ? { event: start.event, clock: start.ofClock } : undefined
}

export function isClockEventName(name: string): name is StartEvent | ClockMark {
  return [...START_EVENTS, ...CLOCK_MARKS].some((known) => known === name)
}

/** A mark is about one clock, and a submitted notification is the notification of one. */
export function mustNameClock(name: StartEvent | ClockMark): boolean {
  return name === 'notification_submitted' || CLOCK_MARKS.some((mark) => mark === name)
}

/** The first mark of each kind that names a clock. */
export type Marks = { readonly [M in ClockMark]: Instant | null }

export function marksOf(clock: Clock, events: readonly ClockEvent[]): Marks {
  const own = events.filter((event) => event.clock === clock.id)
  return {
    // Submitting the notification of a clock is performing it.
    performed: first(own, 'performed') ?? first(own, 'notification_submitted'),
    classified: first(own, 'classified'),
    satisfied_by: first(own, 'satisfied_by'),
  }
}

function first(events: readonly ClockEvent[], name: ClockEvent['event']): Instant | null {
  return earliest(events.filter(({ event }) => event === name))?.at ?? null
}

/** The earliest recorded event that this clock names; a chained start must name its clock. */
export function startOf(clock: Clock, events: readonly ClockEvent[]): ClockEvent | null {
  const { start } = clock
  if (start === null) return null
  const mine = (of: string | null) =>
    start.ofClock === null ? of === null || of === clock.id : of === start.ofClock
  return earliest(events.filter((e) => e.event === start.event && mine(e.clock))) ?? null
}

function earliest(events: readonly ClockEvent[]): ClockEvent | undefined {
  return events.reduce<ClockEvent | undefined>(
    (best, event) => (best === undefined || isBefore(event.at, best.at) ? event : best),
    undefined,
  )
}

export function isBefore(a: Instant, b: Instant): boolean {
  return msOf(a) < msOf(b)
}
