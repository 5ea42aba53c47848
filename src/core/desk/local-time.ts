/** An instant as the people of an authority read it on their own clocks. */
import type { CalendarDate, Instant } from '../../base/time.ts'

/** `zone`: IANA zone of the authority. */
export function localDate(at: Instant, zone: string): CalendarDate {
  return zoned(at, zone).toPlainDate().toString() as CalendarDate
}

/** 0 to 23. */
export function localHour(at: Instant, zone: string): number {
  return zoned(at, zone).hour
}

function zoned(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone)
}
