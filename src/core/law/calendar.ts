/**
 * The working calendar of one place: its time zone, weekend and public holidays.
 *
 * Holidays are passed in as a set for each year. A year or a place without a set
 * is an error, never an empty set: a missing holiday would move a due date.
 */
import { invariant } from '../../base/errors.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import { onceFor } from './once.ts'
import type { LawPack } from './pack.ts'

/**
 * Public holidays of a place in a year, by the key that packs use (`BE`, `GB-ENG`).
 *
 * @throws ComityError `malformed` (reason `no-holidays`) for an unknown key or year
 */
export type HolidaysOf = (key: string, year: number) => ReadonlySet<CalendarDate>

export type WorkCalendar = {
  readonly zone: string
  /** A moment on its clock. */
  readonly at: (moment: Instant) => Temporal.ZonedDateTime
  readonly isWeekend: (day: Temporal.PlainDate) => boolean
  readonly isHoliday: (day: Temporal.PlainDate) => boolean
  /** Place whose holidays stand in, as the pack has none for the zone; `null`: they are its own. */
  readonly borrowedFrom: string | null
}

/**
 * The calendar of the place where action is to be taken.
 *
 * A zone for which the pack names no place has the holidays of the pack's first place,
 * and says so: hours and calendar days can be counted in every zone.
 *
 * @param zone IANA time zone; without it that of the pack's first place
 */
export function workCalendar(pack: LawPack, holidaysOf: HolidaysOf, zone?: string): WorkCalendar {
  const key = zone ?? ''
  const known = calendarsOf(pack, holidaysOf)
  let calendar = known.get(key)
  if (calendar === undefined) {
    calendar = openCalendar(pack, holidaysOf, zone)
    // Zones are written in many ways, and come from outside.
    if (known.size >= CALENDARS_MAX) known.clear()
    known.set(key, calendar)
  }
  return calendar
}

/** A pack and its holidays do not change, so a calendar is opened once for each zone. */
const opened = new WeakMap<LawPack, WeakMap<HolidaysOf, Map<string, WorkCalendar>>>()
const CALENDARS_MAX = 500

function calendarsOf(pack: LawPack, holidaysOf: HolidaysOf): Map<string, WorkCalendar> {
  let ofPack = opened.get(pack)
  if (ofPack === undefined) {
    ofPack = new WeakMap()
    opened.set(pack, ofPack)
  }
  let known = ofPack.get(holidaysOf)
  if (known === undefined) {
    known = new Map()
    ofPack.set(holidaysOf, known)
  }
  return known
}

function openCalendar(pack: LawPack, holidaysOf: HolidaysOf, zone?: string): WorkCalendar {
  const { places, weekend } = pack.calendar
  const [first] = places
  invariant(first !== undefined, 'a law pack has a place')
  const own = zone === undefined ? first : placeOf(places, zone)
  const { holidays, like } = own ?? first
  const name = zone ?? first.zone
  return {
    zone: name,
    at: rememberedZone(name),
    isWeekend: (day) => weekend.includes(day.dayOfWeek),
    isHoliday: holidaysByYear(pack, holidaysOf, holidays, like),
    borrowedFrom: own === undefined ? holidays : null,
  }
}

/** Most clocks of a case run from the same few moments. */
const MOMENTS_MAX = 200

export function rememberedZone(zone: string): WorkCalendar['at'] {
  const known = new Map<Instant, Temporal.ZonedDateTime>()
  return (moment) => {
    let there = known.get(moment)
    if (there === undefined) {
      there = inZone(moment, zone)
      if (known.size >= MOMENTS_MAX) known.clear()
      known.set(moment, there)
    }
    return there
  }
}

/** A zone has other names, too (`Eire`): they are the same place. */
function placeOf(places: LawPack['calendar']['places'], zone: string) {
  const epoch = '1970-01-01T00:00:00.000Z' as Instant
  const asked = inZone(epoch, zone)
  return (
    places.find((place) => place.zone === zone) ??
    places.find((place) => inZone(epoch, place.zone).equals(asked))
  )
}

/** The day of a moment where it was asked for; moments are remembered by their calendars. */
export const localDate = onceFor(
  (at: Temporal.ZonedDateTime) => `${at.toPlainDate()}` as CalendarDate,
)

/** Asks for each year once; the pack's corrections win. */
function holidaysByYear(pack: LawPack, holidaysOf: HolidaysOf, key: string, like = key) {
  const years = new Map<number, ReadonlySet<number>>()
  const corrections = pack.calendar.corrections.filter(({ holidays }) => holidays === key)
  const open = (year: number) => {
    const days = new Set([...holidaysOf(like, year)].map(dayOfYear))
    for (const { date, isHoliday } of corrections) {
      if (Number(date.slice(0, 4)) !== year) continue
      if (isHoliday) days.add(dayOfYear(date))
      else days.delete(dayOfYear(date))
    }
    years.set(year, days)
    return days
  }
  return (day: Temporal.PlainDate) =>
    (years.get(day.year) ?? open(day.year)).has(day.month * 100 + day.day)
}

/** Month and day as one number: a set of them is asked for each day of a period. */
function dayOfYear(date: CalendarDate): number {
  return Number(date.slice(5, 7)) * 100 + Number(date.slice(8, 10))
}

export function isWorkingDay(day: Temporal.PlainDate, calendar: WorkCalendar): boolean {
  return !calendar.isWeekend(day) && !calendar.isHoliday(day)
}

/** The first working day before `day`, and the days off that were passed over. */
export function previousWorkingDay(
  day: Temporal.PlainDate,
  calendar: WorkCalendar,
): { day: Temporal.PlainDate; skipped: readonly Temporal.PlainDate[] } {
  return stepToWorkingDay(day, calendar, { days: -1 })
}

/** The first working day after `day`, and the days off that were passed over. */
export function nextWorkingDay(
  day: Temporal.PlainDate,
  calendar: WorkCalendar,
): { day: Temporal.PlainDate; skipped: readonly Temporal.PlainDate[] } {
  return stepToWorkingDay(day, calendar, { days: 1 })
}

function stepToWorkingDay(
  from: Temporal.PlainDate,
  calendar: WorkCalendar,
  step: { readonly days: 1 | -1 },
) {
  const skipped: Temporal.PlainDate[] = []
  let day = from.add(step)
  while (!isWorkingDay(day, calendar)) {
    skipped.push(day)
    day = day.add(step)
  }
  return { day, skipped }
}

/** An instant on the clock of a zone. @throws RangeError for a zone that packs cannot hold */
export function inZone(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(at).toZonedDateTimeISO(zone)
}

/** True for a name of the IANA time zone database; an offset is no zone. */
export function isZone(name: string): boolean {
  return zoneName(name) !== undefined
}

/** A zone as the database spells it; `undefined` if it has none of this name. */
export function zoneName(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    // Temporal has no other way to ask.
    return undefined
  }
}

/** First moment after the last hour of `day` in the zone. */
export function endOfDay(day: Temporal.PlainDate, zone: string): Temporal.ZonedDateTime {
  return day.add({ days: 1 }).toZonedDateTime({ timeZone: zone })
}
