/**
 * Instants and calendar dates as text that sorts. Core code never reads a clock:
 * the caller passes `now`.
 */
import { malformed } from './errors.ts'

declare const instantBrand: unique symbol
declare const dateBrand: unique symbol

/** RFC 3339 in UTC with milliseconds, e.g. `2026-11-22T17:05:11.000Z`. */
export type Instant = string & { readonly [instantBrand]: true }
/** `YYYY-MM-DD`, in the calendar of the time zone that the context names. */
export type CalendarDate = string & { readonly [dateBrand]: true }

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/
const DATE = /^\d{4}-\d{2}-\d{2}$/

/** @throws ComityError `malformed` */
export function instant(text: string, field = 'instant'): Instant {
  if (isInstant(text)) return text as Instant
  throw malformed('not an instant in UTC with milliseconds', { field })
}

export function isInstant(text: string): boolean {
  const epochMs = INSTANT.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(epochMs) && instantFromMs(epochMs) === text
}

export function instantFromMs(epochMs: number): Instant {
  return new Date(epochMs).toISOString() as Instant
}

export function msOf(at: Instant): number {
  return Date.parse(at)
}

export function addMs(at: Instant, durationMs: number): Instant {
  return instantFromMs(msOf(at) + durationMs)
}

/** @throws ComityError `malformed` */
export function calendarDate(text: string, field = 'date'): CalendarDate {
  if (isCalendarDate(text)) return text as CalendarDate
  throw malformed('not a calendar date', { field })
}

export function isCalendarDate(text: string): boolean {
  const epochMs = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(epochMs) && instantFromMs(epochMs).startsWith(text)
}

/** The UTC calendar date of an instant, for coarse times where the zone does not matter. */
export function utcDateOf(at: Instant): CalendarDate {
  return at.slice(0, 10) as CalendarDate
}

/** The UTC month of an instant, `2026-11`: where even the day would tell too much. */
export function utcMonthOf(at: Instant): string {
  return at.slice(0, 'YYYY-MM'.length)
}

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
