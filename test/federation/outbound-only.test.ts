/** A node that nobody can call: it sends as ever, fetches what waits, and brings the receipts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { httpTransport, type Transport } from '../../src/adapters/peers/http-transport.ts'
import { canonicalBytes } from '../../src/base/canonical-json.ts'
import { ZERO_LINK } from '../../src/wire/exchange/message-header.ts'
import type { ExchangeNode } from '../support/exchange-node.ts'
import { A, B, openMessages, type Pair, until, withPair } from '../support/exchange-pair.ts'

/** `a` has a door; `b` has none. At the end nobody may have tried to come in at `b`. */
function withClosed(work: (pair: Pair) => Promise<void>) {
  return withPair(
    async (pair) => {
      await work(pair)
      assert.deepEqual([...pair.proxyOfB.done], [])
    },
    { outboundOnly: true },
  )
}

async function enqueueAll(node: ExchangeNode, destination: string, from: number, to: number) {
  for (let n = from; n <= to; n++) await node.enqueue({ destination, content: { n } })
}

const contentsOf = async (node: ExchangeNode) =>
  (await node.effects()).map(({ content }) => (JSON.parse(content) as { n: number }).n)
const countTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

const decisionsOf = ({ db }: ExchangeNode) =>
  db.selectFrom('fed_out').select(['seq', 'decision', 'receipt']).orderBy('seq').execute()

const nextOf = (place = `epoch=1&seq=1&link=${ZERO_LINK}`) =>
  `/federation/v1/channels/${A}/${B}/next?${place}`

async function ask({ a, b }: Pair, path: string) {
  const peer = await b.peers.peer(A)
  assert.ok(peer)
  assert.equal(a.node, A)
  const { response, isVerified } = await b.call(peer, { method: 'GET', path })
  assert.equal(isVerified, true)
  return { status: response.status, body: JSON.parse(Buffer.from(response.body).toString()) }
}

async function bring({ b }: Pair, id: string, body: Uint8Array) {
  const peer = await b.peers.peer(A)
  assert.ok(peer)
  const path = `/federation/v1/transactions/${id}/receipts`
  const { response, isVerified } = await b.call(peer, { method: 'PUT', path, body })
  assert.equal(isVerified, true)
  return { status: response.status, body: JSON.parse(Buffer.from(response.body).toString()) }
}

/** What `b` would bring for what waits at `a`, applied at `b` already. */
async function receiptsOfNext(pair: Pair): Promise<{ id: string; body: Uint8Array }> {
  const { status, body } = await ask(pair, nextOf())
  assert.equal(status, 200)
  const { id } = body as { id: string }
  const answer = await pair.b.inbox.receive({ origin: A, id, body: canonicalBytes(body) })
  assert.equal(answer.kind, 'receipts')
  return { id, body: (answer as { body: Uint8Array }).body }
}

test('messages go both ways, in order and once, though nobody can call one of the two', async () => {
  await withClosed(async ({ a, b }) => {
    const fetcher = b.newFetcher()
    await enqueueAll(a, B, 1, 120)
    await enqueueAll(b, A, 1, 60)
    a.deliverer.start()
    b.deliverer.start()
    fetcher.start()
    await until('all have receipts', async () => {
      const open = await Promise.all([a, b].map(openMessages))
      return open[0] === 0 && open[1] === 0
    })
    await enqueueAll(a, B, 121, 125)
    a.deliverer.wake(B)
    await until('later ones too', async () => (await openMessages(a)) === 0)
    await fetcher.stop()
    assert.deepEqual(await contentsOf(b), countTo(125))
    assert.deepEqual(await contentsOf(a), countTo(60))
    for (const { seq, decision, receipt } of await decisionsOf(a)) {
      const signed = JSON.parse(receipt ?? '') as Record<string, Record<string, unknown>>
      assert.equal(decision, 'applied')
      assert.deepEqual([signed.receipt?.seq, signed.receipt?.destination], [Number(seq), B])
      assert.equal(signed.signature?.keyId, `${B}/msg1`)
    }
    assert.deepEqual([a.alarms, b.alarms, a.faults, b.faults], [[], [], [], []])
  })
})

