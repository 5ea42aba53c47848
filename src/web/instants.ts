/**
 * Instants and dates as people read them. An instant always shows its time zone;
 * the machine-readable form stands in `<time datetime>`. The calendar is always
 * the Gregorian one, because legal dates are counted in it.
 */

import { escapeHtml } from '../base/html.ts'
import type { CalendarDate, Instant } from '../base/time.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** E.g. `22 November 2026 at 18:05 CET`. */
export function formatInstant(at: Instant, zone: string, lang: string): string {
  return formatOf(lang, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
    timeZoneName: 'short',
  }).format(Date.parse(at))
}

/** E.g. `22 November 2026`. */
export function formatDate(on: CalendarDate, lang: string): string {
  const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const
  return formatOf(lang, options).format(Date.parse(`${on}T00:00:00Z`))
}

/** E.g. `November 2026`, of `2026-11`. */
export function formatMonth(month: string, lang: string): string {
  const options = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const
  return formatOf(lang, options).format(Date.parse(`${month}-01T00:00:00Z`))
}

/** HTML. */
export function timeTag(at: Instant, zone: string, lang: string): string {
  return `<time datetime="${escapeHtml(at)}">${escapeHtml(formatInstant(at, zone, lang))}</time>`
}

/** HTML. */
export function dateTag(on: CalendarDate, lang: string): string {
  return `<time datetime="${escapeHtml(on)}">${escapeHtml(formatDate(on, lang))}</time>`
}

/** Making a formatter costs a hundred times what using it does. */
function formatOf(lang: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${lang} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat(regionOf(lang), { ...options, calendar: 'gregory' })
  formats.set(key, format)
  return format
}

/** European order and zone names for plain English. */
function regionOf(lang: string): string {
  return lang === 'en' || lang === 'en-XA' ? 'en-GB' : lang
}
