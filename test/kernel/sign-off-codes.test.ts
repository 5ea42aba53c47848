/** Codes with which an officer signs off a law pack from the command line. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { postgresSignOffCodes } from '../../src/adapters/postgres/law/sign-off-codes.ts'
import { postgresPeople } from '../../src/adapters/postgres/people/people.ts'
import { systemRandom as random } from '../../src/adapters/random.ts'
import { instantFromMs, MINUTE_MS } from '../../src/base/time.ts'
import { kernelDatabase, keys } from '../support/kernel-database.ts'

test('a code works once, for ten minutes, and is kept as a hash only', async (t) => {
  const database = await kernelDatabase(t)
  let aheadMs = 0
  const wireNow = () => instantFromMs(Date.UTC(2026, 10, 23, 9) + aheadMs)
  const codes = postgresSignOffCodes({ database, clocks: { wireNow }, random })
  const id = randomUUID()
  await postgresPeople({ database, atRest: keys, random }).enrol({
    ...{ id, name: 'Ada (invented)', roles: ['reviewer'], sealingRecipient: 'age1invented' },
  })
  const first = await codes.make(id, 'law.zz')
  assert.equal(first.expiresAt, instantFromMs(Date.UTC(2026, 10, 23, 9, 10)))
  const rows = await database.selectFrom('law_sign_off_code').selectAll().execute()
  assert.equal(rows.length, 1)
  assert.ok(!JSON.stringify(rows).includes(first.code))
  for (const wrong of ['', 'abc', first.code.slice(1), `${first.code}A`, 'x'.repeat(10_000)]) {
    assert.equal(await codes.use(wrong), undefined)
  }
  const both = await Promise.all([codes.use(first.code), codes.use(first.code)])
  const used = both.filter((each) => each !== undefined)
  assert.deepEqual(used, [{ officer: id, pack: 'law.zz', madeAt: wireNow() }])
  assert.equal(await codes.use(first.code), undefined)

  const second = await codes.make(id, 'law.zz')
  assert.notEqual(second.code, first.code)
  aheadMs = 10 * MINUTE_MS
  assert.equal(await codes.use(second.code), undefined, 'too old')
  aheadMs = -1000
  assert.equal(await codes.use(second.code), undefined, 'from the future: a clock went back')
})
