/**
 * Due dates: the end of a period that a law counts from an event.
 *
 * Gives two results, both as the first moment of lateness: `strict` never moves,
 * `legal` follows the counting rule named in the pack. Every step is returned,
 * because an officer, a respondent or a court must be able to redo the count by
 * hand. It does not say whether the clock binds: that is clock-state.ts.
 */
import { invariant } from '../../base/errors.ts'
import { type Instant, instantFromMs, MINUTE_MS, msOf } from '../../base/time.ts'
import { endOfDay, isWorkingDay, nextWorkingDay, type WorkCalendar } from './calendar.ts'
import type { CountingRule, Period } from './clock.ts'
import { lastCountedDay, lastLegalDay, noteBorrowed, type Paused } from './counted-days.ts'
import { COUNTING, citeCounting } from './counting-rules.ts'
import { type Step, step } from './counting-step.ts'
import { onceFor } from './once.ts'

export type DueDate = {
  /** RFC 9557 with zone, exclusive: the first moment that is too late. */
  readonly strictDue: string
  readonly legalDue: string
  readonly strictAt: Instant
  readonly legalAt: Instant
  readonly steps: readonly Step[]
}

export type Span = {
  readonly start: Instant
  /** The period and each extension of it, all counted from the event in the units of the law. */
  readonly periods: readonly Period[]
  readonly paused: readonly Paused[]
}

/** No period we model is longer; a longer one is a mistake in a law pack. */
const PERIOD_COUNT_MAX = 10_000

/**
 * @param start the event that the period runs from
 * @param counting `national` counts like `unstated`; the caller must not call it binding
 */
export function dueDate(
  start: Instant,
  period: Period,
  calendar: WorkCalendar,
  counting: CountingRule,
): DueDate {
  return endOfSpan({ start, periods: [period], paused: [] }, calendar, counting)
}

/** Extensions are added before the end is looked for, so that no month is cut short twice. */
export function endOfSpan(span: Span, calendar: WorkCalendar, counting: CountingRule): DueDate {
  if (span.paused.length > 0) return countSpan(span, calendar, counting)
  const known = knownEnds(calendar)
  const lengths = span.periods.map(({ count, unit }) => `${count} ${unit}`).join()
  const key = `${span.start} ${lengths} ${counting}`
  const before = known.get(key)
  if (before !== undefined) return before
  if (known.size >= ENDS_MAX) known.clear()
  const end = countSpan(span, calendar, counting)
  known.set(key, end)
  return end
}

/** Many clocks run as long as each other from the same moment. */
const knownEnds = onceFor((_: WorkCalendar) => new Map<string, DueDate>())
const ENDS_MAX = 200

function countSpan(span: Span, calendar: WorkCalendar, counting: CountingRule): DueDate {
  invariant(span.periods.length > 0 && span.periods.every(isSane), 'a period has a sane length')
  const elapsed = span.periods.filter(isElapsed)
  invariant(
    elapsed.length === 0 || elapsed.length === span.periods.length,
    'hours are extended by hours, days by days',
  )
  const event = calendar.at(span.start)
  return elapsed.length > 0
    ? endOfHours(event, span, calendar, counting)
    : endOfDays(event, span, calendar, counting)
}

export function isElapsed({ unit }: Period): boolean {
  return unit === 'hour' || unit === 'minute'
}

/** E.g. `15 calendar days`; extensions are joined to it. */
export function words(periods: readonly Period[]): string {
  return periods
    .map(({ count, unit }) => `${count} ${unit.replace('_', ' ')}${count === 1 ? '' : 's'}`)
    .join(' and ')
}

function isSane({ count }: Period): boolean {
  return Number.isInteger(count) && 0 < count && count <= PERIOD_COUNT_MAX
}

/** Hours and minutes: elapsed time, over clock changes too. Never moved to a working day. */
function endOfHours(
  event: Temporal.ZonedDateTime,
  span: Span,
  calendar: WorkCalendar,
  counting: CountingRule,
): DueDate {
  const rule = COUNTING[counting]
  const strict = elapsedAfter(event, span)
  const strictDue = strict.toString()
  const steps = [
    beginningOf(event).first,
    step('elapsed', strictDue, `${words(span.periods)} of elapsed time after the event`),
    ...pausedHours(span),
    step('strict-end', strictDue, 'strict result'),
    ...wallClock(event, strict, span.periods),
  ]
  const isInHours = span.periods.every(({ unit }) => unit === 'hour')
  if (!isInHours) return result([strict, strictDue], null, steps)
  if (rule.rollHours !== null) {
    return result([strict, strictDue], movedHour(strict, calendar, counting, steps), steps)
  }
  if (rule.hourOfEvent === null) return result([strict, strictDue], null, steps)
  const from = endOfHour(event)
  const excluded = 'the hour of the event does not count'
  const article = citeCounting(counting, rule.hourOfEvent)
  steps.push(step('hour-of-event-excluded', from.toString(), excluded, article))
  return result([strict, strictDue], elapsedAfter(from, span), steps)
}

/** Counted from the minutes, as a clock that changes by half an hour has no such full hour. */
function endOfHour(event: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const { minute: minutes, second: seconds, millisecond: milliseconds } = event
  return event.subtract({ minutes, seconds, milliseconds }).add({ hours: 1 })
}

