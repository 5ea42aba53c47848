/**
 * The working calendar of one place: its time zone, weekend and public holidays.
 *
 * Holidays are passed in as a set for each year. A year or a place without a set
 * is an error, never an empty set: a missing holiday would move a due date.
 */
import { malformed } from '../../base/errors.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { LawPack } from './pack.ts'

/**
 * Public holidays of a place in a year, by the key that packs use (`BE`, `GB-ENG`).
 *
 * @throws ComityError `malformed` (reason `no-holidays`) for an unknown key or year
 */
export type HolidaysOf = (key: string, year: number) => ReadonlySet<CalendarDate>

export type WorkCalendar = {
  readonly zone: string
  readonly isWeekend: (day: Temporal.PlainDate) => boolean
  readonly isHoliday: (day: Temporal.PlainDate) => boolean
}

/**
 * The calendar of the place where action is to be taken.
 *
 * @param zone IANA time zone of a place that the pack names; without it the pack's first
 * @throws ComityError `malformed` (reason `no-calendar`) if the pack has no place in `zone`
 */
export function workCalendar(pack: LawPack, holidaysOf: HolidaysOf, zone?: string): WorkCalendar {
  const { places, weekend, corrections } = pack.calendar
  const place = zone === undefined ? places[0] : places.find((candidate) => candidate.zone === zone)
  if (place === undefined) {
    const reason = 'no-calendar'
    throw malformed(`pack ${pack.id} has no calendar for this time zone`, { field: 'zone', reason })
  }
  const corrected = new Map(
    corrections
      .filter(({ holidays }) => holidays === place.holidays)
      .map(({ date, isHoliday }) => [date as string, isHoliday]),
  )
  return {
    zone: place.zone,
    isWeekend: (day) => weekend.includes(day.dayOfWeek),
    isHoliday: (day) =>
      corrected.get(day.toString()) ??
      holidaysOf(place.holidays, day.year).has(day.toString() as CalendarDate),
  }
}

export function isWorkingDay(day: Temporal.PlainDate, calendar: WorkCalendar): boolean {
  return !calendar.isWeekend(day) && !calendar.isHoliday(day)
}

/** The first working day after `day`, and the days off that were passed over. */
export function nextWorkingDay(
  day: Temporal.PlainDate,
  calendar: WorkCalendar,
): { day: Temporal.PlainDate; skipped: readonly Temporal.PlainDate[] } {
  const skipped: Temporal.PlainDate[] = []
  let next = day.add({ days: 1 })
  while (!isWorkingDay(next, calendar)) {
    skipped.push(next)
    next = next.add({ days: 1 })
  }
  return { day: next, skipped }
}

/** An instant on the clock of a zone. @throws RangeError for a zone that packs cannot hold */
export function inZone(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone)
}

/** True for a name of the IANA time zone database; an offset is no zone. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    // Temporal has no other way to ask.
    return false
  }
}

/** First moment after the last hour of `day` in the zone. */
export function endOfDay(day: Temporal.PlainDate, zone: string): Temporal.ZonedDateTime {
  return day.add({ days: 1 }).toZonedDateTime({ timeZone: zone })
}
