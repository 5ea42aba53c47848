/**
 * Public holidays from the `date-holidays` library, opened at the first question
 * and kept for each place and year.
 *
 * The library is passed in by a function, so that a process which never counts
 * working days never loads it. Its data is a secondary source: packs say so, and
 * may correct single days. It does not know the lists published in the Official
 * Journal, nor the office holidays of the EU institutions.
 */
import { malformed } from '../../base/errors.ts'
import { type CalendarDate, calendarDate } from '../../base/time.ts'
import type { HolidaysOf } from './calendar.ts'

/** The part of `date-holidays` that is used. */
export type HolidayLibrary = new (
  country: string,
  region?: string,
) => {
  getHolidays(
    year: number,
  ): readonly { readonly date: string; readonly type: string; start: Date; end: Date }[]
}

const KEY = /^([A-Z]{2})(?:-([A-Z0-9]{1,3}))?$/
/** The library's rules are meant for these years; outside them it would invent. */
const FIRST_YEAR = 2000
const LAST_YEAR = 2100
const DAY_MS = 24 * 60 * 60 * 1000

/** @param open gives the library; called once, at the first question */
export function holidaysFrom(open: () => HolidayLibrary): HolidaysOf {
  let library: HolidayLibrary | undefined
  const known = new Map<string, ReadonlySet<CalendarDate>>()
  return (key, year) => {
    const name = `${key} ${year}`
    let days = known.get(name)
    if (days === undefined) {
      library ??= open()
      days = publicHolidays(library, key, year)
      known.set(name, days)
    }
    return days
  }
}

function publicHolidays(
  Library: HolidayLibrary,
  key: string,
  year: number,
): ReadonlySet<CalendarDate> {
  const [, country, region] = KEY.exec(key) ?? []
  if (country === undefined || year < FIRST_YEAR || year > LAST_YEAR) throw noHolidays(key)
  const listed = new Library(country, region)
    .getHolidays(year)
    .filter(({ type }) => type === 'public')
  if (listed.length === 0) throw noHolidays(key)
  const days = new Set<CalendarDate>()
  for (const { date, start, end } of listed) {
    const first = Temporal.PlainDate.from(date.slice(0, 10))
    const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS))
    for (let n = 0; n < length; n++) days.add(calendarDate(first.add({ days: n }).toString()))
  }
  return days
}

function noHolidays(key: string): Error {
  return malformed(`no public holidays are known for ${key} in that year`, {
    field: 'holidays',
    reason: 'no-holidays',
  })
}
