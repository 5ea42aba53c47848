/**
 * Due dates: the end of a period that a law counts from an event.
 *
 * Gives two results, both as the first moment of lateness: `strict` never moves,
 * `legal` follows the counting rule named in the pack. Every step is returned,
 * because an officer, a respondent or a court must be able to redo the count by
 * hand. It does not say whether the clock binds: that is clock-state.ts.
 */
import { invariant } from '../../base/errors.ts'
import { type Instant, instantFromMs } from '../../base/time.ts'
import { endOfDay, inZone, isWorkingDay, nextWorkingDay, type WorkCalendar } from './calendar.ts'
import type { CountingRule, Period } from './clock.ts'

export type StepRule =
  | 'event'
  | 'elapsed'
  | 'hour-of-event-excluded'
  | 'day-of-event-excluded'
  | 'counted'
  | 'days-off-skipped'
  | 'month-has-no-such-date'
  | 'strict-end'
  | 'moved-from-day-off'
  | 'two-working-days'
  | 'legal-end'

export type Step = {
  readonly rule: StepRule
  /** A calendar date, or a moment as RFC 9557 text. */
  readonly at: string
  readonly text: string
  /** Article of the counting rule, where one decided. */
  readonly article: string | null
}

export type DueDate = {
  /** RFC 9557 with zone, exclusive: the first moment that is too late. */
  readonly strictDue: string
  readonly legalDue: string
  readonly strictAt: Instant
  readonly legalAt: Instant
  readonly steps: readonly Step[]
}

/** No period we model is longer; a longer one is a mistake in a law pack. */
const PERIOD_COUNT_MAX = 10_000
const EU1182 = 'Regulation (EEC, Euratom) 1182/71, art. '

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
  invariant(Number.isInteger(period.count), 'a period is a whole number of units')
  invariant(0 < period.count && period.count <= PERIOD_COUNT_MAX, 'a period has a sane length')
  const event = inZone(start, calendar.zone)
  return period.unit === 'hour' || period.unit === 'minute'
    ? endOfHours(event, period, counting)
    : endOfDays(event, period, calendar, counting)
}

/** Hours and minutes: elapsed time, over clock changes too. Never moved to a working day. */
function endOfHours(
  event: Temporal.ZonedDateTime,
  period: Period,
  counting: CountingRule,
): DueDate {
  const length = period.unit === 'hour' ? { hours: period.count } : { minutes: period.count }
  const strict = event.add(length)
  const steps = [
    step('event', event.toString(), 'the event'),
    step('elapsed', strict.toString(), `${words(period)} of elapsed time after the event`),
    step('strict-end', strict.toString(), 'strict result'),
  ]
  if (counting !== 'eu1182' || period.unit === 'minute') return result(strict, strict, steps)
  const from = event.round({ smallestUnit: 'hour', roundingMode: 'floor' }).add({ hours: 1 })
  const legal = from.add(length)
  const excluded = 'the hour of the event does not count'
  steps.push(step('hour-of-event-excluded', from.toString(), excluded, `${EU1182}3(1)`))
  return result(strict, legal, steps)
}

/** Days and longer: whole local calendar days after the day of the event. */
function endOfDays(
  event: Temporal.ZonedDateTime,
  period: Period,
  calendar: WorkCalendar,
  counting: CountingRule,
): DueDate {
  const eventDay = event.toPlainDate()
  const steps = [step('event', event.toString(), `the event, local date ${eventDay}`)]
  const rule = counting === 'eu1182' ? `${EU1182}3(1)` : null
  const firstDay = eventDay.add({ days: 1 })
  const excluded = 'the day of the event does not count'
  steps.push(step('day-of-event-excluded', firstDay.toString(), excluded, rule))
  const last = lastCountedDay(eventDay, period, calendar, steps)
  steps.push(step('counted', last.toString(), `last day of ${words(period)}`))
  const strict = endOfDay(last, calendar.zone)
  steps.push(step('strict-end', strict.toString(), 'strict result: end of that day'))
  if (counting !== 'eu1182') return result(strict, strict, steps)
  const moved = lastDayUnder1182(eventDay, last, period, calendar, steps)
  return result(strict, endOfDay(moved, calendar.zone), steps)
}

