/**
 * A transaction leaves while the receipts of the one before are put on record: when it may,
 * what happens when either fails, and that nothing is lost, doubled or sent as other bytes.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Transport } from '../../src/adapters/peers/http-transport.ts'
import { httpTransport } from '../../src/adapters/peers/http-transport.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { unavailable } from '../../src/base/errors.ts'
import type { HttpResponse } from '../../src/wire/http-message.ts'
import { A, B, openMessages, type Pair, until, withPair } from '../support/exchange-pair.ts'

const EACH = 50
const TRANSACTIONS = 4
const ALL = EACH * TRANSACTIONS

type Sent = { readonly id: string; readonly body: string }

/** What leaves, in order, and what a test does to the answer of the nth different transaction. */
function watch(answered: (nth: number, answer: HttpResponse) => Promise<HttpResponse>) {
  const sent: Sent[] = []
  const plain = httpTransport()
  const transport: Transport = async (request, signal) => {
    const [, id = ''] = /transactions\/([^/]+)$/.exec(request.targetUri) ?? []
    sent.push({ id, body: Buffer.from(request.body).toString() })
    const nth = [...new Set(sent.map((one) => one.id))].indexOf(id) + 1
    return answered(nth, await plain(request, signal))
  }
  return { sent, transport, ids: () => [...new Set(sent.map(({ id }) => id))] }
}

async function queue({ a }: Pair): Promise<void> {
  const messages = Array.from({ length: ALL }, (_, n) => ({ destination: B, content: { n } }))
  await a.enqueueAll(messages)
}

/** Every message once and in order, and the same bytes whenever an id came again. */
async function requireArrived({ a, b }: Pair, sent: readonly Sent[]): Promise<void> {
  await until('all have receipts', async () => (await openMessages(a)) === 0)
  const contents = (await b.effects()).map(({ content }) => content)
  assert.deepEqual(
    contents,
    Array.from({ length: ALL }, (_, n) => `{"n":${n}}`),
  )
  requireSameBytes(sent)
  assert.deepEqual(await a.db.selectFrom('fed_out_transaction').selectAll().execute(), [])
  assert.deepEqual([a.alarms, b.alarms, b.faults], [[], [], []])
}

function requireSameBytes(sent: readonly Sent[]): void {
  const bodies = new Set(sent.map(({ id, body }) => `${id} ${body}`))
  assert.equal(bodies.size, new Set(sent.map(({ id }) => id)).size)
}

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: resolve, opened: promise }
}

const undecided = async ({ a }: Pair) => {
  const rows = await a.db
    .selectFrom('fed_out')
    .select('seq')
    .where('decision', 'is', null)
    .orderBy('seq')
    .execute()
  return rows.map(({ seq }) => Number(seq))
}

const storedIn = async ({ db }: Pair['a']) =>
  (await db.selectFrom('fed_out_transaction').select('id').execute()).length

test('the next transaction is on its way while the receipts of the last are put on record', async () => {
  const held = gate()
  let recorded = 0
  const onReceipts = async () => {
    recorded += 1
    if (recorded === 2) await held.opened
  }
  const seen = watch(async (_, answer) => answer)
  await withPair(
    async (pair) => {
      await queue(pair)
      const deliverer = pair.a.delivererOver(seen.transport)
      deliverer.start()
      try {
        await until('the third has left', async () => seen.ids().length === 3)
        // Nothing goes further than one beyond what is on record.
        await until('the third has arrived', async () => (await pair.b.effects()).length === 150)
        assert.equal((await undecided(pair))[0], EACH + 1)
        assert.equal(seen.ids().length, 3)
        held.open()
        await requireArrived(pair, seen.sent)
        assert.equal(seen.sent.length, TRANSACTIONS)
        assert.equal(recorded, TRANSACTIONS)
      } finally {
        held.open()
        await deliverer.stop()
      }
    },
    {},
    { onReceipts },
  )
})

test('a process that ends before they are on record leaves both to be sent again, as they were', async () => {
  let recorded = 0
  const third = gate()
  const onReceipts = async () => {
    recorded += 1
    if (recorded !== 2) return
    await third.opened
    throw unavailable('the database went away')
  }
  const seen = watch(async (nth, answer) => {
    if (nth === 3) third.open()
    return answer
  })
  await withPair(
    async (pair) => {
      await queue(pair)
      const deliverer = pair.a.delivererOver(seen.transport)
      deliverer.start()
      try {
        await requireArrived(pair, seen.sent)
        const ids = seen.ids()
        assert.deepEqual(
          seen.sent.map(({ id }) => ids.indexOf(id) + 1),
          [1, 2, 3, 2, 3, 4],
        )
      } finally {
        third.open()
        await deliverer.stop()
      }
    },
    {},
    { onReceipts },
  )
})

