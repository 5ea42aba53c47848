/**
 * One node of the exchange as a process of its own, for `exchange-alone.ts`: numbering,
 * sealing, signing, delivery, the door, verification, receipts, and what waits for the log,
 * in its own database. It has no cases: the effect of a message is one row, and those of a
 * transaction are written by one statement, as a node writes what many messages do to one case.
 */
import type { Transaction } from 'kysely'
import type { Schema } from '../src/adapters/postgres/database.ts'
import type { LogIntent } from '../src/adapters/postgres/federation/database.ts'
import { addPendingAll } from '../src/adapters/postgres/log/pending.ts'
import { systemRandom } from '../src/adapters/random.ts'
import { fromHex } from '../src/base/bytes.ts'
import { instantFromMs } from '../src/base/time.ts'
import { logEntry } from '../src/wire/event-commitment.ts'
import { applyAllAsEffects, startExchangeNode } from '../test/support/exchange-node.ts'

export type Ask =
  | { readonly kind: 'open'; readonly node: string; readonly url: string; readonly port: number }
  | { readonly kind: 'pin'; readonly document: object; readonly bytes: string }
  | {
      readonly kind: 'send'
      readonly to: string
      readonly count: number
      readonly together: number
    }

const CLIENTS = 32
const POLL_MS = 10
/** As an indicator of the formats of others: about 700 bytes of JSON. */
const CONTENT = { text: 'An invented assistant told a minor to lie. '.repeat(15) }

const logIntent: LogIntent = async (tx, digests) => {
  const at = instantFromMs(Date.now())
  const entries = digests.map((digest) => {
    const entry = logEntry(fromHex(digest), { tag: systemRandom.bytes(16), wireNow: at })
    return { id: systemRandom.uuid(), entry, at, batch: 'ordinary', ready: true } as const
  })
  await addPendingAll(tx as unknown as Transaction<Schema>, entries)
}

let own: Awaited<ReturnType<typeof startExchangeNode>> | undefined
let sent = 0

async function answer(ask: Ask): Promise<object> {
  if (ask.kind === 'open') {
    const { node, url, port } = ask
    const proxy = { url: `http://127.0.0.1:${port}`, close: async () => {} }
    const options = { logIntent, port, applyTogether: applyAllAsEffects }
    own = await startExchangeNode(node, url, proxy as never, options)
    const bytes = Buffer.from(await own.nodeDocument()).toString('base64')
    return { document: own.document, bytes }
  }
  if (own === undefined) throw new Error('it is not open')
  if (ask.kind === 'pin') {
    own.pin({ document: ask.document } as never, new Uint8Array(Buffer.from(ask.bytes, 'base64')))
    own.deliverer.start()
    return {}
  }
  return { tookMs: await send(own, ask) }
}

/** Each message queued by a transaction of its own, or `together` by one. Until all have receipts. */
async function send(
  node: NonNullable<typeof own>,
  { to, count, together }: Extract<Ask, { kind: 'send' }>,
): Promise<number> {
  const started = performance.now()
  let left = count
  const client = async () => {
    while (left > 0) {
      const size = Math.min(together, left)
      left -= size
      await node.enqueueAll(
        Array.from({ length: size }, () => ({
          destination: to,
          content: { n: sent++, ...CONTENT },
        })),
      )
      node.deliverer.wake(to)
    }
  }
  await Promise.all(Array.from({ length: together === 1 ? CLIENTS : 1 }, client))
  while (await node.hasOpen()) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  return performance.now() - started
}

process.on('message', (ask: Ask) => {
  answer(ask).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
