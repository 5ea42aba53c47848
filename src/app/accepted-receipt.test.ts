import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../base/time.ts'
import { endOfDay } from './accepted-receipt.ts'

test('two filings of one day say the same time, whenever they came', () => {
  for (const [at, end] of [
    ['2027-01-15T00:00:00.001Z', '2027-01-16T00:00:00.000Z'],
    ['2027-01-15T13:07:41.532Z', '2027-01-16T00:00:00.000Z'],
    ['2027-01-15T23:59:59.999Z', '2027-01-16T00:00:00.000Z'],
    ['2027-01-16T00:00:00.000Z', '2027-01-16T00:00:00.000Z'],
    ['2027-12-31T12:00:00.000Z', '2028-01-01T00:00:00.000Z'],
  ] as const) {
    assert.equal(endOfDay(instant(at)), end)
  }
})
