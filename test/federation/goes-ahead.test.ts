/** What gets its number first, and what is made while something else is under way. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TRANSACTION_MESSAGES_MAX } from '../../src/wire/exchange/transaction.ts'
import { applyAsEffect, type NodeOptions } from '../support/exchange-node.ts'
import { B, openMessages, type Pair, until, withPair } from '../support/exchange-pair.ts'

const FULL = TRANSACTION_MESSAGES_MAX

test('a retraction gets its number before whatever waits, and the rest keeps its order', async () => {
  await withPair(async ({ a, b }) => {
    const waiting = await notes(a, FULL + 10)
    const called = await a.enqueue({ destination: B, type: 'retraction', content: { n: 'back' } })
    const again = await a.enqueue({ destination: B, type: 'retraction', content: { n: 'again' } })
    while ((await a.deliverer.deliverOnce(B)).kind === 'delivered');
    const arrived = await b.effects()
    assert.deepEqual(
      arrived.map(({ id }) => id),
      [called, again, ...waiting],
    )
    assert.deepEqual(
      arrived.map(({ seq }) => Number(seq)),
      arrived.map((_, index) => index + 1),
    )
  })
})

test('a full batch is made while another is under way, and what is taken out of it never leaves', async () => {
  const gate = gateAt(FULL + 1)
  await withPair(
    openedAtEnd(gate, async ({ a, b }) => {
      const ids = await notes(a, 3 * FULL + 1)
      await underWay(a, gate)
      await until('the third batch is made', async () => (await batches(a)) === 2)
      const [inIt, behindIt] = [ids[2 * FULL], ids[3 * FULL]] as [string, string]
      await a.db.transaction().execute(async (tx) => {
        await a.outbox.eraseMessage(tx as never, inIt)
        assert.equal(await a.outbox.takeBack(tx as never, behindIt), true, 'the fourth is not')
      })
      assert.equal(await batches(a), 1)
      gate.open()
      await until('all have receipts', async () => (await openMessages(a)) === 0)
      const arrived = (await b.effects()).map(({ id }) => id)
      assert.deepEqual(
        arrived,
        ids.filter((id) => id !== inIt && id !== behindIt),
      )
      const { decision } = await a.db
        .selectFrom('fed_out')
        .select('decision')
        .where('id', '=', inIt)
        .executeTakeFirstOrThrow()
      assert.equal(decision, 'rejected')
      assert.deepEqual([a.faults, b.faults, a.alarms, b.alarms], [[], [], [], []])
    }),
    { apply: gate.apply },
  )
})

test('what does not fill a batch waits without a number while another is under way', async () => {
  const gate = gateAt(FULL + 1)
  await withPair(
    openedAtEnd(gate, async ({ a }) => {
      const ids = await notes(a, 2 * FULL + 1)
      await underWay(a, gate)
      const back = () =>
        a.db.transaction().execute((tx) => a.outbox.takeBack(tx as never, ids[2 * FULL] as string))
      assert.equal(await back(), true)
      gate.open()
      await until('all have receipts', async () => (await openMessages(a)) === 0)
    }),
    { apply: gate.apply },
  )
})

/** So that a test that fails ends. */
function openedAtEnd(gate: ReturnType<typeof gateAt>, work: (pair: Pair) => Promise<void>) {
  return (pair: Pair) => work(pair).finally(gate.open)
}

/** Until the effects of the gate's batch begin. */
async function underWay({ deliverer }: Pair['a'], gate: ReturnType<typeof gateAt>): Promise<void> {
  deliverer.start()
  deliverer.wake(B)
  await gate.reached
}

async function notes(a: Pair['a'], count: number): Promise<readonly string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n++) ids.push(await a.enqueue({ destination: B, content: { n } }))
  return ids
}

async function batches({ db }: Pair['a']): Promise<number> {
  return (await db.selectFrom('fed_out_transaction').select('id').execute()).length
}

/** The effect of the message with this number, and of those after it, waits until it is opened. */
function gateAt(seq: number) {
  const reached = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  const apply: NodeOptions['apply'] = async (tx, message) => {
    if (message.header.seq >= seq) {
      reached.resolve()
      await opened.promise
    }
    return applyAsEffect(tx, message)
  }
  return { apply, reached: reached.promise, open: () => opened.resolve() }
}
