/** Calendar files by ical-generator. Entries carry what they are given and nothing else. */
import ical, { ICalCalendarMethod } from 'ical-generator'
import type { CalendarFiles } from '../../app/ports/calendar-files.ts'
import { utf8 } from '../../base/bytes.ts'

export const icalFiles: CalendarFiles = {
  write(name, entries, now) {
    const prodId = { company: 'Comity', product: 'clocks', language: 'EN' }
    const calendar = ical({ name, prodId, method: ICalCalendarMethod.PUBLISH })
    for (const { uid, title, text, on } of entries) {
      const isDay = 'day' in on
      calendar.createEvent({
        id: uid,
        stamp: new Date(now),
        summary: title,
        description: text,
        allDay: isDay,
        // A whole day is written as its date alone, whatever zone this process is in.
        start: isDay ? localMidnight(on.day) : new Date(on.at),
        ...(isDay ? {} : { timezone: 'UTC' }),
      })
    }
    return utf8(calendar.toString())
  },
}

/** The library writes a day from the process's own clock. */
function localMidnight(day: string): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date)
}
