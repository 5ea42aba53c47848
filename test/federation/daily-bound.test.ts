/** The bound of messages that a node takes from a peer on one day, over two nodes. */
import assert from 'node:assert/strict'
import test, { beforeEach } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { DailyBound } from '../../src/adapters/postgres/federation/taken-today.ts'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../src/base/time.ts'
import type { NodeOptions } from '../support/exchange-node.ts'
import { A, B, openMessages, type Pair, until, withPair } from '../support/exchange-pair.ts'

const bound: DailyBound = {
  messagesPerDay: 3,
  isNeverBound: (type) => type === 'retraction',
}

/** The day of UTC must not end under a test: shortly before midnight it waits for the next. */
beforeEach(async () => {
  const leftMs = DAY_MS - (Date.now() % DAY_MS)
  if (leftMs < MINUTE_MS) await pause(leftMs + SECOND_MS)
})

const textsOf = async ({ b }: Pair) =>
  (await b.effects()).map(({ content }) => (JSON.parse(content) as { text: string }).text)

const waitingOf = async ({ a }: Pair) =>
  (await a.db.selectFrom('fed_out_pending').selectAll().orderBy('place').execute()).map(
    ({ id }) => id,
  )

/** As if it were midnight since: on both sides the day is one earlier. */
async function nextDay({ a, b }: Pair) {
  await sql`update fed_out_pending set not_before = not_before - interval '1 day'`.execute(a.db)
  await sql`update fed_in_day set day = day - 1`.execute(b.db)
}

test('one too many for a day is refused with its rule, and comes in the next day, once', async () => {
  const receipts: { id: string; decision: string; rule: string | undefined }[] = []
  const onReceipts: NodeOptions['onReceipts'] = async (_, given) => {
    for (const { id, signed } of given) {
      const { decision, rule } = signed.receipt
      receipts.push({ id, decision, rule })
    }
  }
  await withPair(
    async (pair) => {
      const { a, b } = pair
      const ids: string[] = []
      for (let n = 1; n <= 6; n++) {
        ids.push(await a.enqueue({ destination: B, content: { text: `note ${n}` } }))
      }
      assert.equal((await a.deliverer.deliverOnce(B)).kind, 'delivered')
      assert.deepEqual(await textsOf(pair), ['note 1', 'note 2', 'note 3'])
      assert.deepEqual(await waitingOf(pair), ids.slice(3))
      assert.deepEqual(
        receipts.map(({ decision, rule }) => [decision, rule]),
        [
          ...Array.from({ length: 3 }, () => ['applied', undefined]),
          ...Array.from({ length: 3 }, () => ['rejected', 'exchange:dailyBound']),
        ],
      )
      assert.deepEqual(b.alarms, [{ kind: 'peer-bound-reached', peer: A, taken: 3 }])
      assert.deepEqual(a.alarms, [{ kind: 'our-bound-reached', peer: B }])
      // Today nothing of it is tried again.
      assert.equal((await a.deliverer.deliverOnce(B)).kind, 'idle')
      await nextDay(pair)
      assert.equal((await a.deliverer.deliverOnce(B)).kind, 'delivered')
      assert.deepEqual(
        await textsOf(pair),
        [1, 2, 3, 4, 5, 6].map((n) => `note ${n}`),
      )
      assert.deepEqual(await waitingOf(pair), [])
      assert.deepEqual(
        receipts.slice(6).map(({ id, decision }) => [id, decision]),
        ids.slice(3).map((id) => [id, 'applied']),
      )
      assert.equal(await openMessages(a), 0)
      assert.deepEqual([a.faults, b.faults], [[], []])
    },
    { bound },
    { onReceipts },
  )
})

test('what is never bound comes in though the day is full, and the bound outlives a restart', async () => {
  await withPair(
    async (pair) => {
      const { a, b } = pair
      for (let n = 1; n <= 4; n++) {
        await a.enqueue({ destination: B, content: { text: `note ${n}` } })
      }
      await a.deliverer.deliverOnce(B)
      await a.enqueue({ destination: B, content: { text: 'note 5' } })
      await a.enqueue({ destination: B, type: 'retraction', content: { text: 'called back' } })
      await a.deliverer.deliverOnce(B)
      assert.deepEqual(await textsOf(pair), ['note 1', 'note 2', 'note 3', 'called back'])
      // Counted in the database, with what was never bound.
      const rows = await b.db.selectFrom('fed_in_day').select(['origin', 'messages']).execute()
      assert.deepEqual(rows, [{ origin: A, messages: 4 }])
      assert.equal((await waitingOf(pair)).length, 2)
      // Other peers have a day of their own.
      await b.enqueue({ destination: A, content: { text: 'an answer' } })
      await b.deliverer.deliverOnce(A)
      assert.equal((await a.effects()).length, 1)
    },
    { bound },
  )
})

test('each day takes its number, and they come in one after the other until none waits', async () => {
  await withPair(
    async (pair) => {
      const { a } = pair
      for (let n = 1; n <= 8; n++) {
        await a.enqueue({ destination: B, content: { text: `note ${n}` } })
      }
      for (const had of [3, 6, 8]) {
        await until('the day is over', async () => {
          return (await a.deliverer.deliverOnce(B)).kind === 'idle'
        })
        assert.equal((await textsOf(pair)).length, had)
        await nextDay(pair)
      }
      assert.deepEqual(
        await textsOf(pair),
        [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `note ${n}`),
      )
    },
    { bound },
  )
})

test('what waits for the next day had left: it is taken back without saying that it had not', async () => {
  await withPair(
    async (pair) => {
      const { a } = pair
      const ids: string[] = []
      for (let n = 1; n <= 5; n++) {
        ids.push(await a.enqueue({ destination: B, content: { text: `note ${n}` } }))
      }
      await a.deliverer.deliverOnce(B)
      const takeBack = (id = '') =>
        a.db.transaction().execute((tx) => a.outbox.takeBack(tx as never, id))
      assert.equal(await takeBack(ids[3]), false)
      await nextDay(pair)
      await a.deliverer.deliverOnce(B)
      assert.deepEqual(await textsOf(pair), ['note 1', 'note 2', 'note 3', 'note 5'])
    },
    { bound },
  )
})