for (const [what, answer] of [
  ['is busy', { status: 503, headers: [], body: new Uint8Array() }],
  ['cannot be heard', undefined],
] as const) {
  test(`the receipts of the last are on record though the peer ${what}`, async () => {
    let isRefused = false
    const atThird: number[] = []
    const seen = watch(async (nth, given) => {
      if (nth !== 3 || isRefused) return given
      isRefused = true
      if (answer === undefined) throw unavailable('cut')
      return answer as never
    })
    let pairOf: Pair | undefined
    const counted: Transport = async (request, signal) => {
      if (isRefused && pairOf) atThird.push((await undecided(pairOf))[0] ?? 0)
      return seen.transport(request, signal)
    }
    await withPair(async (pair) => {
      pairOf = pair
      await queue(pair)
      const deliverer = pair.a.delivererOver(counted)
      deliverer.start()
      try {
        await requireArrived(pair, seen.sent)
        const ids = seen.ids()
        assert.deepEqual(
          seen.sent.map(({ id }) => ids.indexOf(id) + 1),
          [1, 2, 3, 3, 4],
        )
        assert.equal(atThird[0], 2 * EACH + 1)
      } finally {
        await deliverer.stop()
      }
    })
  })
}

test('nothing leaves behind a transaction one of whose receipts is wrong', async () => {
  let pairOf: Pair | undefined
  let isAltered = false
  const seen = watch(async (nth, answer) => {
    const { a, b } = pairOf as Pair
    if (nth !== 2 || isAltered) return answer
    isAltered = true
    await until('the third is made', async () => (await storedIn(a)) === 2)
    // As if the peer itself, which signs whatever it answers, had turned.
    await sql`update fed_in_transaction
      set answer = replace(encode(answer, 'escape'), 'applied', 'expired')::bytea
      where id = ${seen.ids()[1]}`.execute(b.db)
    throw unavailable('cut')
  })
  await withPair(async (pair) => {
    pairOf = pair
    const { a } = pair
    await queue(pair)
    const deliverer = a.delivererOver(seen.transport)
    deliverer.start()
    try {
      await until('the channel has stopped', async () => a.alarms.length > 0)
      const reason = 'receipts-signature'
      assert.deepEqual(a.alarms, [{ kind: 'delivery-stopped', peer: B, reason }])
      assert.equal(seen.ids().length, 2)
      assert.equal((await undecided(pair))[0], EACH + 1)
    } finally {
      await deliverer.stop()
    }
    assert.equal(seen.ids().length, 2)
  })
})

test('a content that is taken out of the next one while it waits does not leave', async () => {
  const id = systemRandom.uuid()
  let pairOf: Pair | undefined
  let isErased = false
  const seen = watch(async (nth, answer) => {
    const { a } = pairOf as Pair
    if (nth !== 2 || isErased) return answer
    isErased = true
    await until('the third is made', async () => (await storedIn(a)) === 2)
    await a.db.transaction().execute((tx) => a.outbox.eraseMessage(tx as never, id))
    return answer
  })
  await withPair(async (pair) => {
    pairOf = pair
    const { a, b } = pair
    const content = (n: number) => ({ destination: B, content: { n } })
    await a.enqueueAll(Array.from({ length: 2 * EACH }, (_, n) => content(n)))
    await a.enqueue({ ...content(2 * EACH), id })
    await a.enqueueAll(Array.from({ length: EACH }, (_, n) => content(2 * EACH + 1 + n)))
    const deliverer = a.delivererOver(seen.transport)
    deliverer.start()
    try {
      await until('all have receipts', async () => (await openMessages(a)) === 0)
      const row = await b.db
        .selectFrom('fed_in')
        .select(['origin', 'decision', 'reason'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      assert.deepEqual(row, { origin: A, decision: 'rejected', reason: 'withheld' })
      assert.equal((await b.effects()).length, 3 * EACH)
      requireSameBytes(seen.sent)
    } finally {
      await deliverer.stop()
    }
  })
})
