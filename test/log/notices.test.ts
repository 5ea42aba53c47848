/** What a node accepts of others as witness and as peer: that a log is closed, and its successor. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { type Database, migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { acceptNotice } from '../../src/adapters/postgres/log/notices.ts'
import { instant } from '../../src/base/time.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { KEY_TYPE, noteKey } from '../../src/proof/vkey.ts'
import { signLogNotice } from '../../src/wire/log-notice.ts'
import { withDatabase } from '../support/database.ts'

const NODE = 'meridia.example'
const at = instant('2026-11-22T12:00:00.000Z')
const seed = (digit: number) => new Uint8Array(32).fill(digit)
const messageKey = {
  id: `${NODE}/msg1`,
  node: NODE,
  publicKey: publicKeyOf(seed(5)),
  validFrom: instant('2026-01-01T00:00:00.000Z'),
  validUntil: instant('2027-01-01T00:00:00.000Z'),
}

function notice(openedBy: number): Promise<Uint8Array> {
  const opened = noteKey(
    nodePrimitives,
    `${NODE}/ledger/2`,
    KEY_TYPE.ed25519,
    publicKeyOf(seed(openedBy)),
  )
  const closed = { origin: `${NODE}/ledger`, treeSize: 7, rootHash: seed(1) }
  const signer = { keyId: messageKey.id, sign: (bytes: Uint8Array) => signEd25519(seed(5), bytes) }
  const said = { node: NODE, closed, opened, at, reason: 'restored' } as const
  return signLogNotice(nodePrimitives, said, signer, messageKey.publicKey)
}

/** Both find nothing before they write: neither goes on until both wait for the table. */
async function atOnce(database: Database, both: readonly [Uint8Array, Uint8Array]) {
  const accept = (bytes: Uint8Array) => {
    const known = { messageKeysOf: () => [messageKey], knows: async () => true }
    const parts = { database, primitives: nodePrimitives, wireNow: () => at, ...known }
    return acceptNotice(parts, bytes)
  }
  let answers: Promise<readonly string[]> | undefined
  await database.transaction().execute(async (tx) => {
    await sql`lock table log_notice in share mode`.execute(tx)
    answers = Promise.all(both.map(accept))
    await waitFor('both to wait', async () => {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from pg_locks
        where relation = 'log_notice'::regclass and not granted`.execute(tx)
      return rows[0]?.waiting === 2
    })
  })
  return [...((await answers) ?? [])].sort()
}

async function withNotices(work: (database: Database) => Promise<void>): Promise<void> {
  await withDatabase(async (url) => {
    const database = openDatabase(url, 4)
    try {
      await migrate(database)
      await work(database)
    } finally {
      await database.destroy()
    }
  })
}

test('one notice that comes by both ways at once, to a witness that is a peer, accuses nobody', () =>
  withNotices(async (database) => {
    const same = await notice(6)
    assert.deepEqual(await atOnce(database, [same, same]), ['accepted', 'known'])
  }))

test('two successors of one log at once: one is accepted, the other contradicts it', () =>
  withNotices(async (database) => {
    const answers = await atOnce(database, [await notice(6), await notice(7)])
    assert.deepEqual(answers, ['accepted', 'contradiction'])
  }))
