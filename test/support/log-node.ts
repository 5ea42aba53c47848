/** A log with its database, folder and keys, as tests of the sequencer need it. */

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { type Database, migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { type Sequencer, startSequencer } from '../../src/adapters/postgres/log/sequencer.ts'
import type {
  KnownWitness,
  SequencerError,
  SequencerParts,
} from '../../src/adapters/postgres/log/sequencer-parts.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { type Instant, instantFromMs } from '../../src/base/time.ts'
import { verifyCheckpoint } from '../../src/proof/checkpoint.ts'
import { parseEntryBundle } from '../../src/proof/entry-bundle.ts'
import { parseSignedNote } from '../../src/proof/signed-note.ts'
import { tilePath } from '../../src/proof/tile-path.ts'
import { bundlesBetween, tilesBetween } from '../../src/proof/tiles.ts'
import { hashLeaf } from '../../src/proof/tree-hash.ts'
import { withDatabase } from './database.ts'
import { naiveLeaf, naiveRoots } from './merkle.ts'
import { logSigner } from './test-log.ts'

export type Trouble = { readonly kind: SequencerError; readonly message: string }

export type LogNode = {
  readonly url: string
  readonly database: Database
  readonly directory: string
  readonly troubles: Trouble[]
  start(overrides?: Partial<SequencerParts>): Promise<Sequencer>
  /** Accepts entries `"<first>"`, … and gives their log ids. */
  accept(count: number, options?: { ready?: boolean }): Promise<string[]>
}

export const realNow = (): Instant => instantFromMs(Date.now())

/** Rounds run only when a test flushes. */
const NEVER_MS = 3_600_000

export async function withLogNode(
  work: (node: LogNode) => Promise<void>,
  witnesses: readonly KnownWitness[] = [],
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'comity-log-'))
  try {
    await withDatabase((url) => withLogNodeAt({ url, directory }, work, witnesses))
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** As `withLogNode`, on a database and in a folder of the caller's. */
export async function withLogNodeAt(
  { url, directory }: Pick<LogNode, 'url' | 'directory'>,
  work: (node: LogNode) => Promise<void>,
  witnesses: readonly KnownWitness[] = [],
): Promise<void> {
  const database = openDatabase(url, 4)
  const running: Sequencer[] = []
  try {
    await migrate(database)
    await work(logNode({ url, database, directory }, witnesses, running))
  } finally {
    for (const sequencer of running) await sequencer.stop()
    await database.destroy()
  }
}

function logNode(
  { url, database, directory }: Pick<LogNode, 'url' | 'database' | 'directory'>,
  witnesses: readonly KnownWitness[],
  running: Sequencer[],
): LogNode {
  const troubles: Trouble[] = []
  let accepted = 0
  return {
    url,
    database,
    directory,
    troubles,
    async start(overrides = {}) {
      const sequencer = await startSequencer({
        database,
        directory,
        origin: logSigner.key.name,
        signer: logSigner,
        primitives: nodePrimitives,
        witnesses,
        wireNow: realNow,
        onError: (kind, { message }) => troubles.push({ kind, message }),
        intervalMs: NEVER_MS,
        ...overrides,
      })
      running.push(sequencer)
      return sequencer
    },
    async accept(count, { ready = true } = {}) {
      const start = Date.now()
      const rows = Array.from({ length: count }, (_, i) => {
        const entry = utf8(String(accepted + i))
        const created_at = instantFromMs(start + accepted + i)
        return { id: randomUUID(), entry, ready, leaf_hash: leafOf(entry), created_at }
      })
      accepted += count
      for (let i = 0; i < rows.length; i += 2000) {
        const some = rows.slice(i, i + 2000)
        await database.insertInto('log_pending').values(some).execute()
      }
      return rows.map(({ id }) => id)
    },
  }
}

/** The checkpoint that everyone sees, verified. */
export async function publicCheckpoint(node: Pick<LogNode, 'directory'>) {
  const note = parseSignedNote(await readFile(join(node.directory, 'checkpoint')))
  return verifyCheckpoint(nodePrimitives, note, [logSigner.key])
}

/** Checks the public files alone, by other code, against the rows of the log. */
export async function checkFiles(
  node: Pick<LogNode, 'directory' | 'database'>,
  size: number,
): Promise<void> {
  const rows = await node.database.selectFrom('log_entry').select('entry').orderBy('seq').execute()
  const leaves = rows.map(({ entry }) => naiveLeaf(entry))
  const naive = naiveRoots(leaves)
  const checkpoint = await publicCheckpoint(node)
  assert.equal(checkpoint.treeSize, size)
  assert.deepEqual(checkpoint.rootHash, naive(0, size))
  for (const tile of tilesBetween(0, size)) {
    const span = 256 ** Number(tile.level)
    const hashes = Array.from({ length: tile.width }, (_, i) => {
      const start = (tile.index * 256 + i) * span
      return naive(start, start + span)
    })
    const bytes = await readFile(join(node.directory, tilePath(tile)))
    assert(bytes.equals(Buffer.concat(hashes)), tilePath(tile))
  }
  for (const bundle of bundlesBetween(0, size)) {
    const bytes = await readFile(join(node.directory, tilePath(bundle)))
    for (const [i, entry] of parseEntryBundle(bytes, bundle.width).entries()) {
      assert.deepEqual(naiveLeaf(entry), leaves[bundle.index * 256 + i])
    }
  }
}

const leafOf = (entry: Uint8Array) => hashLeaf(nodePrimitives, entry)