/** `null`: the end is on a working day already. */
function movedHour(
  strict: Temporal.ZonedDateTime,
  calendar: WorkCalendar,
  counting: CountingRule,
  steps: Step[],
): Temporal.ZonedDateTime | null {
  const day = strict.toPlainDate()
  noteBorrowed(day, calendar, steps)
  if (isWorkingDay(day, calendar)) return null
  const time = strict.toPlainTime()
  const next = nextWorkingDay(day, calendar).day
  const moved = next.toZonedDateTime({ timeZone: calendar.zone, plainTime: time })
  const text = 'it ends at an hour of a day off: the same hour of the next working day'
  const article = citeCounting(counting, COUNTING[counting].rollHours)
  steps.push(step('moved-from-day-off', moved.toString(), text, article))
  return moved
}

function elapsedAfter(from: Temporal.ZonedDateTime, { periods, paused }: Span) {
  const minutes = periods.reduce(
    (sum, { count, unit }) => sum + count * (unit === 'hour' ? 60 : 1),
    0,
  )
  let ms = from.epochMilliseconds + minutes * MINUTE_MS
  for (const pause of paused) if (msOf(pause.from) < ms) ms += msOf(pause.to) - msOf(pause.from)
  return from.add({ milliseconds: ms - from.epochMilliseconds })
}

function pausedHours({ paused }: Span): readonly Step[] {
  return paused.map(({ from, to }) => {
    const minutes = Math.floor((msOf(to) - msOf(from)) / MINUTE_MS)
    const length = `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    return step('paused', to, `paused for ${length} from ${from}: elapsed time that does not count`)
  })
}

/** Days and longer: whole local calendar days after the day of the event. */
function endOfDays(
  event: Temporal.ZonedDateTime,
  span: Span,
  calendar: WorkCalendar,
  counting: CountingRule,
): DueDate {
  const { eventDay, firstDay, first } = beginningOf(event)
  const excluded = 'the day of the event does not count'
  const article = citeCounting(counting, COUNTING[counting].dayOfEvent)
  const steps = [first, step('day-of-event-excluded', firstDay, excluded, article)]
  const last = lastCountedDay(eventDay, span, calendar, steps)
  steps.push(step('counted', last.toString(), `last day of ${words(span.periods)}`))
  const strict = endOfDay(last, calendar.zone)
  const strictDue = strict.toString()
  steps.push(step('strict-end', strictDue, 'strict result: end of that day'))
  if (event.offsetNanoseconds !== strict.offsetNanoseconds) {
    const text = `${changed(event, strict)}; whole local days were counted`
    steps.push(step('clock-change', strictDue, text))
  }
  const moved = lastLegalDay(eventDay, last, span, { calendar, counting }, steps)
  const legal = moved.equals(last) ? null : endOfDay(moved, calendar.zone)
  return result([strict, strictDue], legal, steps)
}

/** Hours over a clock change: what was counted, and what a reader of the wall clock would say. */
function wallClock(
  event: Temporal.ZonedDateTime,
  strict: Temporal.ZonedDateTime,
  periods: readonly Period[],
): readonly Step[] {
  if (event.offsetNanoseconds === strict.offsetNanoseconds) return []
  const shift = (strict.offsetNanoseconds - event.offsetNanoseconds) / 1e6
  const wall = strict.subtract({ milliseconds: shift })
  const reading =
    shift > 0
      ? `read on the wall clock, ${words(periods)} end at ${wall}, which is earlier: use it for an own duty`
      : `read on the wall clock, ${words(periods)} would end later, at ${wall}: not used`
  const text = `${changed(event, strict)}; elapsed time was counted. ${reading}`
  return [step('clock-change', strict.toString(), text)]
}

function changed(from: Temporal.ZonedDateTime, to: Temporal.ZonedDateTime): string {
  return `the local clock changed from UTC${from.offset} to UTC${to.offset} on the way`
}

type Beginning = {
  readonly eventDay: Temporal.PlainDate
  readonly firstDay: string
  readonly first: Step
}
/** Calendars remember their moments, and many clocks run from the same one. */
const beginningOf = onceFor((event: Temporal.ZonedDateTime): Beginning => {
  const { offset, timeZoneId } = event
  const text = `the event, counted in the time zone ${timeZoneId}, there at UTC${offset}`
  const eventDay = event.toPlainDate()
  const firstDay = eventDay.add({ days: 1 }).toString()
  return { eventDay, firstDay, first: step('event', event.toString(), text) }
})

/** @param legal `null`: the same as strict */
function result(
  [strict, strictDue]: readonly [Temporal.ZonedDateTime, string],
  legal: Temporal.ZonedDateTime | null,
  steps: Step[],
): DueDate {
  const strictAt = instantFromMs(strict.epochMilliseconds)
  const legalDue = legal === null ? strictDue : legal.toString()
  const legalAt = legal === null ? strictAt : instantFromMs(legal.epochMilliseconds)
  steps.push(step('legal-end', legalDue, 'legal result, counsel to confirm'))
  return { strictDue, legalDue, strictAt, legalAt, steps }
}
