/**
 * Which of its logs the node writes now, and those that it has closed. The first is
 * signed with the node's log key; each later one with a key of its own, which lies in
 * the database, sealed under the column key.
 */
import { generateKeyPairSync } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import { fromBase64 } from '../../../base/bytes.ts'
import type { Instant } from '../../../base/time.ts'
import type { NoteSigner } from '../../../proof/signed-note.ts'
import { formatVkey, KEY_TYPE, noteKey } from '../../../proof/vkey.ts'
import { logOriginOf } from '../../../wire/event-opening.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../node-primitives.ts'
import type { Database, Schema } from '../database.ts'
import { sizeOf } from './tables.ts'

export type OwnLog = {
  readonly ordinal: number
  readonly signer: NoteSigner
  /** Folder of its public files, inside the node's folder. */
  readonly folder: string
  /** Oldest first: how this log follows the node's first one. */
  readonly notices: readonly Uint8Array[]
  readonly closed: readonly ClosedLog[]
}

export type ClosedLog = {
  readonly ordinal: number
  readonly origin: string
  readonly vkey: string
  readonly folder: string
  /** The last that others had seen; more than the node may still hold itself. */
  readonly treeSize: number
  readonly rootHash: Uint8Array
  readonly closedAt: Instant
  /** False for one that was opened and lost between two backups. */
  readonly hasRows: boolean
}

/** @param first the signer of the node's first log */
export async function currentLog(
  database: Database,
  atRest: AtRest,
  first: NoteSigner,
): Promise<OwnLog> {
  const rows = await database.selectFrom('own_log').selectAll().orderBy('ordinal').execute()
  const kept = await closedSchemas(database)
  const closed = rows.flatMap((row): ClosedLog[] =>
    row.closed_size === null || row.closed_root === null || row.closed_at === null
      ? []
      : [
          {
            ordinal: row.ordinal,
            origin: row.origin,
            vkey: row.vkey,
            folder: folderOf(row.ordinal),
            treeSize: sizeOf(row.closed_size),
            rootHash: new Uint8Array(row.closed_root),
            hasRows: kept.has(`closed_log_${row.ordinal}`),
            closedAt: row.closed_at.toISOString() as Instant,
          },
        ],
  )
  const notices = rows.flatMap(({ notice }) => (notice ? [new Uint8Array(notice)] : []))
  const open = rows.find((row) => row.closed_at === null)
  if (!open?.sealed_key) {
    return { ordinal: 1, signer: first, folder: folderOf(1), notices, closed }
  }
  const seed = atRest.node.open(keyContext(open.ordinal), open.sealed_key)
  const key = noteKey(nodePrimitives, open.origin, KEY_TYPE.ed25519, publicKeyOf(seed))
  const signer = { key, sign: (message: Uint8Array) => signEd25519(seed, message) }
  return { ordinal: open.ordinal, signer, folder: folderOf(open.ordinal), notices, closed }
}

async function closedSchemas(database: Database): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ name: string }>`
    select nspname as name from pg_namespace where nspname like 'closed_log_%'`.execute(database)
  return new Set(rows.map(({ name }) => name))
}

export type NextLog = {
  readonly ordinal: number
  readonly signer: NoteSigner
  readonly sealedKey: Uint8Array
}

/** A log with a key that nobody has seen yet. */
export function makeNextLog(node: string, ordinal: number, atRest: AtRest): NextLog {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d = '' } = privateKey.export({ format: 'jwk' })
  const seed = fromBase64(Buffer.from(d, 'base64url').toString('base64'), 'seed')
  const origin = logOriginOf(node, ordinal)
  const key = noteKey(nodePrimitives, origin, KEY_TYPE.ed25519, publicKeyOf(seed))
  return {
    ordinal,
    signer: { key, sign: (message) => signEd25519(seed, message) },
    sealedKey: atRest.node.seal(keyContext(ordinal), seed),
  }
}

export type EndedLog = {
  readonly ordinal: number
  readonly origin: string
  readonly vkey: string
  /** By which it was opened; none for the first. */
  readonly notice: Uint8Array | null
  readonly treeSize: number
  readonly rootHash: Uint8Array
}

/**
 * Writes down that `next` follows the logs before it. There may be several that this
 * database never knew: opened after the backup, and lost with it.
 */
export async function recordNextLog(
  tx: Transaction<Schema>,
  ended: readonly EndedLog[],
  { ordinal, signer, sealedKey, notice, at }: NextLog & { notice: Uint8Array; at: Instant },
): Promise<void> {
  for (const { treeSize, rootHash, ...log } of ended) {
    const end = { closed_size: treeSize, closed_root: rootHash, closed_at: at }
    await tx
      .insertInto('own_log')
      .values({ ...log, sealed_key: null, opened_at: at, ...end })
      .onConflict((on) => on.column('ordinal').doUpdateSet(end))
      .execute()
  }
  const vkey = formatVkey(signer.key)
  const origin = signer.key.name
  await tx
    .insertInto('own_log')
    .values({ ordinal, origin, vkey, sealed_key: sealedKey, opened_at: at, notice })
    .execute()
}

const folderOf = (ordinal: number) => (ordinal === 1 ? 'ledger' : `ledger-${ordinal}`)

const keyContext = (ordinal: number) => `own-log/${ordinal}/key`
