/** Two nodes, two databases, real sockets, and a network that does what networks do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { B, openMessages, until, withPair } from '../support/exchange-pair.ts'
import type { Fault } from '../support/flaky-proxy.ts'

test('200 messages arrive once and in order over a network that cuts, repeats, delays and fails', async () => {
  await withPair(async ({ a, b, proxyOfB }) => {
    const script: Fault[] = ['cut-after', 'twice', 'cut-before', 'delay', 'unavailable', 'pass']
    let asked = 0
    proxyOfB.faults = () => script[asked++ % script.length] as Fault
    a.deliverer.start()
    const ids: string[] = []
    for (let n = 0; n < 200; n++) {
      ids.push(await a.enqueue({ destination: B, content: { n } }))
      a.deliverer.wake(B)
      if (n === 60) proxyOfB.isDown = true
      if (n === 130) proxyOfB.isDown = false
    }
    await until('all have receipts', async () => (await openMessages(a)) === 0)

    const effects = await b.effects()
    assert.deepEqual(
      effects.map(({ id }) => id),
      ids,
    )
    assert.deepEqual(
      effects.map(({ seq }) => Number(seq)),
      ids.map((_, index) => index + 1),
    )
    const sent = await a.db.selectFrom('fed_out').select(['decision', 'receipt']).execute()
    assert.ok(sent.every(({ decision, receipt }) => decision === 'applied' && receipt !== null))
    for (const fault of script) assert.ok((proxyOfB.done.get(fault) ?? 0) > 0, `${fault} happened`)
    assert.deepEqual([a.faults, b.faults], [[], []])
    // Every link is in the origin's log, every receipt in the destination's.
    assert.equal(new Set(a.logged).size, 200)
    assert.equal(new Set(b.logged).size, 200)
  })
})

test('what is queued while a peer is down goes out once, in order, when it is back', async () => {
  await withPair(async ({ a, b, proxyOfB }) => {
    proxyOfB.isDown = true
    a.deliverer.start()
    const ids = []
    for (let n = 0; n < 120; n++) ids.push(await a.enqueue({ destination: B, content: { n } }))
    a.deliverer.wake()
    await until('the peer is reported', async () =>
      a.alarms.some(({ kind }) => kind === 'peer-unreachable'),
    )
    assert.deepEqual(await b.effects(), [])
    proxyOfB.isDown = false
    await until('all have receipts', async () => (await openMessages(a)) === 0)
    assert.deepEqual(
      (await b.effects()).map(({ id }) => id),
      ids,
    )
  })
})

test('a retry is the same bytes under the same id, even by another process', async () => {
  await withPair(async ({ a, b, proxyOfB }) => {
    await a.enqueue({ destination: B, content: { n: 1 } })
    proxyOfB.faults = () => 'cut-after'
    await assert.rejects(a.deliverer.deliverOnce(B), { code: 'unavailable' })
    const first = await a.db.selectFrom('fed_out_transaction').selectAll().executeTakeFirst()
    await a.enqueue({ destination: B, content: { n: 2 } })
    await a.deliverer.stop()
    const second = a.secondDeliverer()
    await assert.rejects(second.deliverOnce(B), { code: 'unavailable' })
    assert.deepEqual(
      await a.db.selectFrom('fed_out_transaction').selectAll().executeTakeFirst(),
      first,
    )
    proxyOfB.faults = () => 'pass'
    assert.deepEqual(await second.deliverOnce(B), { kind: 'delivered', messages: 1 })
    assert.deepEqual(await second.deliverOnce(B), { kind: 'delivered', messages: 1 })
    assert.deepEqual(await second.deliverOnce(B), { kind: 'idle' })
    await second.stop()
    assert.deepEqual(
      (await b.effects()).map(({ content }) => content),
      ['{"n":1}', '{"n":2}'],
    )
  })
})

test('two processes never write one channel at the same time', async () => {
  await withPair(async ({ a, b }) => {
    const second = a.secondDeliverer()
    a.deliverer.start()
    second.start()
    const ids = []
    for (let n = 0; n < 60; n++) {
      ids.push(await a.enqueue({ destination: B, content: { n } }))
      second.wake(B)
    }
    await until('all have receipts', async () => (await openMessages(a)) === 0)
    await second.stop()
    assert.deepEqual(
      (await b.effects()).map(({ id }) => id),
      ids,
    )
    assert.deepEqual([a.alarms, a.faults], [[], []])
  })
})

test('the two directions are two channels', async () => {
  await withPair(async ({ a, b }) => {
    await a.enqueue({ destination: B, content: { from: 'a' } })
    await b.enqueue({ destination: a.node, content: { from: 'b' } })
    assert.equal((await a.deliverer.deliverOnce(B)).kind, 'delivered')
    assert.equal((await b.deliverer.deliverOnce(a.node)).kind, 'delivered')
    assert.equal((await a.effects()).length, 1)
    assert.equal((await b.effects()).length, 1)
  })
})

test('a message of a transaction that is rolled back is never sent', async () => {
  await withPair(async ({ a, b }) => {
    const act = a.db.transaction().execute(async (tx) => {
      const id = '00000000-0000-4000-8000-000000000001'
      const rest = { type: 'caseNote', objectId: 'case-1', agreement: null, content: {} }
      await a.outbox.enqueue(tx as never, { destination: B, id, ...rest })
      throw new Error('the act failed')
    })
    await assert.rejects(act, /the act failed/)
    assert.deepEqual(await a.deliverer.deliverOnce(B), { kind: 'idle' })
    assert.deepEqual(await b.effects(), [])
  })
})

test('large contents are split over transactions, too large ones refused at once', async () => {
  await withPair(async ({ a, b }) => {
    const text = 'x'.repeat(300_000)
    for (let n = 0; n < 5; n++) await a.enqueue({ destination: B, content: { n, text } })
    const outcomes = []
    for (let n = 0; n < 4; n++) outcomes.push(await a.deliverer.deliverOnce(B))
    assert.deepEqual(
      outcomes.map((o) => (o.kind === 'delivered' ? o.messages : o.kind)),
      [2, 2, 1, 'idle'],
    )
    assert.equal((await b.effects()).length, 5)
    const tooLarge = { text: 'x'.repeat(513 * 1024) }
    await assert.rejects(a.enqueue({ destination: B, content: tooLarge }), { reason: 'size' })
    await assert.rejects(a.enqueue({ destination: a.node, content: {} }), { code: 'malformed' })
    await assert.rejects(a.enqueue({ destination: 'no node', content: {} }), { reason: 'schema' })
    await assert.rejects(a.enqueue({ destination: B, type: '', content: {} }), { reason: 'schema' })
    let deep = {}
    for (let n = 0; n < 30; n++) deep = { deep }
    await assert.rejects(a.enqueue({ destination: B, content: deep }), { reason: 'too-deep' })
  })
})

test('contents are sealed at rest and on the wire', async () => {
  await withPair(async ({ a, b }) => {
    await a.enqueue({ destination: B, content: { word: 'Larkspur' } })
    const pending = await a.db.selectFrom('fed_out_pending').selectAll().executeTakeFirstOrThrow()
    await a.deliverer.deliverOnce(B)
    const sent = await a.db.selectFrom('fed_out').selectAll().executeTakeFirstOrThrow()
    const got = await b.db.selectFrom('fed_in').selectAll().executeTakeFirstOrThrow()
    const stored = Buffer.from(
      JSON.stringify([pending.draft, sent.header, got.header, got.receipt]),
    )
    for (const bytes of [stored, pending.sealed_content, sent.sealed_content ?? new Uint8Array()]) {
      assert.ok(!Buffer.from(bytes).includes('Larkspur'))
    }
    assert.equal((await b.effects())[0]?.content, '{"word":"Larkspur"}')
  })
})

test('what waits under an agreement that no longer binds goes out without its content', async () => {
  await withPair(async ({ a, b, proxyOfB }) => {
    const under = (n: number, type = 'release', agreement = 'digest-1') =>
      a.enqueue({ destination: B, type, agreement, content: { n } })
    await under(0)
    await a.deliverer.deliverOnce(B)
    proxyOfB.isDown = true
    await under(1)
    await under(2, 'release', 'digest-2')
    await assert.rejects(a.deliverer.deliverOnce(B), { code: 'unavailable' })
    await under(3)
    await under(4, 'embargoEnded')
    await a.db.transaction().execute((tx) => a.outbox.withhold(tx as never, 'digest-1'))
    proxyOfB.isDown = false
    await until('all have receipts', async () => {
      await a.deliverer.deliverOnce(B)
      return (await openMessages(a)) === 0
    })
    assert.deepEqual(
      (await b.effects()).map(({ content }) => content),
      ['{"n":0}', '{"n":2}', '{"n":4}'],
    )
    const sent = await a.db.selectFrom('fed_out').select('decision').orderBy('seq').execute()
    assert.deepEqual(
      sent.map(({ decision }) => decision),
      ['applied', 'rejected', 'applied', 'rejected', 'applied'],
    )
    assert.deepEqual(a.faults, [])
  })
})
