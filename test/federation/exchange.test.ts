/** Two nodes, two databases, real sockets, and a network that does what networks do. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { withDatabase } from '../support/database.ts'
import { type ExchangeNode, type NodeOptions, startExchangeNode } from '../support/exchange-node.ts'
import { type Fault, startFlakyProxy } from '../support/flaky-proxy.ts'

const A = 'meridia.example'
const B = 'albion.example'

type Pair = {
  a: ExchangeNode
  b: ExchangeNode
  proxyOfB: Awaited<ReturnType<typeof startFlakyProxy>>
}

async function withPair(work: (pair: Pair) => Promise<void>, options: NodeOptions = {}) {
  await withDatabase((urlA) =>
    withDatabase(async (urlB) => {
      const [proxyOfA, proxyOfB] = [await startFlakyProxy(), await startFlakyProxy()]
      const a = await startExchangeNode(A, urlA, proxyOfA)
      const b = await startExchangeNode(B, urlB, proxyOfB, options)
      a.pin(b, await b.nodeDocument())
      b.pin(a, await a.nodeDocument())
      try {
        await work({ a, b, proxyOfB })
      } finally {
        await Promise.all([a.close(), b.close()])
      }
    }),
  )
}

async function until(what: string, isSo: () => Promise<boolean>, limitMs = 20_000): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await isSo())) {
    if (Date.now() > end) assert.fail(`not within ${limitMs} ms: ${what}`)
    await wait(20)
  }
}

const openMessages = async ({ db }: ExchangeNode) => {
  const [open, pending] = await Promise.all([
    db.selectFrom('fed_out').select('id').where('decision', 'is', null).execute(),
    db.selectFrom('fed_out_pending').select('id').execute(),
  ])
  return open.length + pending.length
}

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
