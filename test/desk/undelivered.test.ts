/** What was given up: listed without what it says, tried again, dropped. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sendWaitingMail } from '../../src/adapters/mail/mail-queue.ts'
import { postgresNotices } from '../../src/adapters/postgres/desk/notices.ts'
import { postgresUndelivered } from '../../src/adapters/postgres/desk/undelivered.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { DAY_MS, instantFromMs } from '../../src/base/time.ts'
import { kernelDatabase, keys } from '../support/kernel-database.ts'

const CANARY = 'canary@authority.example'
const OFFICER = '01890000-0000-7000-8000-000000000001'

async function world(t: TestContext) {
  const database = await kernelDatabase(t)
  const undelivered = postgresUndelivered(database)
  const notices = postgresNotices(database, keys, systemRandom)
  const now = { ms: Date.now() }
  const sent: string[] = []
  const round = (isThere: boolean) =>
    sendWaitingMail({
      database,
      atRest: keys,
      nowMs: () => now.ms,
      send: async ({ to }) => {
        if (!isThere) throw Object.assign(new Error(CANARY), { responseCode: 550 })
        sent.push(to)
      },
    })
  await notices.queue(
    {
      officer: OFFICER,
      address: CANARY,
      subject: 'canary subject',
      text: 'canary text',
      sendAt: instantFromMs(now.ms),
    },
    {},
  )
  await database.insertInto('hook_endpoint').values({ name: 'register' }).execute()
  const dead = { endpoint: 'register', body: '{"link":"canary"}', state: 'dead' } as const
  const hook = {
    ...dead,
    id: systemRandom.uuid(),
    next_at: new Date(),
    ended_at: new Date(now.ms - 1000),
  }
  await database
    .insertInto('hook_delivery')
    .values({ ...hook, fault: 'unreachable' })
    .execute()
  return { database, undelivered, now, sent, round, hook }
}

test('what was given up is listed with whom it was for and why, and with nothing that it says', async (t) => {
  const { undelivered, round } = await world(t)
  assert.equal((await undelivered.list()).length, 1, 'a mail that waits is not given up')
  await round(false)
  const items = await undelivered.list()
  assert.deepEqual(
    items.map(({ kind, fault, isKept }) => ({ kind, fault, isKept })),
    [
      { kind: 'mail', fault: 'refused', isKept: true },
      { kind: 'hook', fault: 'unreachable', isKept: true },
    ],
  )
  assert.equal(items[0]?.officer, OFFICER)
  assert.equal(items[1]?.endpoint, 'register')
  assert.doesNotMatch(JSON.stringify(items), /canary/)
})

test('tried again it arrives, and is in the list no more', async (t) => {
  const { undelivered, round, sent, now, hook, database } = await world(t)
  await round(false)
  const [mail] = await undelivered.list()
  assert.equal(await undelivered.again('mail', mail?.id ?? ''), true)
  assert.equal(await undelivered.again('mail', mail?.id ?? ''), false, 'it waits already')
  now.ms += 1000
  assert.deepEqual(await round(true), { sent: 1, delayed: 0, failed: 0 })
  assert.deepEqual(sent, [CANARY])
  assert.equal(await undelivered.again('hook', hook.id), true)
  assert.deepEqual(await undelivered.list(), [])
  const row = await database.selectFrom('hook_delivery').selectAll().executeTakeFirstOrThrow()
  assert.deepEqual([row.state, row.attempts, row.fault], ['waiting', 0, null])
})

test('dropped it is gone; what is no such thing changes nothing', async (t) => {
  const { undelivered, round, hook, database } = await world(t)
  await round(false)
  const [mail] = await undelivered.list()
  for (const [kind, id] of [
    ['hook', mail?.id ?? ''],
    ['mail', hook.id],
    ['mail', 'x'],
    ['mail', "' or 1=1 --"],
  ] as const) {
    assert.equal(await undelivered.drop(kind, id), false, id)
    assert.equal(await undelivered.again(kind, id), false, id)
  }
  assert.equal((await undelivered.list()).length, 2)
  assert.equal(await undelivered.drop('mail', mail?.id ?? ''), true)
  assert.equal(await undelivered.drop('hook', hook.id), true)
  assert.deepEqual(await database.selectFrom('mail_out').selectAll().execute(), [])
})

test('after a week a mail that was given up can only be dropped', async (t) => {
  const { undelivered, round, now } = await world(t)
  await round(false)
  now.ms += 7 * DAY_MS
  await round(true)
  const [mail] = (await undelivered.list()).filter(({ kind }) => kind === 'mail')
  assert.equal(mail?.isKept, false)
  assert.equal(await undelivered.again('mail', mail?.id ?? ''), false)
  assert.equal(await undelivered.drop('mail', mail?.id ?? ''), true)
})
