import assert from 'node:assert/strict'
import test from 'node:test'
import { dayOf, dueOf } from './due.ts'

test('a period of days ends with its last day, wherever clocks change', () => {
  assert.deepEqual(dueOf('2026-12-07T00:00:00+01:00[Europe/Brussels]'), { on: '2026-12-06' })
  assert.deepEqual(dueOf('2026-03-30T00:00:00+02:00[Europe/Brussels]'), { on: '2026-03-29' })
})

test('a period of hours ends at its moment', () => {
  const due = dueOf('2026-12-07T10:30:00+01:00[Europe/Brussels]')
  assert.deepEqual(due, { at: '2026-12-07T09:30:00.000Z' })
})

test('a step is shown with its day', () => {
  assert.equal(dayOf('2026-12-06'), '2026-12-06')
  assert.equal(dayOf('2026-12-06T09:00:00+01:00[Europe/Brussels]'), '2026-12-06')
})
