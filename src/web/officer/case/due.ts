/** Due moments of the law engine as people read them. Pure. */
import type { CalendarDate } from '../../../base/time.ts'
import { instantFromMs } from '../../../base/time.ts'
import type { Due } from './model.ts'

/**
 * The engine gives the first moment of lateness as RFC 9557 text. At the start of
 * a day, people read the day before: that is the last one.
 */
export function dueOf(text: string): Due {
  const moment = Temporal.ZonedDateTime.from(text)
  const isStartOfDay = moment.equals(moment.startOfDay())
  if (!isStartOfDay) return { at: instantFromMs(moment.epochMilliseconds) }
  return { on: moment.toPlainDate().subtract({ days: 1 }).toString() as CalendarDate }
}

/** The day of a counting step: a calendar date, or a moment as RFC 9557 text. */
export function dayOf(text: string): CalendarDate {
  return text.slice(0, 10) as CalendarDate
}
