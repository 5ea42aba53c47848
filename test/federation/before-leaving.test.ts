/** Whatever waited is asked about once more before it gets its number, however much waits. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TRANSACTION_MESSAGES_MAX } from '../../src/wire/exchange/transaction.ts'
import type { ExchangeNode } from '../support/exchange-node.ts'
import { B, withPair } from '../support/exchange-pair.ts'

test('what moves up in the place of a message that was taken back is asked about, too', async () => {
  const nodes: ExchangeNode[] = []
  const asked: string[] = []
  const mayNot = new Set<string>()
  const beforeNumbering = async (waiting: readonly { readonly id: string }[]) => {
    for (const { id } of waiting) {
      asked.push(id)
      const [a] = nodes
      if (!a || !mayNot.has(id)) continue
      await a.db.transaction().execute((tx) => a.outbox.takeBack(tx as never, id))
    }
  }
  await withPair(
    async ({ a, b }) => {
      nodes.push(a)
      const ids: string[] = []
      for (let n = 0; n < TRANSACTION_MESSAGES_MAX + 3; n++) {
        ids.push(await a.enqueue({ destination: B, content: { n } }))
      }
      // One of the first ones, and the one that moves up to the end.
      const stopped = [ids[0], ids[TRANSACTION_MESSAGES_MAX]] as string[]
      for (const id of stopped) mayNot.add(id)
      while ((await a.deliverer.deliverOnce(B)).kind === 'delivered');
      const arrived = (await b.effects()).map(({ id }) => id)
      assert.deepEqual(
        arrived,
        ids.filter((id) => !stopped.includes(id)),
      )
      assert.deepEqual(asked, ids)
    },
    {},
    { beforeNumbering },
  )
})
