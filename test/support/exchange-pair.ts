/** Two nodes of the exchange that have pinned each other. */
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { ExchangePeer } from '../../src/wire/exchange/node-document.ts'
import { withDatabase } from './database.ts'
import { type ExchangeNode, type NodeOptions, startExchangeNode } from './exchange-node.ts'
import { type FlakyProxy, startFlakyProxy } from './flaky-proxy.ts'

export const A = 'meridia.example'
export const B = 'albion.example'

export type Pair = {
  readonly a: ExchangeNode
  readonly b: ExchangeNode
  readonly proxyOfA: FlakyProxy
  readonly proxyOfB: FlakyProxy
  /** How `a` knows `b`. */
  readonly toB: ExchangePeer
}

/** `options` are those of `b`. */
export async function withPair(
  work: (pair: Pair) => Promise<void>,
  options: NodeOptions = {},
  optionsOfA: NodeOptions = {},
) {
  await withDatabase((urlA) =>
    withDatabase(async (urlB) => {
      const [proxyOfA, proxyOfB] = [await startFlakyProxy(), await startFlakyProxy()]
      const a = await startExchangeNode(A, urlA, proxyOfA, optionsOfA)
      const b = await startExchangeNode(B, urlB, proxyOfB, options)
      a.pin(b, await b.nodeDocument())
      b.pin(a, await a.nodeDocument())
      const toB = (await a.peers.peer(B)) as ExchangePeer
      try {
        await work({ a, b, proxyOfA, proxyOfB, toB })
      } finally {
        await Promise.all([a.close(), b.close()])
      }
    }),
  )
}

export async function until(what: string, isSo: () => Promise<boolean>, limitMs = 60_000) {
  const end = Date.now() + limitMs
  while (!(await isSo())) {
    if (Date.now() > end) assert.fail(`not within ${limitMs} ms: ${what}`)
    await wait(20)
  }
}

/** Messages that `node` has not yet had a receipt for. */
export async function openMessages({ db }: ExchangeNode): Promise<number> {
  // In one statement: a message moves from one table to the other at any moment.
  const open = await db
    .selectFrom('fed_out')
    .select('id')
    .where('decision', 'is', null)
    .unionAll(db.selectFrom('fed_out_pending').select('id'))
    .execute()
  return open.length
}
