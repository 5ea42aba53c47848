/**
 * Periods of days and longer, in local calendar days: the last day as counted, and the
 * last day as the counting rule moves it. Pauses are counted here too.
 */
import type { Instant } from '../../base/time.ts'
import { isWorkingDay, nextWorkingDay, type WorkCalendar } from './calendar.ts'
import type { CountingRule, Period } from './clock.ts'
import { COUNTING, citeCounting } from './counting-rules.ts'
import { type Step, step } from './counting-step.ts'

/** A time that does not count. */
export type Paused = { readonly from: Instant; readonly to: Instant }

type Days = { readonly periods: readonly Period[]; readonly paused: readonly Paused[] }
type LocalPause = { readonly from: Temporal.PlainDate; readonly to: Temporal.PlainDate }

/** Months and years from the anchor, then weeks and days, then working days. */
export function lastCountedDay(
  eventDay: Temporal.PlainDate,
  { periods, paused }: Days,
  calendar: WorkCalendar,
  steps: Step[],
): Temporal.PlainDate {
  const { months, days, workingDays } = sumOf(periods)
  const pauses = paused.map(({ from, to }) => ({
    from: calendar.at(from).toPlainDate(),
    to: calendar.at(to).toPlainDate(),
  }))
  let last = eventDay
  if (months > 0) {
    last = eventDay.add({ months })
    if (last.day !== eventDay.day) {
      const text = 'that month has no such date: its last day'
      steps.push(step('month-has-no-such-date', last.toString(), text))
    }
  }
  if (days > 0) last = last.add({ days })
  if (workingDays > 0) return lastWorkingDay(last, workingDays, pauses, calendar, steps)
  return afterPauses(last, pauses, steps)
}

/** The last day under the counting rule; the day given, where the rule moves nothing. */
export function lastLegalDay(
  eventDay: Temporal.PlainDate,
  last: Temporal.PlainDate,
  { periods }: Days,
  { calendar, counting }: { readonly calendar: WorkCalendar; readonly counting: CountingRule },
  steps: Step[],
): Temporal.PlainDate {
  const { roll, leastWorkingDays } = COUNTING[counting]
  const length = lengthInDays(periods)
  if ((roll ?? leastWorkingDays) !== null) noteBorrowed(last, calendar, steps)
  let day = last
  if (roll !== null && !isWorkingDay(day, calendar)) {
    day = nextWorkingDay(day, calendar).day
    const text = 'the last day is a holiday, Saturday or Sunday: the next working day'
    steps.push(step('moved-from-day-off', day.toString(), text, citeCounting(counting, roll)))
  }
  if (leastWorkingDays === null) return day
  if (length !== null && length < leastWorkingDays.fromDays) return day
  while (countWorkingDays(eventDay, day, calendar) < leastWorkingDays.workingDays) {
    day = nextWorkingDay(day, calendar).day
    const text = 'a period of two days or more has at least two working days'
    const article = citeCounting(counting, leastWorkingDays)
    steps.push(step('two-working-days', day.toString(), text, article))
  }
  return day
}

/** Says so where the holidays are those of another place than the zone asked for. */
export function noteBorrowed(
  day: Temporal.PlainDate,
  { zone, borrowedFrom }: WorkCalendar,
  steps: Step[],
): void {
  if (borrowedFrom === null || steps.some(({ rule }) => rule === 'holidays-of-another-place'))
    return
  const text = `the pack has no calendar for ${zone}: public holidays of ${borrowedFrom} stand in`
  steps.push(step('holidays-of-another-place', day.toString(), text))
}

function sumOf(periods: readonly Period[]) {
  const sum = { months: 0, days: 0, workingDays: 0 }
  for (const { count, unit } of periods) {
    if (unit === 'month') sum.months += count
    else if (unit === 'year') sum.months += 12 * count
    else if (unit === 'week') sum.days += 7 * count
    else if (unit === 'calendar_day') sum.days += count
    else sum.workingDays += count
  }
  return sum
}

/** `null` for periods of months and longer, which every rule here takes for long ones. */
function lengthInDays(periods: readonly Period[]): number | null {
  const { months, days, workingDays } = sumOf(periods)
  return months > 0 ? null : days + workingDays
}

/**
 * Moves an end by the days paused. Convention: the day of the suspension still counts,
 * the day of the resumption does not, so that a pause within one day moves nothing.
 */
function afterPauses(
  counted: Temporal.PlainDate,
  pauses: readonly LocalPause[],
  steps: Step[],
): Temporal.PlainDate {
  let last = counted
  for (const { from, to } of pauses) {
    if (Temporal.PlainDate.compare(from, last) > 0) continue
    const days = from.until(to).days
    last = last.add({ days })
    const text = `paused from ${from} to ${to}: ${days} local days do not count (convention: from the day after the suspension to the day of the resumption)`
    steps.push(step('paused', last.toString(), text))
  }
  return last
}

function lastWorkingDay(
  from: Temporal.PlainDate,
  count: number,
  pauses: readonly LocalPause[],
  calendar: WorkCalendar,
  steps: Step[],
): Temporal.PlainDate {
  noteBorrowed(from, calendar, steps)
  let day = from
  const off: Temporal.PlainDate[] = []
  const paused: Temporal.PlainDate[] = []
  for (let n = 0; n < count; ) {
    const next = nextWorkingDay(day, calendar)
    off.push(...next.skipped)
    day = next.day
    if (isPaused(day, pauses)) paused.push(day)
    else n++
  }
  if (off.length > 0) {
    const named = off.map((date) => `${date}${calendar.isHoliday(date) ? ' (holiday)' : ''}`)
    steps.push(step('days-off-skipped', day.toString(), `days off: ${named.join(', ')}`))
  }
  if (paused.length > 0) {
    const text = `paused: ${paused.length} working days do not count (convention: from the day after the suspension to the day of the resumption)`
    steps.push(step('paused', day.toString(), text))
  }
  return day
}

function isPaused(day: Temporal.PlainDate, pauses: readonly LocalPause[]): boolean {
  const { compare } = Temporal.PlainDate
  return pauses.some(({ from, to }) => compare(from, day) < 0 && compare(day, to) <= 0)
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
