import assert from 'node:assert/strict'
import test from 'node:test'
import { addMs, instant, MINUTE_MS, SECOND_MS } from '../../base/time.ts'
import { BASIC_LIMITS, basicIntake } from './basic-intake.ts'

const NOW = instant('2026-11-22T10:00:00.000Z')
const later = (minutes: number) => addMs(NOW, minutes * MINUTE_MS)
const drain = (intake: ReturnType<typeof basicIntake>, count: number, at = NOW) => {
  let taken = 0
  for (let n = 0; n < count; n += 1) if (intake.take(at).isTaken) taken += 1
  return taken
}

test('so many at once, then one for each refill, and no more', () => {
  const intake = basicIntake(BASIC_LIMITS)
  assert.equal(drain(intake, 500), 120)
  assert.deepEqual(intake.take(NOW), { isTaken: false, from: later(1) })
  assert.equal(drain(intake, 10, later(1)), 1)
  assert.deepEqual(intake.take(addMs(later(1), 30 * SECOND_MS)), { isTaken: false, from: later(2) })
  assert.equal(drain(intake, 500, later(61)), 60, 'an hour gives sixty')
  assert.equal(drain(intake, 500, later(10_000)), 120, 'and never more than it holds')
})

test('a clock that is set back fills nothing and takes nothing away', () => {
  const intake = basicIntake({ ...BASIC_LIMITS, burst: 2 })
  assert.equal(drain(intake, 2), 2)
  assert.equal(intake.take(later(-600)).isTaken, false)
  assert.equal(drain(intake, 9, later(-599)), 1)
})

const DWELLS = [
  [0, 10],
  [60, 10],
  [61, 20],
  [90, 20],
  [91, 40],
  [105, 40],
  [106, 80],
  [119, 600],
  [120, 600],
] as const
for (const [taken, seconds] of DWELLS) {
  test(`after ${taken} reports at once a form must be open for ${seconds} s`, () => {
    const intake = basicIntake(BASIC_LIMITS)
    drain(intake, taken)
    assert.equal(intake.dwellSeconds(NOW), seconds)
  })
}

test('the wait comes down again as the bucket fills', () => {
  const intake = basicIntake(BASIC_LIMITS)
  drain(intake, 120)
  assert.equal(intake.dwellSeconds(NOW), 600)
  assert.equal(intake.dwellSeconds(later(30)), 20)
  assert.equal(intake.dwellSeconds(later(60)), 10)
})

test('no dwelling asked for stays none, however full it is', () => {
  const intake = basicIntake({ perHour: 60, burst: 2, dwellSeconds: 0 })
  drain(intake, 2)
  assert.equal(intake.dwellSeconds(NOW), 0)
})
