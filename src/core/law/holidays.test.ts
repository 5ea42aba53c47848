import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { ComityError } from '../../base/errors.ts'
import { holidaysFrom } from './holidays.ts'

const require = createRequire(import.meta.url)

test('opens the library at the first question, once', () => {
  let opened = 0
  const holidaysOf = holidaysFrom(() => {
    opened++
    return require('date-holidays')
  })
  assert.equal(opened, 0)
  holidaysOf('BE', 2026)
  holidaysOf('GB-ENG', 2027)
  assert.equal(opened, 1)
  assert.equal(holidaysOf('BE', 2026), holidaysOf('BE', 2026))
})

const holidaysOf = holidaysFrom(() => require('date-holidays'))

for (const [key, year, holiday, workingDay] of [
  ['BE', 2026, '2026-11-11', '2026-11-12'],
  ['BE', 2027, '2027-03-29', '2027-03-26'],
  ['GB-ENG', 2026, '2026-12-28', '2026-12-29'],
  ['GB-ENG', 2027, '2027-03-26', '2027-11-11'],
  ['US-CA', 2026, '2026-11-26', '2026-11-25'],
  ['FR', 2027, '2027-01-01', '2027-01-04'],
] as const) {
  test(`${key}: ${holiday} is a public holiday, ${workingDay} is none`, () => {
    const days: ReadonlySet<string> = holidaysOf(key, year)
    assert.ok(days.has(holiday))
    assert.ok(!days.has(workingDay))
  })
}

for (const [key, year] of [
  ['XX', 2026],
  ['be', 2026],
  ['', 2026],
  ['BE', 1999],
  ['BE', 2101],
] as const) {
  test(`no holidays are invented for ${key || 'nothing'} ${year}`, () => {
    assert.throws(
      () => holidaysOf(key, year),
      (error) => error instanceof ComityError && error.reason === 'no-holidays',
    )
  })
}