test('its peer leaves what is for it, and does not look for it at the regular comparison', async () => {
  await withClosed(async ({ a, b }) => {
    await enqueueAll(a, B, 1, 3)
    assert.deepEqual(await a.deliverer.deliverOnce(B), { kind: 'left' })
    assert.equal(await a.reconcile(B), 0)
    a.waiting.alarmIfSilent(B)
    assert.deepEqual(a.alarms, [])
    assert.equal(await openMessages(a), 3)
    assert.deepEqual(await b.newFetcher().fetchOnce(A), { kind: 'fetched' })
    assert.deepEqual(await b.newFetcher().fetchOnce(A), { kind: 'idle' })
    assert.equal(await openMessages(a), 0)
    assert.deepEqual(await contentsOf(b), [1, 2, 3])
  })
})

test('what was fetched at the regular comparison gets its receipts by the next fetch', async () => {
  await withClosed(async ({ a, b }) => {
    await enqueueAll(a, B, 1, 3)
    await a.db.transaction().execute((tx) => a.outbox.numberPending(tx as never, B, 50))
    assert.equal(await b.reconcile(A), 3)
    assert.equal(await openMessages(a), 3)
    await b.newFetcher().fetchOnce(A)
    assert.equal(await openMessages(a), 0)
    assert.deepEqual(await contentsOf(b), [1, 2, 3])
    const [first] = await decisionsOf(a)
    assert.equal(first?.decision, 'applied')
  })
})

const real = httpTransport({ timeoutMs: 30_000 })
const dying = () => Promise.reject(Object.assign(new Error('killed'), { killed: true }))

const DEATHS: Readonly<Record<string, (request: Parameters<Transport>[0]) => Promise<unknown>>> = {
  'after it was told what waits, before it took it': async (request) => {
    if (request.method === 'GET') await real(request)
    return dying()
  },
  'after it took it, before it brought the receipts': (request) =>
    request.method === 'PUT' ? dying() : real(request),
  'after its receipts were taken, before it knew': async (request) => {
    const answer = await real(request)
    return request.method === 'PUT' ? dying() : answer
  },
}

for (const [when, transport] of Object.entries(DEATHS)) {
  test(`a node that dies ${when} loses nothing and does nothing twice`, async () => {
    await withClosed(async ({ a, b }) => {
      await enqueueAll(a, B, 1, 60)
      for (let round = 0; round < 2; round++) {
        const killed = b.newFetcher(transport as Transport).fetchOnce(A)
        await assert.rejects(killed, { killed: true })
      }
      const after = b.newFetcher()
      while ((await after.fetchOnce(A)).kind === 'fetched');
      assert.deepEqual(await contentsOf(b), countTo(60))
      assert.equal(await openMessages(a), 0)
      assert.deepEqual([a.alarms, b.alarms], [[], []])
    })
  })
}

test('cut, doubled and late connections lose nothing and do nothing twice', async () => {
  await withClosed(async ({ a, b, proxyOfA }) => {
    const faults = ['cut-before', 'cut-after', 'pass', 'twice', 'unavailable', 'delay'] as const
    let request = 0
    proxyOfA.faults = () => faults[request++ % faults.length] ?? 'pass'
    await enqueueAll(a, B, 1, 130)
    const fetchers = [b.newFetcher(), b.newFetcher()]
    for (const fetcher of fetchers) fetcher.start()
    await until('all have receipts', async () => (await openMessages(a)) === 0)
    await Promise.all(fetchers.map((fetcher) => fetcher.stop()))
    assert.deepEqual(await contentsOf(b), countTo(130))
    assert.deepEqual([a.faults, b.faults], [[], []])
  })
})

test('a peer whose other process delivers says later, and nothing is given twice', async () => {
  await withClosed(async ({ a, b }) => {
    await enqueueAll(a, B, 1, 2)
    const second = a.secondDeliverer()
    assert.deepEqual(await second.deliverOnce(B), { kind: 'left' })
    const outcome = await b.newFetcher().fetchOnce(A)
    assert.deepEqual(outcome, { kind: 'later', reason: 'http-503' })
    await second.stop()
    assert.deepEqual(await b.newFetcher().fetchOnce(A), { kind: 'fetched' })
    assert.deepEqual(await contentsOf(b), [1, 2])
  })
})

