/**
 * The dates of one clock: its period by the facts, from its start, with what was recorded
 * on the way. Whether the dates bind is not said here (standing.ts, clock-state.ts).
 *
 * Suspended and not resumed, a period has no end yet: the dates are then those if it
 * resumed now, marked as a doubt, so that nobody is called late while it is suspended.
 */
import type { Because } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import { instantFromMs } from '../../base/time.ts'
import { endOfDay, type WorkCalendar } from './calendar.ts'
import type { Clock, Period } from './clock.ts'
import { type ClockEvent, type Marks, marksOf, startOf } from './clock-events.ts'
import { evaluate, type Facts } from './condition.ts'
import { countBack } from './count-back.ts'
import { lastCountedDay } from './counted-days.ts'
import { type Step, step } from './counting-step.ts'
import { type DueDate, endOfSpan, isElapsed, words } from './due-date.ts'
import { extensionsOf } from './extensions.ts'
import { type Basis, findClock, type LawPack } from './pack.ts'
import { pausedEnd } from './pauses.ts'

/** Events, facts and the moment of the question. */
export type Recorded = {
  readonly events: readonly ClockEvent[]
  readonly facts: Facts
  readonly now: Instant
}

export type ClockDue = DueDate & {
  readonly start: ClockEvent
  /** Of the period that was counted: the clock's own, or that of the variant that holds. */
  readonly basis: Basis
  /** Why the dates are less sure than the clock: what they rest on besides, what is open. */
  readonly doubts: readonly Because[]
  readonly notes: readonly Because[]
  /** Of a recurring clock: which occurrence this is, from 1. */
  readonly occurrence: number | null
  readonly suspendedSince: Instant | null
}

/** Without its start, a period has no end. */
export type NotStarted = { readonly waitsFor: string }

export function dueOfClock(
  pack: LawPack,
  clock: Clock,
  recorded: Recorded,
  calendar: WorkCalendar,
): ClockDue | NotStarted {
  const { period, basis } = periodOf(pack, clock, recorded.facts)
  if (clock.backwardsFrom !== null) {
    return dueBefore(pack, clock.backwardsFrom, { clock, period, basis }, recorded, calendar)
  }
  const start = startOf(clock, recorded.events)
  if (start === null) {
    const of = clock.start?.ofClock ? ` of ${clock.start.ofClock}` : ''
    return { waitsFor: `"${clock.start?.event ?? 'unknown'}"${of}, which is not recorded` }
  }
  const marks = marksOf(clock, recorded.events)
  const counted = { ...anchorOf(clock, start, calendar), period, calendar, clock, marks }
  const end = clock.kind === 'recurring' ? occurrence(counted) : single(counted, recorded.now)
  const steps = [...counted.steps, ...end.steps, ...closing(clock, end.legalDue)]
  return { ...end, steps, start, basis }
}

type Counted = {
  readonly from: Instant
  readonly period: Period
  readonly calendar: WorkCalendar
  readonly clock: Clock
  readonly marks: Marks
}
type End = Omit<ClockDue, 'start' | 'basis'>

/** An end that may be extended and paused. A validity is read short: no rule prolongs it. */
function single({ from, period, calendar, clock, marks }: Counted, now: Instant): End {
  const counting = clock.kind === 'validity' ? 'unstated' : clock.counting
  const span = { start: from, periods: [period], paused: [] }
  if (marks.extended.length === 0 && marks.pauses.length === 0) {
    return { ...endOfSpan(span, calendar, counting), ...plain }
  }
  const extended = extensionsOf(clock, marks, (periods) =>
    endOfSpan({ ...span, periods, paused: closedPauses(marks) }, calendar, counting),
  )
  const paused = pausedEnd(clock, marks, { ...span, periods: extended.periods }, now, (each) =>
    endOfSpan(each, calendar, counting),
  )
  return {
    ...paused.due,
    steps: [...extended.steps, ...paused.due.steps],
    doubts: [...extended.doubts, ...paused.doubts],
    notes: [...extended.notes, ...paused.notes],
    occurrence: null,
    suspendedSince: paused.suspendedSince,
  }
}

