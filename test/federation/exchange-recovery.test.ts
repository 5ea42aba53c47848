/** What happens to a channel after restores, failures of one message, and answers that lie. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { sql, type Transaction } from 'kysely'
import { malformed } from '../../src/base/errors.ts'
import { instant } from '../../src/base/time.ts'
import { applyAsEffect, type ExchangeNode, type ExchangeTables } from '../support/exchange-node.ts'
import { A, B, openMessages, withPair } from '../support/exchange-pair.ts'

async function deliverAll({ deliverer }: ExchangeNode, to: string): Promise<string[]> {
  const kinds: string[] = []
  for (;;) {
    const { kind } = await deliverer.deliverOnce(to)
    kinds.push(kind)
    if (kind !== 'delivered' && kind !== 'rewound') return kinds
  }
}

const contentsOf = async (node: ExchangeNode) =>
  (await node.effects()).map(({ content }) => content)
const tables = ['fed_in', 'fed_in_channel', 'fed_in_transaction', 'effect'] as const

test('a destination restored from a backup is sent again what it has lost', async () => {
  await withPair(async ({ a, b }) => {
    for (let n = 1; n <= 3; n++) await a.enqueue({ destination: B, content: { n } })
    await deliverAll(a, B)
    const backup = await b.db.selectFrom('fed_in_channel').selectAll().executeTakeFirstOrThrow()
    for (let n = 4; n <= 6; n++) await a.enqueue({ destination: B, content: { n } })
    await deliverAll(a, B)
    await b.db.updateTable('fed_in_channel').set({ seq: 3, link: backup.link }).execute()
    for (const table of ['fed_in', 'effect'] as const) {
      await b.db
        .deleteFrom(table)
        .where('seq', '>', 3 as never)
        .execute()
    }
    await a.enqueue({ destination: B, content: { n: 7 } })
    assert.deepEqual(await deliverAll(a, B), ['rewound', 'delivered', 'idle'])
    assert.deepEqual(
      await contentsOf(b),
      [1, 2, 3, 4, 5, 6, 7].map((n) => `{"n":${n}}`),
    )
  })
})

test('a destination that has lost everything gets everything, in order', async () => {
  await withPair(async ({ a, b }) => {
    for (let n = 1; n <= 4; n++) await a.enqueue({ destination: B, content: { n } })
    await deliverAll(a, B)
    for (const table of tables) await b.db.deleteFrom(table).execute()
    await a.enqueue({ destination: B, content: { n: 5 } })
    assert.deepEqual(await deliverAll(a, B), ['rewound', 'delivered', 'idle'])
    assert.equal((await b.effects()).length, 5)
  })
})

test('an origin restored from a backup opens a new epoch; what had arrived has no second effect', async () => {
  await withPair(async ({ a, b }) => {
    await a.enqueue({ destination: B, content: { n: 1 } })
    await deliverAll(a, B)
    const channel = await a.db.selectFrom('fed_out_channel').selectAll().executeTakeFirstOrThrow()
    const twice = await a.enqueue({ destination: B, content: { n: 2 } })
    const pending = await a.db.selectFrom('fed_out_pending').selectAll().executeTakeFirstOrThrow()
    await a.enqueue({ destination: B, content: { n: 3 } })
    await deliverAll(a, B)
    // The backup knows the second message as pending, and nothing of the third.
    await a.db.deleteFrom('fed_out').where('seq', '>', '1').execute()
    await a.db.updateTable('fed_out_channel').set({ seq: 1, link: channel.link }).execute()
    const { place: _, ...row } = pending
    await a.db.insertInto('fed_out_pending').values(row).execute()

    const openEpoch = (tx: Transaction<ExchangeTables>) =>
      a.outbox.openEpoch(tx as never, B, { reason: 'restored from a backup' })
    await a.db.transaction().execute(openEpoch)
    await a.enqueue({ destination: B, content: { n: 4 } })
    await deliverAll(a, B)
    assert.deepEqual(await contentsOf(b), ['{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}'])
    const again = await a.db
      .selectFrom('fed_out')
      .selectAll()
      .where('id', '=', twice)
      .executeTakeFirstOrThrow()
    assert.equal(again.epoch, '2')
    const { receipt } = JSON.parse(again.receipt ?? '')
    assert.deepEqual([receipt.decision, receipt.firstDecision], ['duplicate', 'applied'])
    assert.deepEqual(b.alarms, [{ kind: 'epoch-opened', peer: A, epoch: 2 }])
    assert.equal(await openMessages(a), 0)
  })
})

test('a destination that was away while several logs were closed gets every notice, in order', async () => {
  await withPair(async ({ a, b }) => {
    for (const logNotices of [[], ['first'], ['first', 'second', 'third']]) {
      await a.db
        .transaction()
        .execute((tx) => a.outbox.openEpoch(tx as never, B, { reason: 'restored', logNotices }))
      await deliverAll(a, B)
    }
    assert.deepEqual(b.logNotices, ['first', 'first', 'second', 'third'])
  })
})

test('an origin that goes on after a restore as if nothing had happened is stopped, then heals', async () => {
  await withPair(async ({ a, b }) => {
    await a.enqueue({ destination: B, content: { told: 'one thing' } })
    await deliverAll(a, B)
    for (const table of ['fed_out', 'fed_out_channel'] as const)
      await a.db.deleteFrom(table).execute()
    await a.enqueue({ destination: B, content: { told: 'another' } })
    assert.deepEqual(await a.deliverer.deliverOnce(B), { kind: 'stopped', reason: 'equivocation' })
    assert.equal((await a.deliverer.deliverOnce(B)).kind, 'stopped')
    assert.deepEqual(a.alarms, [{ kind: 'delivery-stopped', peer: B, reason: 'equivocation' }])
    assert.equal((await b.db.selectFrom('fed_equivocation').selectAll().execute()).length, 1)

    await b.inbox.thaw(A)
    await a.db
      .transaction()
      .execute((tx) => a.outbox.openEpoch(tx as never, B, { reason: 'restored' }))
    assert.deepEqual(await deliverAll(a, B), ['delivered', 'idle'])
    assert.deepEqual(await contentsOf(b), ['{"told":"one thing"}', '{"told":"another"}'])
  })
})

test('a message whose handling fails is undone alone: rejected if malformed, held if we are at fault', async () => {
  const apply = async (
    tx: Transaction<ExchangeTables>,
    message: Parameters<typeof applyAsEffect>[1],
  ) => {
    const applied = await applyAsEffect(tx, message)
    const { n } = message.content as { n: number }
    if (n === 2) throw malformed('no such object')
    if (n === 3) throw new TypeError('a bug of ours')
    if (n === 4) await sql`select 1 / 0`.execute(tx)
    if (n === 5) return { decision: 'rejected', reason: 'policy:p.1', rule: 'clause:4.2' } as const
    if (n === 6) return { decision: 'held' } as const
    return applied
  }
  await withPair(
    async ({ a, b }) => {
      for (let n = 1; n <= 7; n++) await a.enqueue({ destination: B, content: { n } })
      await deliverAll(a, B)
      const sent = await a.db
        .selectFrom('fed_out')
        .select(['decision', 'receipt'])
        .orderBy('seq')
        .execute()
      assert.deepEqual(
        sent.map(({ decision, receipt }) => [decision, JSON.parse(receipt ?? '').receipt.reason]),
        [
          ['applied', undefined],
          ['rejected', 'schema'],
          ['held', 'internal'],
          ['held', 'internal'],
          ['rejected', 'policy:p.1'],
          ['held', undefined],
          ['applied', undefined],
        ],
      )
      assert.deepEqual(
        await contentsOf(b),
        [1, 5, 6, 7].map((n) => `{"n":${n}}`),
      )
      const held = await b.db
        .selectFrom('fed_in')
        .select(['seq', 'sealed_content'])
        .where('sealed_content', 'is not', null)
        .execute()
      assert.deepEqual(held.map(({ seq }) => seq).sort(), ['3', '4', '6'])
      assert.equal(b.faults.length, 2)
    },
    { apply },
  )
})

test('a fault of the moment undoes the whole transaction, and it comes again', async () => {
  let attempts = 0
  const apply = async (
    tx: Transaction<ExchangeTables>,
    message: Parameters<typeof applyAsEffect>[1],
  ) => {
    const applied = await applyAsEffect(tx, message)
    if (message.header.seq === 2 && attempts++ === 0) {
      throw Object.assign(new Error('could not serialize access'), { code: '40001' })
    }
    return applied
  }
  await withPair(
    async ({ a, b }) => {
      await a.enqueue({ destination: B, content: { n: 1 } })
      await a.enqueue({ destination: B, content: { n: 2 } })
      const first = await a.deliverer.deliverOnce(B)
      assert.deepEqual(first, { kind: 'later', afterMs: 2000, reason: 'http-503' })
      assert.deepEqual(await b.effects(), [])
      assert.deepEqual(await deliverAll(a, B), ['delivered', 'idle'])
      assert.equal((await b.effects()).length, 2)
    },
    { apply },
  )
})

test('a message whose time is over is sent without content and has no effect', async () => {
  await withPair(async ({ a, b }) => {
    const past = instant('2026-01-01T00:00:00.000Z')
    await a.enqueue({ destination: B, content: { word: 'late' }, notAfter: past })
    await a.enqueue({
      destination: B,
      content: { word: 'in time' },
      notAfter: instant('2100-01-01T00:00:00.000Z'),
    })
    await deliverAll(a, B)
    const sent = await a.db.selectFrom('fed_out').select('decision').orderBy('seq').execute()
    assert.deepEqual(
      sent.map(({ decision }) => decision),
      ['expired', 'applied'],
    )
    assert.deepEqual(await contentsOf(b), ['{"word":"in time"}'])
  })
})

test('a peer that always has more to fetch ends no look; the next one goes on', async () => {
  await withPair(async ({ a, b }) => {
    for (let n = 1; n <= 60; n++) await a.enqueue({ destination: B, content: { n } })
    await deliverAll(a, B)
    // As if b had come back from an empty backup.
    await sql`truncate fed_in, fed_in_transaction, effect`.execute(b.db)
    await b.db
      .updateTable('fed_in_channel')
      .set({ seq: 0, link: '0'.repeat(64) })
      .execute()
    assert.equal(await b.reconcile(A, 0), 50)
    assert.equal(await b.reconcile(A, 0), 10)
    assert.equal((await b.effects()).length, 60)
  })
})

test('heads are compared, and what was missed is fetched', async () => {
  await withPair(async ({ a, b, proxyOfB }) => {
    for (let n = 1; n <= 60; n++) await a.enqueue({ destination: B, content: { n } })
    // a has numbered fifty, but nothing reaches b.
    proxyOfB.isDown = true
    await assert.rejects(a.deliverer.deliverOnce(B), { code: 'unavailable' })
    assert.equal(await b.reconcile(A), 50)
    assert.equal((await b.effects()).length, 50)
    assert.equal(await b.reconcile(A), 0)
    proxyOfB.isDown = false
    await deliverAll(a, B)
    assert.equal((await b.effects()).length, 60)
    assert.equal(await openMessages(a), 0)
    const decisions = await a.db.selectFrom('fed_out').select('decision').distinct().execute()
    assert.deepEqual(decisions, [{ decision: 'applied' }])
    assert.equal(await a.reconcile(B), 0)
    assert.deepEqual([a.alarms, b.alarms], [[], []])
    // Both ends now say the same of the channel from a to b.
    const heads = await b.db.selectFrom('fed_head').selectAll().where('origin', '=', A).execute()
    const seen = await a.db.selectFrom('fed_head').selectAll().where('origin', '=', A).execute()
    assert.deepEqual([heads[0]?.signed_by, seen[0]?.signed_by], [A, B])
    assert.equal(seen[0]?.seq, '60')
  })
})

test('a peer that was silent for three intervals is shown to people', async () => {
  await withPair(async ({ a, b, proxyOfA }) => {
    assert.equal(await b.reconcile(A), 0)
    proxyOfA.isDown = true
    await assert.rejects(b.reconcile(A), { code: 'unavailable' })
    assert.deepEqual(b.alarms, [])
    const longAgo = new Date(Date.now() - 31 * 60_000)
    await b.db.updateTable('fed_head').set({ seen_at: longAgo }).execute()
    await assert.rejects(b.reconcile(A), { code: 'unavailable' })
    assert.deepEqual(b.alarms, [{ kind: 'peer-silent', peer: A }])
    assert.deepEqual(a.alarms, [])
  })
})

test('erased contents are withheld from back-fill, and the chain stays whole', async () => {
  await withPair(async ({ a, b }) => {
    await a.enqueue({ destination: B, content: { n: 1 }, objectId: 'case-2' })
    await a.enqueue({ destination: B, content: { n: 2 } })
    await a.db.transaction().execute((tx) => a.outbox.numberPending(tx as never, B, 50))
    const erased = await a.db
      .transaction()
      .execute((tx) => a.outbox.eraseContents(tx as never, 'case-2'))
    assert.equal(erased, 1)
    assert.equal(await b.reconcile(A), 2)
    assert.deepEqual(await contentsOf(b), ['{"n":2}'])
    const got = await b.db
      .selectFrom('fed_in')
      .select(['decision', 'reason'])
      .orderBy('seq')
      .execute()
    assert.deepEqual(got, [
      { decision: 'rejected', reason: 'withheld' },
      { decision: 'applied', reason: null },
    ])
  })
})

test('heads that cannot be of one history raise an alarm', async () => {
  await withPair(async ({ a, b }) => {
    await a.enqueue({ destination: B, content: { n: 1 } })
    await deliverAll(a, B)
    await a.db
      .updateTable('fed_out')
      .set({ link: 'f'.repeat(64) })
      .execute()
    await a.db
      .updateTable('fed_out_channel')
      .set({ link: 'f'.repeat(64) })
      .execute()
    await a.reconcile(B)
    await b.reconcile(A)
    assert.deepEqual(a.alarms, [{ kind: 'heads-differ', peer: B, channelOf: A }])
    assert.deepEqual(b.alarms, [{ kind: 'heads-differ', peer: A, channelOf: A }])
  })
})

test('an answer that the peer did not sign decides nothing', async () => {
  await withPair(async ({ a, b, proxyOfB }) => {
    await a.enqueue({ destination: B, content: { n: 1 } })
    const impostor = createServer((request, response) => {
      request.resume()
      const status = statuses[asked++ % statuses.length] ?? 0
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end('{"v":1,"receipts":[]}')
    })
    await new Promise<void>((listening) => impostor.listen(0, '127.0.0.1', listening))
    const statuses = [200, 400, 403, 409, 421, 404, 500, 302]
    let asked = 0
    const real = proxyOfB.target
    proxyOfB.target = `http://127.0.0.1:${(impostor.address() as AddressInfo).port}`
    for (const status of statuses) {
      const outcome = await a.deliverer.deliverOnce(B)
      assert.deepEqual(outcome, { kind: 'later', afterMs: 0, reason: `http-${status}-unsigned` })
    }
    proxyOfB.target = real
    impostor.closeAllConnections()
    impostor.close()
    assert.deepEqual(await deliverAll(a, B), ['delivered', 'idle'])
    assert.equal((await b.effects()).length, 1)
  })
})

test('a peer without an agreement stops the channel until an operator resumes it', async () => {
  let admitted = false
  await withPair(
    async ({ a, b }) => {
      await a.enqueue({ destination: B, content: { n: 1 } })
      const stopped = { kind: 'stopped', reason: 'no-agreement' }
      assert.deepEqual(await a.deliverer.deliverOnce(B), stopped)
      assert.deepEqual(await a.deliverer.deliverOnce(B), stopped)
      assert.equal(a.alarms.length, 1)
      admitted = true
      await a.deliverer.resume(B)
      assert.deepEqual(await deliverAll(a, B), ['delivered', 'idle'])
      assert.equal((await b.effects()).length, 1)
    },
    { admits: () => admitted },
  )
})

test('a 401 is tried once more and then stops: the peer no longer knows our key', async () => {
  await withPair(async ({ a, b, proxyOfB }) => {
    await a.enqueue({ destination: B, content: { n: 1 } })
    b.peers.pin({ node: A, endpoint: '', messageKeys: [], encryptionRecipient: '' })
    assert.deepEqual(await a.deliverer.deliverOnce(B), { kind: 'stopped', reason: 'http-401' })
    assert.equal(proxyOfB.done.get('pass'), 2)
  })
})

test('after a 401 the channel goes on by itself once the peer takes our signature again', async () => {
  await withPair(async ({ a, b }) => {
    await a.enqueue({ destination: B, content: { n: 1 } })
    const known = b.peers.peer(A)
    b.peers.pin({ node: A, endpoint: '', messageKeys: [], encryptionRecipient: '' })
    assert.equal((await a.deliverer.deliverOnce(B)).kind, 'stopped')
    await assert.rejects(a.reconcile(B))
    assert.equal((await a.deliverer.deliverOnce(B)).kind, 'stopped')
    assert(known)
    b.peers.pin(known)
    await a.reconcile(B)
    assert.deepEqual(await deliverAll(a, B), ['delivered', 'idle'])
  })
})

test('receipts for other messages, though signed, stop the channel', async () => {
  await withPair(async ({ a, b }) => {
    await a.enqueue({ destination: B, content: { n: 1 } })
    const receive = b.inbox.receive
    Object.assign(b.inbox, {
      receive: async (transaction: Parameters<typeof receive>[0]) => {
        const answer = await receive(transaction)
        if (answer.kind !== 'receipts') return answer
        const text = Buffer.from(answer.body)
          .toString()
          .replace('"decision":"applied"', '"decision":"rejected"')
        return { ...answer, body: new Uint8Array(Buffer.from(text)) }
      },
    })
    const outcome = await a.deliverer.deliverOnce(B)
    assert.deepEqual(outcome, { kind: 'stopped', reason: 'receipts-signature' })
    assert.equal(await openMessages(a), 1)
  })
})

test('nonces and old answers are forgotten when their time is over', async () => {
  await withPair(async ({ b }) => {
    const past = instant('2026-01-01T00:00:00.000Z')
    assert.equal(await b.inbox.rememberNonce('k', 'n', past), true)
    assert.equal(await b.inbox.rememberNonce('k', 'n', past), false)
    assert.equal(await b.inbox.rememberNonce('k2', 'n', instant('2100-01-01T00:00:00.000Z')), true)
    await b.inbox.tidy()
    const left = await b.db.selectFrom('fed_nonce').select('key_id').execute()
    assert.deepEqual(left, [{ key_id: 'k2' }])
  })
})