test('one that was restored from a backup is given again what it has lost', async () => {
  await withClosed(async ({ a, b }) => {
    const fetcher = b.newFetcher()
    await enqueueAll(a, B, 1, 3)
    await fetcher.fetchOnce(A)
    const backup = await b.db.selectFrom('fed_in_channel').selectAll().executeTakeFirstOrThrow()
    await enqueueAll(a, B, 4, 6)
    await fetcher.fetchOnce(A)
    await b.db.updateTable('fed_in_channel').set({ seq: 3, link: backup.link }).execute()
    for (const table of ['fed_in', 'effect'] as const) {
      await b.db
        .deleteFrom(table)
        .where('seq', '>', 3 as never)
        .execute()
    }
    await enqueueAll(a, B, 7, 7)
    assert.deepEqual(await fetcher.fetchOnce(A), { kind: 'fetched' })
    assert.deepEqual(await contentsOf(b), countTo(7))
    assert.equal(await openMessages(a), 0)
  })
})

test('an origin that opened a new epoch is fetched from like any other', async () => {
  await withClosed(async ({ a, b }) => {
    await enqueueAll(a, B, 1, 2)
    await b.newFetcher().fetchOnce(A)
    await a.db
      .transaction()
      .execute((tx) => a.outbox.openEpoch(tx as never, B, { reason: 'restored' }))
    await enqueueAll(a, B, 3, 3)
    const fetcher = b.newFetcher()
    while ((await fetcher.fetchOnce(A)).kind === 'fetched');
    assert.deepEqual(await contentsOf(b), [1, 2, 3])
    assert.equal(await openMessages(a), 0)
  })
})

type Receipts = {
  transaction: string
  receipts: { receipt: Record<string, unknown>; signature: { keyId: string; value: string } }[]
}

const first = (receipts: Receipts) => receipts.receipts[0] as Receipts['receipts'][number]

const WRONG: Readonly<Record<string, readonly [(body: Receipts) => unknown, code: string]>> = {
  'another decision than was signed': [
    (body) => {
      first(body).receipt.decision = 'rejected'
    },
    'receipts-signature',
  ],
  'no signature': [
    (body) => {
      first(body).signature.value = `${'A'.repeat(86)}==`
    },
    'receipts-signature',
  ],
  'the key of somebody else': [
    (body) => {
      first(body).signature.keyId = `${A}/msg1`
    },
    'receipts-key-unknown',
  ],
  'one too few': [(body) => body.receipts.pop(), 'receipts-receipt-subject'],
  'one too many': [(body) => body.receipts.push(first(body)), 'receipts-receipt-subject'],
  'in another order': [(body) => body.receipts.reverse(), 'receipts-receipt-subject'],
  'for another number': [
    (body) => {
      first(body).receipt.seq = 9
    },
    'receipts-receipt-subject',
  ],
  'for another link': [
    (body) => {
      first(body).receipt.link = 'f'.repeat(64)
    },
    'receipts-receipt-subject',
  ],
  'for another destination': [
    (body) => {
      first(body).receipt.destination = 'cordia.example'
    },
    'receipts-receipt-subject',
  ],
  'for another transaction inside': [
    (body) => {
      body.transaction = '01940000-0000-7000-8000-000000000100'
    },
    'receipts-receipt-subject',
  ],
  'a member more': [(body) => Object.assign(body, { colour: 'red' }), 'receipts-schema'],
}

test('wrong receipts are refused and stop the channel, as those in an answer to a push', async () => {
  await withClosed(async (pair) => {
    const { a } = pair
    await enqueueAll(a, B, 1, 2)
    const { id, body } = await receiptsOfNext(pair)
    for (const [what, [change, code]] of Object.entries(WRONG)) {
      const changed = JSON.parse(Buffer.from(body).toString()) as Receipts
      change(changed)
      const refused = await bring(pair, id, canonicalBytes(changed as object))
      assert.deepEqual([refused.status, refused.body.code], [409, code], what)
      assert.deepEqual(a.alarms.splice(0), [{ kind: 'delivery-stopped', peer: B, reason: code }])
      assert.equal(await openMessages(a), 2, what)
      assert.equal((await bring(pair, id, body)).status, 409, what)
      assert.equal((await ask(pair, nextOf())).body.code, code, what)
      await a.deliverer.resume(B)
    }
    assert.equal((await bring(pair, id, body)).status, 200)
    assert.equal(await openMessages(a), 0)
  })
})

