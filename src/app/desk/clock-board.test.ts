import assert from 'node:assert/strict'
import { test } from 'node:test'
import { icalFiles } from '../../adapters/calendar/ical.ts'
import { instant } from '../../base/time.ts'
import type { ClockRow } from '../ports/registers.ts'
import { calendarEntries, onBoard } from './clock-board.ts'

const row: ClockRow = {
  caseId: '0192d7f0-0000-7000-8000-000000000001',
  caseTitle: 'A title that stays at home',
  caseOpenedAt: instant('2026-11-01T00:00:00.000Z'),
  clock: 'eu.ai_act/sir_general',
  legalOrder: 'EU',
  state: 'due',
  // Saturday 29 January 2028 is the last day of the strict count, Monday 31 of the legal one.
  strictDue: '2028-01-30T00:00:00+00:00[Europe/Dublin]',
  legalDue: '2028-02-01T00:00:00+00:00[Europe/Dublin]',
}

const near: readonly [now: string, nearness: string, state: string][] = [
  ['2028-01-20T00:00:00.000Z', 'later', 'due'],
  ['2028-01-23T00:00:00.000Z', 'week', 'due'],
  ['2028-01-28T23:59:59.999Z', 'week', 'due'],
  ['2028-01-29T00:00:00.000Z', 'day', 'due'],
  ['2028-01-29T23:59:59.999Z', 'day', 'due'],
  ['2028-01-30T00:00:00.000Z', 'strictPassed', 'due'],
  ['2028-01-31T23:59:59.999Z', 'strictPassed', 'due'],
  ['2028-02-01T00:00:00.000Z', 'passed', 'overdue'],
]
for (const [now, nearness, state] of near) {
  test(`at ${now} a clock of 29 and 31 January is ${nearness} and ${state}`, () => {
    const shown = onBoard(row, instant(now))
    assert.deepEqual([shown.nearness, shown.state], [nearness, state])
  })
}

test('a date that does not bind passes without becoming overdue', () => {
  const shown = onBoard({ ...row, state: 'confirm' }, instant('2028-03-01T00:00:00.000Z'))
  assert.deepEqual([shown.nearness, shown.state], ['passed', 'confirm'])
})

test('a period that one waits for ends, and nobody is late', () => {
  const shown = onBoard(row, instant('2028-03-01T00:00:00.000Z'), true)
  assert.deepEqual([shown.nearness, shown.state], ['passed', 'due'])
})

test('what is met is near to nothing', () => {
  const shown = onBoard({ ...row, state: 'met' }, instant('2028-03-01T00:00:00.000Z'))
  assert.deepEqual([shown.nearness, shown.state], ['undated', 'met'])
})

test('a calendar names the last day in time, and no title of a case', () => {
  const now = instant('2028-01-20T00:00:00.000Z')
  const undated: ClockRow = { ...row, state: 'qualitative', strictDue: null, legalDue: null }
  const hours: ClockRow = {
    ...row,
    clock: 'eu.gdpr/breach_sa',
    strictDue: '2028-01-22T10:00:00+01:00[Europe/Paris]',
  }
  const rows = [row, undated, hours].map((one) => onBoard(one, now))
  const words = { title: (one: ClockRow) => one.clock, text: () => 'The stricter date; of two.' }
  const entries = calendarEntries(rows, 'meridia.example', words)
  const text = Buffer.from(icalFiles.write('Clocks', entries, now)).toString()
  assert.match(text, /^BEGIN:VCALENDAR\r\n/)
  assert.equal(text.match(/BEGIN:VEVENT/g)?.length, 2)
  assert.match(text, /DTSTART;VALUE=DATE:20280129\r\n/)
  assert.match(text, /DTSTART:20280122T090000Z\r\n/)
  assert.match(text, /DTSTAMP:20280120T000000Z\r\n/)
  assert.match(text, /The stricter date\\; of two\./)
  assert.ok(!text.includes('stays at home'))
  assert.ok(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75))
})