function lastCountedDay(
  eventDay: Temporal.PlainDate,
  period: Period,
  calendar: WorkCalendar,
  steps: Step[],
): Temporal.PlainDate {
  const { count, unit } = period
  switch (unit) {
    case 'calendar_day':
      return eventDay.add({ days: count })
    case 'week':
      return eventDay.add({ weeks: count })
    case 'month':
    case 'year': {
      const last = eventDay.add(unit === 'month' ? { months: count } : { years: count })
      if (last.day !== eventDay.day) {
        const text = 'that month has no such date: its last day'
        steps.push(step('month-has-no-such-date', last.toString(), text))
      }
      return last
    }
    case 'business_day':
    case 'working_day':
      return lastWorkingDay(eventDay, count, calendar, steps)
    default:
      throw new Error(`invariant broken: ${unit} is not counted in days`)
  }
}

function lastWorkingDay(
  eventDay: Temporal.PlainDate,
  count: number,
  calendar: WorkCalendar,
  steps: Step[],
): Temporal.PlainDate {
  let day = eventDay
  const off: Temporal.PlainDate[] = []
  for (let n = 0; n < count; n++) {
    const next = nextWorkingDay(day, calendar)
    off.push(...next.skipped)
    day = next.day
  }
  if (off.length > 0) {
    const named = off.map((date) => `${date}${calendar.isHoliday(date) ? ' (holiday)' : ''}`)
    steps.push(step('days-off-skipped', day.toString(), `days off: ${named.join(', ')}`))
  }
  return day
}

/** Article 3(4), then 3(5), for periods that are not in hours and run forward. */
function lastDayUnder1182(
  eventDay: Temporal.PlainDate,
  last: Temporal.PlainDate,
  period: Period,
  calendar: WorkCalendar,
  steps: Step[],
): Temporal.PlainDate {
  let day = last
  if (!isWorkingDay(day, calendar)) {
    day = nextWorkingDay(day, calendar).day
    const text = 'the last day is a holiday, Saturday or Sunday: the next working day'
    steps.push(step('moved-from-day-off', day.toString(), text, `${EU1182}3(4)`))
  }
  if (period.unit === 'calendar_day' && period.count < 2) return day
  while (countWorkingDays(eventDay, day, calendar) < 2) {
    day = nextWorkingDay(day, calendar).day
    const text = 'a period of two days or more has at least two working days'
    steps.push(step('two-working-days', day.toString(), text, `${EU1182}3(5)`))
  }
  return day
}

/** Working days after `from` up to and with `to`; stops at two, no more are asked for. */
function countWorkingDays(
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
  calendar: WorkCalendar,
): number {
  let count = 0
  let day = from.add({ days: 1 })
  for (; count < 2 && Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 })) {
    if (isWorkingDay(day, calendar)) count++
  }
  return count
}

function result(
  strict: Temporal.ZonedDateTime,
  legal: Temporal.ZonedDateTime,
  steps: readonly Step[],
): DueDate {
  return {
    strictDue: strict.toString(),
    legalDue: legal.toString(),
    strictAt: instantFromMs(strict.epochMilliseconds),
    legalAt: instantFromMs(legal.epochMilliseconds),
    steps: [...steps, step('legal-end', legal.toString(), 'legal result, counsel to confirm')],
  }
}

function step(rule: StepRule, at: string, text: string, article: string | null = null): Step {
  return { rule, at, text, article }
}

function words({ count, unit }: Period): string {
  return `${count} ${unit.replace('_', ' ')}${count === 1 ? '' : 's'}`
}
