/**
 * What somebody has begun: it works once, for ten minutes, for what it was made, and
 * nobody who begins takes it away from somebody else.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { postgresAttempts } from '../../src/adapters/sign-in/attempts.ts'
import { MINUTE_MS } from '../../src/base/time.ts'
import { kernelDatabase, parts } from '../support/kernel-database.ts'

const FACTS = { person: 'somebody' }

async function world(t: TestContext) {
  const database = await kernelDatabase(t)
  const clock = { ms: Date.now() }
  const { bytes: randomBytes } = systemRandom
  const made = (keys = parts.atRest) =>
    postgresAttempts({ database, atRest: keys, randomBytes, nowMs: () => clock.ms })
  const rows = () => database.selectFrom('sign_in_attempt').selectAll().execute()
  return { attempts: made(), made, clock, rows }
}

test('ten thousand that are begun keep nothing, and take away nothing', async (t) => {
  const { attempts, rows } = await world(t)
  const own = attempts.begin('proof', FACTS)
  for (let begun = 0; begun < 10_000; begun++) attempts.begin('proof', { person: null })
  assert.deepEqual(attempts.look('proof', own), FACTS)
  assert.deepEqual(await rows(), [])
  assert.equal(await attempts.use('proof', own), true)
})

test('of twenty who bring the same one, one gets in, and none later', async (t) => {
  const { attempts, made, rows } = await world(t)
  const token = attempts.begin('proof', FACTS)
  const used = await Promise.all(Array.from({ length: 20 }, () => attempts.use('proof', token)))
  assert.equal(used.filter(Boolean).length, 1)
  assert.equal(await made().use('proof', token), false, 'nor after a restart')
  assert.ok((await rows()).every((row) => !JSON.stringify(row).includes(token)))
})

test('what strangers make us seal is not under the key of what is stored', async (t) => {
  const { attempts } = await world(t)
  const token = Buffer.from(attempts.begin('proof', FACTS), 'base64url')
  assert.throws(() => parts.atRest.node.open('sign-in-attempt/proof', token), /does not open/)
})

test('one token written in another way is the same token', async (t) => {
  const { attempts } = await world(t)
  const token = attempts.begin('proof', FACTS)
  assert.equal(await attempts.use('proof', token), true)
  // The last letter of base64 may carry bits that mean nothing.
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const same = [...letters]
    .map((letter) => token.slice(0, -1) + letter)
    .filter((other) => Buffer.from(other, 'base64url').equals(Buffer.from(token, 'base64url')))
  assert.ok(same.includes(token))
  for (const other of same) assert.equal(await attempts.use('proof', other), false, other)
})

test('what is over, for something else, changed, or of another node is nothing', async (t) => {
  const { attempts, made, clock } = await world(t)
  const token = attempts.begin('proof', FACTS)
  const foreign = made(atRest(systemRandom.bytes(32))).begin('proof', FACTS)
  const changed = token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
  const bad = [
    foreign,
    changed,
    token.slice(0, -4),
    `${token}AAAA`,
    '',
    'x',
    '%00',
    'A'.repeat(3e4),
  ]
  for (const one of bad) assert.equal(attempts.look('proof', one), undefined, one.slice(0, 40))
  assert.equal(attempts.look('registration', token), undefined)
  assert.deepEqual(attempts.look('proof', token), FACTS)
  clock.ms += 10 * MINUTE_MS
  assert.equal(attempts.look('proof', token), undefined)
})

test('a clock that is set back brings nothing used to life again', async (t) => {
  const { attempts, clock } = await world(t)
  const token = attempts.begin('proof', FACTS)
  assert.equal(await attempts.use('proof', token), true)
  clock.ms += 15 * MINUTE_MS
  await attempts.use('proof', attempts.begin('proof', FACTS))
  clock.ms -= 9 * MINUTE_MS
  assert.deepEqual(attempts.look('proof', token), FACTS, 'not over again')
  assert.equal(await attempts.use('proof', token), false, 'but used')
  clock.ms -= 60 * MINUTE_MS
  assert.equal(attempts.look('proof', token), undefined, 'made in a future that nobody knows')
})
