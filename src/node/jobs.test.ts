import assert from 'node:assert/strict'
import { test } from 'node:test'
import { msToBeat } from './jobs.ts'

const HOUR = 3_600_000

test('a batch closes in the middle of each hour, wherever the clock stands', () => {
  const halfPast = HOUR / 2
  for (const [now, wait] of [
    [0, halfPast],
    [1, halfPast - 1],
    [halfPast - 1, 1],
    // At the beat itself the next one is meant.
    [halfPast, HOUR],
    [halfPast + 1, HOUR - 1],
    [HOUR, halfPast],
    [24 * HOUR + halfPast + 90, HOUR - 90],
  ] as const) {
    assert.equal(msToBeat(now, HOUR), wait, String(now))
  }
})

test('how long a run took does not move the next', () => {
  for (const took of [0, 5, 900, 1499]) {
    const now = 3000 * 7 + 1500 + took
    assert.equal(now + msToBeat(now, 3000), 3000 * 8 + 1500)
  }
  assert.equal(msToBeat(10, 1), 1)
})
