/** Setup code and invitations: wrong, expired, withdrawn, used and replaced codes open nothing. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { systemRandom as random } from '../../src/adapters/random.ts'
import { postgresEnrolments } from '../../src/adapters/sign-in/enrolments.ts'
import { DAY_MS, HOUR_MS } from '../../src/base/time.ts'
import { kernelDatabase, keys } from '../support/kernel-database.ts'

const WRONG = 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'
const person = () => ({
  id: random.uuid(),
  name: 'Odo Fern (invented)',
  roles: ['reviewer'] as const,
})

async function world(t: TestContext) {
  const database = await kernelDatabase(t)
  const enrolments = postgresEnrolments({ database, atRest: keys, random })
  const rows = () => database.selectFrom('enrolment').selectAll().execute()
  const notices = () => database.selectFrom('sign_in_notice').select('kind').execute()
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
  const pass = (ms: number) => t.mock.timers.setTime(Date.now() + ms)
  return { database, enrolments, rows, notices, pass }
}

test('a code works until it ends, and its ticket no longer than it', async (t) => {
  const { enrolments, pass } = await world(t)
  for (const [kind, lastsMs] of [
    ['setup', DAY_MS],
    ['invitation', 7 * DAY_MS],
  ] as const) {
    const { id, code } = await enrolments.make(kind, person())
    const place = kind === 'setup' ? 'setup' : id
    pass(lastsMs - 1)
    const { ticket = '' } = (await enrolments.acceptCode(place, code)) ?? {}
    assert.ok(await enrolments.peek(ticket), kind)
    pass(1)
    assert.equal(await enrolments.acceptCode(place, code), undefined, kind)
    assert.equal(await enrolments.peek(ticket), undefined, kind)
    assert.equal(await enrolments.finish(ticket), undefined, kind)
  }
})

test('a code that was withdrawn, used, or belongs to another place opens nothing', async (t) => {
  const { enrolments } = await world(t)
  const [first, second, third] = [
    await enrolments.make('invitation', person()),
    await enrolments.make('invitation', person()),
    await enrolments.make('invitation', person()),
  ]
  assert.ok(first && second && third)
  await enrolments.withdraw(first.id)
  assert.equal(await enrolments.acceptCode(first.id, first.code), undefined)
  assert.equal(await enrolments.acceptCode(second.id, third.code), undefined)
  assert.equal(await enrolments.acceptCode('setup', third.code), undefined)
  const { ticket = '' } = (await enrolments.acceptCode(second.id, second.code)) ?? {}
  const finished = await Promise.all(Array.from({ length: 10 }, () => enrolments.finish(ticket)))
  assert.equal(finished.filter(Boolean).length, 1, 'of many at once one gets it')
  assert.equal(await enrolments.acceptCode(second.id, second.code), undefined)
  for (const id of ['', 'x', `${third.id}'`, random.uuid()]) {
    assert.equal(await enrolments.acceptCode(id, third.code), undefined, id)
  }
  assert.ok(await enrolments.acceptCode(third.id, third.code))
})

test('a new setup code ends the one before', async (t) => {
  const { enrolments } = await world(t)
  const first = await enrolments.make('setup', person())
  const begun = await enrolments.acceptCode('setup', first.code)
  const second = await enrolments.make('setup', person())
  assert.equal(await enrolments.acceptCode('setup', first.code), undefined)
  assert.equal(await enrolments.finish(begun?.ticket ?? ''), undefined)
  assert.ok(await enrolments.acceptCode('setup', second.code))
})

test('wrong tries take nothing from the setup code, whose address everybody knows', async (t) => {
  const { enrolments, rows, notices } = await world(t)
  const { id, code } = await enrolments.make('setup', person())
  for (let tries = 0; tries < 200; tries++) {
    assert.equal(await enrolments.acceptCode('setup', WRONG), undefined)
  }
  assert.equal(await enrolments.acceptCode(id, code), undefined, 'it has no other address')
  assert.deepEqual(
    (await rows()).map(({ tries_left }) => tries_left),
    [10],
  )
  assert.deepEqual(await notices(), [])
  assert.ok(await enrolments.acceptCode('setup', code))
})

test('wrong tries empty an invitation, also all at once, and an administrator is told once', async (t) => {
  const { enrolments, notices, pass } = await world(t)
  const [one, other] = [
    await enrolments.make('invitation', person()),
    await enrolments.make('invitation', person()),
  ]
  await Promise.all(Array.from({ length: 25 }, () => enrolments.acceptCode(one.id, WRONG)))
  assert.equal(await enrolments.acceptCode(one.id, one.code), undefined)
  assert.deepEqual(await notices(), [{ kind: 'codeEmptied' }])
  for (let tries = 0; tries < 9; tries++) await enrolments.acceptCode(other.id, WRONG)
  pass(HOUR_MS)
  for (let right = 0; right < 12; right++) {
    assert.ok(await enrolments.acceptCode(other.id, other.code), 'a right one uses up no try')
  }
})