test('receipts that are replayed, or for what is not in flight, change nothing', async () => {
  await withClosed(async (pair) => {
    const { a } = pair
    const absent = '01940000-0000-7000-8000-000000000100'
    await enqueueAll(a, B, 1, 1)
    const { id, body } = await receiptsOfNext(pair)
    assert.equal((await bring(pair, absent, body)).status, 404)
    assert.equal((await bring(pair, 'no-id', body)).status, 400)
    assert.equal(await openMessages(a), 1)
    const taken = await bring(pair, id, body)
    assert.equal(taken.status, 200)
    assert.deepEqual([taken.body.head.origin, taken.body.head.seq], [A, 1])
    const before = await decisionsOf(a)
    assert.equal((await bring(pair, id, body)).body.code, 'not-in-flight')
    await enqueueAll(a, B, 2, 2)
    const after = `epoch=1&seq=2&link=${taken.body.head.link}`
    assert.equal((await ask(pair, nextOf(after))).status, 200)
    assert.equal((await bring(pair, id, body)).body.code, 'not-in-flight')
    assert.deepEqual((await decisionsOf(a))[0], before[0])
    assert.equal(await openMessages(a), 1)
    assert.deepEqual(a.alarms, [])
  })
})

test('a place is asked for in one spelling, and only of the channel between the two', async () => {
  await withClosed(async (pair) => {
    await enqueueAll(pair.a, B, 1, 1)
    const link = ZERO_LINK
    for (const place of [
      'epoch=1',
      'epoch=1&seq=1',
      `epoch=0&seq=1&link=${link}`,
      `epoch=1&seq=0&link=${link}`,
      `epoch=1&seq=-1&link=${link}`,
      `epoch=1&seq=1e3&link=${link}`,
      `epoch=1&seq=1&link=${link.slice(1)}`,
      `epoch=1&seq=1&link=${'G'.repeat(64)}`,
      `epoch=1&seq=1&seq=2&link=${link}`,
      `epoch=1&seq=1&link=${link}&limit=3`,
    ]) {
      assert.equal((await ask(pair, nextOf(place))).status, 400, place)
    }
    const place = `epoch=1&seq=1&link=${link}`
    for (const [origin, destination] of [
      [B, A],
      [A, 'cordia.example'],
      ['cordia.example', B],
    ]) {
      const path = `/federation/v1/channels/${origin}/${destination}/next?${place}`
      assert.equal((await ask(pair, path)).body.code, 'not-found')
    }
    assert.equal(await openMessages(pair.a), 1)
  })
})

test('a place that is not of our history stops the channel', async () => {
  await withClosed(async (pair) => {
    const { a, b } = pair
    await enqueueAll(a, B, 1, 2)
    await b.newFetcher().fetchOnce(A)
    await enqueueAll(a, B, 3, 3)
    const place = `epoch=1&seq=2&link=${'f'.repeat(64)}`
    const { status, body } = await ask(pair, nextOf(place))
    assert.deepEqual([status, body.code], [409, 'diverged'])
    assert.deepEqual(a.alarms, [{ kind: 'delivery-stopped', peer: B, reason: 'diverged' }])
  })
})

test('a peer that is pushed to may not fetch what is in flight, and people are told', async () => {
  await withPair(async ({ a, b }) => {
    await enqueueAll(a, B, 1, 1)
    const fetcher = b.newFetcher()
    const refused = { kind: 'stopped', reason: 'not-outbound-only' }
    assert.deepEqual(await fetcher.fetchOnce(A), refused)
    fetcher.start()
    await until('an alarm', async () => b.alarms.length > 0)
    await fetcher.stop()
    assert.deepEqual(b.alarms, [{ kind: 'fetch-stopped', peer: A, reason: 'not-outbound-only' }])
    assert.equal((await a.deliverer.deliverOnce(B)).kind, 'delivered')
  })
})

test('an answer that the peer did not sign is not taken', async () => {
  await withClosed(async ({ a, b }) => {
    await enqueueAll(a, B, 1, 1)
    const unsigned: Transport = async (request) => {
      const answer = await real(request)
      return { ...answer, headers: answer.headers.filter(([name]) => name !== 'signature') }
    }
    const outcome = await b.newFetcher(unsigned).fetchOnce(A)
    assert.deepEqual(outcome, { kind: 'later', reason: 'http-200-unsigned' })
    assert.deepEqual(await contentsOf(b), [])
    assert.equal(await openMessages(a), 1)
  })
})
