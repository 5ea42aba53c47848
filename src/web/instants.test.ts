import assert from 'node:assert/strict'
import test from 'node:test'
import { calendarDate, instant } from '../base/time.ts'
import { dateTag, formatDate, formatInstant, timeTag } from './instants.ts'

const at = instant('2026-11-22T17:05:00.000Z')

test('an instant is shown in the zone of the authority, and the zone is named', () => {
  assert.match(formatInstant(at, 'Europe/Brussels', 'en'), /22 November 2026.*18:05 CET/)
  assert.match(formatInstant(at, 'Europe/London', 'en'), /17:05 GMT/)
  assert.match(formatInstant(at, 'America/Los_Angeles', 'en'), /09:05 GMT-8/)
})

test('the calendar is the Gregorian one where the language has another', () => {
  const persian = formatDate(calendarDate('2026-03-14'), 'fa')
  assert.match(persian, /\u06f2\u06f0\u06f2\u06f6/) // 2026
})

test('the machine-readable form stands beside the text', () => {
  assert.match(timeTag(at, 'Europe/Brussels', 'en'), /^<time datetime="2026-11-22T17:05:00.000Z">/)
  assert.match(dateTag(calendarDate('2026-11-22'), 'en'), /datetime="2026-11-22">22 November 2026</)
})
