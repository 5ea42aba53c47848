import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseClock } from '../../src/adapters/postgres/case-clock.ts'
import { DAY_MS, msOf } from '../../src/base/time.ts'
import { kernelDatabase } from '../support/kernel-database.ts'

test('case time runs ahead by what was set, wire time never', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 10, 22) })
  const clock = await caseClock(await kernelDatabase(t), 'demo')
  assert.equal(clock.caseNow(), clock.wireNow())
  await clock.advanceTo(3 * DAY_MS)
  assert.equal(clock.caseOffsetMs(), 3 * DAY_MS)
  assert.equal(msOf(clock.caseNow()) - msOf(clock.wireNow()), 3 * DAY_MS)
  assert.equal(clock.wireNow(), '2026-11-22T00:00:00.000Z')
})

test('the offset only grows, whoever sets it and in whatever order', async (t) => {
  const database = await kernelDatabase(t)
  const [first, second] = [await caseClock(database, 'demo'), await caseClock(database, 'demo')]
  await first.advanceTo(5 * DAY_MS)
  await first.advanceTo(DAY_MS)
  await first.advanceTo(0)
  assert.equal(first.caseOffsetMs(), 5 * DAY_MS)
  await second.advanceTo(2 * DAY_MS)
  assert.equal(second.caseOffsetMs(), 5 * DAY_MS)
  await Promise.all([9, 7, 8].map((days) => second.advanceTo(days * DAY_MS)))
  assert.equal((await caseClock(database, 'demo')).caseOffsetMs(), 9 * DAY_MS)
})

test('outside the demonstration the offset is 0 and cannot be set', async (t) => {
  const database = await kernelDatabase(t)
  await (await caseClock(database, 'demo')).advanceTo(DAY_MS)
  const clock = await caseClock(database, 'production')
  await assert.rejects(clock.advanceTo(2 * DAY_MS), { code: 'malformed' })
  assert.equal(clock.caseOffsetMs(), 0)
  assert.equal((await caseClock(database, 'demo')).caseOffsetMs(), DAY_MS)
})

test('what is no offset changes nothing', async (t) => {
  const clock = await caseClock(await kernelDatabase(t), 'demo')
  await clock.advanceTo(DAY_MS)
  for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 4 * 366 * DAY_MS]) {
    await assert.rejects(clock.advanceTo(bad), { code: 'malformed' }, String(bad))
  }
  assert.equal(clock.caseOffsetMs(), DAY_MS)
})
