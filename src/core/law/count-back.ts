/**
 * Periods that a law counts backwards from the end of another, e.g. "at least four
 * weeks before it expires". The result is never moved to a working day: later would be
 * too late, and the law of counting moves forward periods only.
 */
import { type Instant, instantFromMs } from '../../base/time.ts'
import { previousWorkingDay, type WorkCalendar } from './calendar.ts'
import type { CountingRule, Period } from './clock.ts'
import { noteBorrowed } from './counted-days.ts'
import { COUNTING, citeCounting } from './counting-rules.ts'
import { type Step, step } from './counting-step.ts'
import { type DueDate, isElapsed, words } from './due-date.ts'

/** @param end the first moment after the other period, exclusive like every end here */
export function countBack(
  end: Instant,
  period: Period,
  calendar: WorkCalendar,
  counting: CountingRule,
): DueDate {
  const from = calendar.at(end)
  const length = words([period])
  const steps = [
    step('end-of-other-clock', from.toString(), 'the end that it is counted back from'),
  ]
  const strict = isElapsed(period)
    ? from.subtract(period.unit === 'hour' ? { hours: period.count } : { minutes: period.count })
    : endOfLastDay(from, period, calendar, steps)
  const strictDue = strict.toString()
  const text = `${length} before that end; counted backwards, so it is not moved from a day off`
  steps.push(
    step('counted-back', strictDue, text, citeCounting(counting, COUNTING[counting].backwards)),
    step('strict-end', strictDue, 'strict result'),
    step('legal-end', strictDue, 'legal result, counsel to confirm'),
  )
  const strictAt = instantFromMs(strict.epochMilliseconds)
  return { strictDue, legalDue: strictDue, strictAt, legalAt: strictAt, steps }
}

/** The last whole day before the end, that many days, weeks, months or working days earlier. */
function endOfLastDay(
  end: Temporal.ZonedDateTime,
  { count, unit }: Period,
  calendar: WorkCalendar,
  steps: Step[],
): Temporal.ZonedDateTime {
  const lastDay = end.toPlainDate().subtract({ days: 1 })
  const back = { calendar_day: 'days', week: 'weeks', month: 'months', year: 'years' } as const
  let day = lastDay
  if (unit === 'working_day' || unit === 'business_day') {
    noteBorrowed(lastDay, calendar, steps)
    for (let n = 0; n < count; n++) day = previousWorkingDay(day, calendar).day
  } else if (unit !== 'hour' && unit !== 'minute') {
    day = lastDay.subtract({ [back[unit]]: count })
  }
  return day.add({ days: 1 }).toZonedDateTime({ timeZone: calendar.zone })
}
