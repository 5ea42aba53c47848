/** Public holidays of the Member States as the EU pack counts with them, against lists that were read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { workCalendar } from '../core/law/calendar.ts'
import type { LawPack } from '../core/law/pack.ts'
import { libraryHolidays, loadLawPacks } from './law-packs.ts'

const holidaysOf = libraryHolidays()
const eu = loadLawPacks(fileURLToPath(new URL('../../law', import.meta.url))).find(
  ({ id }) => id === 'law.eu',
) as LawPack

test('every Member State has a place of its own, with holidays, in a zone of its own', () => {
  const { places } = eu.calendar
  assert.deepEqual(places.map(({ holidays }) => holidays).sort(), [...eu.members].sort())
  assert.equal(new Set(places.map(({ zone }) => zone)).size, 27)
  for (const { holidays } of places) {
    for (const year of [2026, 2027, 2028, 2029]) {
      assert.ok(holidaysOf(holidays, year).size >= 8, `${holidays} ${year}`)
    }
  }
})

/** Weekdays from Monday to Friday that are holidays, as the texts of the law name them. */
const LISTS: readonly (readonly [what: string, zone: string, year: number, days: string])[] = [
  // Lag (1989:253) om allmänna helgdagar, 1–2 §§; Easter is 28 March, 6 June is a Sunday.
  ['Sweden', 'Europe/Stockholm', 2027, '01-01 01-06 03-26 03-29 05-06'],
  // Algemene termijnenwet, art. 3(1): with 5 May of every year, without Good Friday.
  ['the Netherlands', 'Europe/Amsterdam', 2027, '01-01 03-29 04-27 05-05 05-06 05-17'],
  // Zákon 241/1993 Z. z., §§ 1–2; 17 November as the pack says.
  ['Slovakia', 'Europe/Bratislava', 2027, '01-01 01-06 03-26 03-29 07-05 09-15 11-01 12-24'],
  // Кодекс на труда, чл. 154(1)–(2): what falls on a weekend gives the next working day.
  [
    'Bulgaria',
    'Europe/Sofia',
    2027,
    '01-01 03-03 04-30 05-03 05-04 05-06 05-24 09-06 09-22 12-24 12-27 12-28',
  ],
  ['Cyprus', 'Asia/Nicosia', 2027, '01-01 01-06 03-15 03-25 04-01 04-30 05-03 06-21 10-01 10-28'],
]

for (const [what, zone, year, expected] of LISTS) {
  test(`holidays on weekdays of ${year} in ${what}`, () => {
    const { isHoliday, isWeekend } = workCalendar(eu, holidaysOf, zone)
    const found: string[] = []
    let day = Temporal.PlainDate.from({ year, month: 1, day: 1 })
    for (; day.year === year; day = day.add({ days: 1 })) {
      if (isHoliday(day) && !isWeekend(day)) found.push(day.toString().slice(5))
    }
    assert.equal(found.join(' '), expected)
  })
}

test('a day that one Member State keeps is a working day elsewhere', () => {
  const isHoliday = (zone: string, day: string) =>
    workCalendar(eu, holidaysOf, zone).isHoliday(Temporal.PlainDate.from(day))
  assert.equal(isHoliday('Europe/Warsaw', '2026-12-24'), true)
  assert.equal(isHoliday('Europe/Brussels', '2026-12-24'), false)
  assert.equal(isHoliday('Europe/Berlin', '2028-04-14'), true)
  assert.equal(isHoliday('Europe/Paris', '2028-04-14'), false)
})

test('another name of a zone has the days off of the same place', () => {
  const calendar = (zone: string) => workCalendar(eu, holidaysOf, zone)
  const patricks = Temporal.PlainDate.from('2027-03-17')
  assert.equal(calendar('Europe/Brussels').isHoliday(patricks), false)
  assert.equal(calendar('Eire').isHoliday(patricks), true)
  assert.equal(calendar('Eire').borrowedFrom, null)
  assert.equal(calendar('Asia/Tokyo').borrowedFrom, 'BE')
})