const plain = { doubts: [], notes: [], occurrence: null, suspendedSince: null } as const

function closedPauses({ pauses }: Marks) {
  return pauses.flatMap(({ from, to }) => (to === null ? [] : [{ from, to }]))
}

/** How many occurrences after the open one the steps name. */
const LATER_SHOWN = 3
/** Far more than any case holds; a longer series is counted from a later anchor. */
const UNITS_MAX = 10_000

/**
 * The first occurrence that nobody performed; each performance closes the earliest open
 * one. The n-th is counted from the anchor, never from a date that a month cut short.
 */
function occurrence({ from, period, calendar, clock, marks }: Counted): End {
  const performed = marks.performed.filter((at) => at >= from).length
  const nth = Math.min(performed + 1, Math.floor(UNITS_MAX / period.count))
  const times = (n: number): Period => ({ count: period.count * n, unit: period.unit })
  const span = { start: from, periods: [times(nth)], paused: [] }
  const due = endOfSpan(span, calendar, clock.counting)
  const anchor = calendar.at(from)
  const text = `occurrence ${nth} of a series every ${words([period])} from the anchor; ${performed} performed`
  const steps: Step[] = [step('occurrence', anchor.toString(), text), ...due.steps]
  if (!isElapsed(period)) {
    const day = anchor.toPlainDate()
    const later = Array.from({ length: LATER_SHOWN }, (_, n) =>
      lastCountedDay(day, { periods: [times(nth + n + 1)], paused: [] }, calendar, []),
    )
    const [next] = later
    const listed = later.join(', ')
    steps.push(step('later-occurrences', `${next}`, `last days of the next ones: ${listed}`))
  }
  return { ...due, ...plain, steps, occurrence: nth }
}

/** Counted backwards from the strict end of another clock, which must have one. */
function dueBefore(
  pack: LawPack,
  otherId: string,
  own: { readonly clock: Clock; readonly period: Period; readonly basis: Basis },
  recorded: Recorded,
  calendar: WorkCalendar,
): ClockDue | NotStarted {
  const other = findClock(pack, otherId)?.clock
  if (other === undefined || other.period === null) return { waitsFor: `the end of ${otherId}` }
  const end = dueOfClock(pack, other, recorded, calendar)
  if ('waitsFor' in end)
    return { waitsFor: `the end of ${otherId}; that waits for ${end.waitsFor}` }
  const back = countBack(end.strictAt, own.period, calendar, own.clock.counting)
  const { start, doubts, notes, suspendedSince } = end
  const steps = [...end.steps, ...back.steps]
  return {
    ...back,
    steps,
    start,
    doubts,
    notes,
    suspendedSince,
    occurrence: null,
    basis: own.basis,
  }
}

/** The first variant that the facts let hold; else the clock's own period. */
function periodOf(pack: LawPack, clock: Clock, facts: Facts): { period: Period; basis: Basis } {
  const variant = clock.variants.find(({ when }) => evaluate(when, facts, pack).answer === 'yes')
  const period = variant?.period ?? (clock.period as Period)
  return { period, basis: variant?.basis ?? clock.basis }
}

/** The end of a calendar year is that of the year in which the recorded moment lies. */
function anchorOf(
  clock: Clock,
  start: ClockEvent,
  { zone, at }: WorkCalendar,
): { readonly from: Instant; readonly steps: readonly Step[] } {
  if (clock.start?.event !== 'calendar_year_end') return { from: start.at, steps: [] }
  // Midnight of 1 January is the end of the year before.
  const { year } = at(start.at).subtract({ milliseconds: 1 })
  const last = Temporal.PlainDate.from({ year, month: 12, day: 31 })
  const from = instantFromMs(endOfDay(last, zone).epochMilliseconds - 1)
  return { from, steps: [step('year-end', last.toString(), `the calendar year ${year} ends`)] }
}

function closing({ kind }: Clock, legalDue: string): readonly Step[] {
  if (kind === 'min') return [step('floor', legalDue, 'a floor: wait for the later of the two')]
  if (kind === 'validity') return [step('ends', legalDue, 'a validity: the earlier reading counts')]
  return []
}
