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
 * under it; a designated regime stands in for it; it was extended; its time was
 * suspended, and runs again; receipt is proved. They always name the clock.
 */
export const CLOCK_MARKS = [
  'performed',
  'classified',
  'satisfied_by',
  'extended',
  'suspended',
  'resumed',
  'received',
] as const
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

/**
 * The event that a clock waits for, so that a caller can record it. One that is counted
 * backwards waits for the start of the clock from whose end it is counted.
 */
export function startEventOf(
  pack: LawPack,
  clockId: string,
): { event: StartEvent; clock: string | null } | undefined {
  const found = findClock(pack, clockId)?.clock
  if (found === undefined) return undefined
  const { start } = clockThatStarts(pack, found)
  return start ? { event: start.event, clock: start.ofClock } : undefined
}

/** The clock itself; for one that is counted backwards, the one whose start begins it all. */
export function clockThatStarts(pack: LawPack, clock: Clock): Clock {
  let first = clock
  while (first.backwardsFrom !== null) {
    const other = findClock(pack, first.backwardsFrom)?.clock
    if (other === undefined) break
    first = other
  }
  return first
}

export function isClockEventName(name: string): name is StartEvent | ClockMark {
  return [...START_EVENTS, ...CLOCK_MARKS].some((known) => known === name)
}

/** A mark is about one clock, and a submitted notification is the notification of one. */
export function mustNameClock(name: StartEvent | ClockMark): boolean {
  return name === 'notification_submitted' || CLOCK_MARKS.some((mark) => mark === name)
}

/** What was recorded about a clock, in the order of time. */
export type Marks = {
  readonly performed: readonly Instant[]
  readonly extended: readonly Instant[]
  /** `to` is `null` while it is suspended. */
  readonly pauses: readonly { readonly from: Instant; readonly to: Instant | null }[]
  /** The first of its kind. */
  readonly classified: Instant | null
  readonly satisfiedBy: Instant | null
  readonly received: Instant | null
}

export function hasMark(clock: Clock, events: readonly ClockEvent[], mark: ClockMark): boolean {
  return events.some((event) => event.clock === clock.id && event.event === mark)
}

export function marksOf(clock: Clock, events: readonly ClockEvent[]): Marks {
  const own = events.filter((event) => event.clock === clock.id)
  if (own.length === 0) return noMarks
  const performed = timesOf(own, 'performed')
  return {
    // Submitting the notification of a clock is performing it.
    performed: performed.length > 0 ? performed : timesOf(own, 'notification_submitted'),
    extended: timesOf(own, 'extended'),
    pauses: pausesOf(own),
    classified: timesOf(own, 'classified')[0] ?? null,
    satisfiedBy: timesOf(own, 'satisfied_by')[0] ?? null,
    received: timesOf(own, 'received')[0] ?? null,
  }
}

const noMarks: Marks = {
  performed: [],
  extended: [],
  pauses: [],
  classified: null,
  satisfiedBy: null,
  received: null,
}

function timesOf(events: readonly ClockEvent[], name: ClockEvent['event']): readonly Instant[] {
  const times = events.filter(({ event }) => event === name).map(({ at }) => at)
  return times.length < 2 ? times : times.sort((a, b) => msOf(a) - msOf(b))
}

/** A suspension ends with the next resumption; a second one within it changes nothing. */
function pausesOf(own: readonly ClockEvent[]): Marks['pauses'] {
  const turns = own
    .filter(({ event }) => event === 'suspended' || event === 'resumed')
    .sort((a, b) => msOf(a.at) - msOf(b.at))
  const pauses: { from: Instant; to: Instant | null }[] = []
  for (const { event, at } of turns) {
    const last = pauses.at(-1)
    const isOpen = last?.to === null
    if (event === 'suspended' && !isOpen) pauses.push({ from: at, to: null })
    if (event === 'resumed' && last?.to === null) last.to = at
  }
  return pauses
}

/** The earliest recorded event that this clock names; a chained start must name its clock. */
export function startOf(clock: Clock, events: readonly ClockEvent[]): ClockEvent | null {
  const { start } = clock
  if (start === null) return null
  const mine = (of: string | null) =>
    start.ofClock === null ? of === null || of === clock.id : of === start.ofClock
  let first: ClockEvent | null = null
  for (const event of events) {
    if (event.event !== start.event || !mine(event.clock)) continue
    if (first === null || isBefore(event.at, first.at)) first = event
  }
  return first
}

export function isBefore(a: Instant, b: Instant): boolean {
  return msOf(a) < msOf(b)
}
