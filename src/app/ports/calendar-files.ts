/** Dates as a file that calendar programs read (iCalendar, RFC 5545). */
import type { Bytes } from '../../base/bytes.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'

export type CalendarEntry = {
  /** The same entry has the same id each time, so that a calendar replaces it. */
  readonly uid: string
  readonly title: string
  readonly text: string
  /** A whole day, or a moment. */
  readonly on: { readonly day: CalendarDate } | { readonly at: Instant }
}

export type CalendarFiles = {
  /** @param now the moment of writing; the same input gives the same bytes */
  write(name: string, entries: readonly CalendarEntry[], now: Instant): Bytes
}
