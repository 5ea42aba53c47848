/**
 * Nodes of the exchange on one simulated network: real inbox, outbox, deliverer and log on
 * databases of their own, real routes and signatures; only sockets and time are not real.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely, Transaction } from 'kysely'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import type { Database, Schema } from '../../src/adapters/postgres/database.ts'
import type { FederationTransaction } from '../../src/adapters/postgres/federation/database.ts'
import { addPending } from '../../src/adapters/postgres/log/pending.ts'
import { type Sequencer, startSequencer } from '../../src/adapters/postgres/log/sequencer.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { type Instant, instantFromMs } from '../../src/base/time.ts'
import { createNetwork, type Network, type NetworkOptions } from '../../src/sim/network.ts'
import { withDatabase } from './database.ts'
import { type ExchangeNode, startExchangeNode } from './exchange-node.ts'
import type { Trouble } from './log-node.ts'
import { logSigner } from './test-log.ts'

export type SimNode = ExchangeNode & {
  readonly baseUrl: string
  readonly sequencer: Sequencer
  readonly log: { readonly database: Database; readonly directory: string }
  readonly troubles: readonly Trouble[]
  /** Moves this node's clock against the network's; other clocks stay. */
  setSkew(ms: number): void
}

export type SimWorld = { readonly network: Network; readonly nodes: readonly SimNode[] }

const NEVER_MS = 3_600_000

export async function withSimWorld(
  names: readonly string[],
  options: Omit<NetworkOptions, 'startMs'>,
  work: (world: SimWorld) => Promise<void>,
): Promise<void> {
  const network = createNetwork({ startMs: Date.now(), ...options })
  await withNodes(network, names, [], async (nodes) => {
    for (const one of nodes) {
      for (const other of nodes) if (one !== other) one.pin(other, await other.nodeDocument())
    }
    await work({ network, nodes })
  })
}

async function withNodes(
  network: Network,
  names: readonly string[],
  nodes: readonly SimNode[],
  work: (nodes: readonly SimNode[]) => Promise<void>,
): Promise<void> {
  const [name, ...more] = names
  if (name === undefined) return work(nodes)
  const directory = await mkdtemp(join(tmpdir(), 'comity-sim-'))
  try {
    await withDatabase(async (url) => {
      const node = await startNode(network, name, { url, directory })
      try {
        await withNodes(network, more, [...nodes, node], work)
      } finally {
        await node.sequencer.stop()
        await node.close()
      }
    })
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function startNode(
  network: Network,
  name: string,
  { url, directory }: { readonly url: string; readonly directory: string },
): Promise<SimNode> {
  let skewMs = 0
  const baseUrl = `https://${name}`
  const wireNow = (): Instant => instantFromMs(network.nowMs() + skewMs)
  const node = await startExchangeNode(
    name,
    url,
    { url: baseUrl, target: '', close: async () => {} },
    {
      wireNow,
      transport: network.transportFrom(baseUrl),
      logIntent: (tx, digests) => enter(tx, digests, wireNow()),
    },
  )
  network.attach(baseUrl, node.serve)
  const troubles: Trouble[] = []
  const database = node.db as unknown as Kysely<Schema>
  const sequencer = await startSequencer({
    database,
    directory,
    origin: logSigner.key.name,
    signer: logSigner,
    primitives: nodePrimitives,
    witnesses: [],
    wireNow,
    onError: (kind, { message }) => troubles.push({ kind, message }),
    intervalMs: NEVER_MS,
  })
  return {
    ...node,
    baseUrl,
    sequencer,
    log: { database, directory },
    troubles,
    setSkew(ms) {
      skewMs = ms
    },
  }
}

async function enter(
  tx: FederationTransaction,
  digests: readonly string[],
  at: Instant,
): Promise<void> {
  const own = tx as unknown as Transaction<Schema>
  for (const digest of digests) {
    const entry = utf8(digest)
    await addPending(own, { id: randomUUID(), batch: 'ordinary', ready: true, entry, at })
  }
}
