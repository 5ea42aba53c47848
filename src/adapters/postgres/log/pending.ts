/** Queues an entry for the log, in the transaction of what it commits to. */
import { sql, type Transaction } from 'kysely'
import type { LogBatch } from '../../../app/ports/event-record.ts'
import type { Instant } from '../../../base/time.ts'
import { hashLeaf } from '../../../proof/tree-hash.ts'
import { nodePrimitives } from '../../node-primitives.ts'
import type { Schema } from '../database.ts'
import { longValue } from '../long-values.ts'
import { sendAhead } from '../pipeline.ts'

export type PendingEntry = {
  readonly id: string
  readonly batch: LogBatch
  /** False: it waits until its batch closes. */
  readonly ready: boolean
  readonly entry: Uint8Array
  /** Real time. */
  readonly at: Instant
}

export async function addPending(tx: Transaction<Schema>, entry: PendingEntry): Promise<void> {
  await tx.insertInto('log_pending').values(pendingRow(entry)).execute()
}

/** For who writes it together with other rows, in one statement. */
export function pendingRow({ id, batch, ready, entry, at }: PendingEntry) {
  const leaf_hash = hashLeaf(nodePrimitives, entry)
  return { id, batch, ready, entry, leaf_hash, created_at: at }
}

/**
 * The same for many at once, in one statement whose text does not grow with them. It leaves
 * with the next statement, or with the commit.
 */
export async function addPendingAll(
  tx: Transaction<Schema>,
  pending: readonly PendingEntry[],
): Promise<void> {
  const column = <T>(of: (one: PendingEntry) => T) => pending.map(of)
  const entries = longValue(column(({ entry }) => entry))
  const hashes = column(({ entry }) => hashLeaf(nodePrimitives, entry))
  const statement = sql`
    insert into log_pending (id, batch, ready, entry, leaf_hash, created_at)
    select id, batch, ready,
      substring(${entries.bytes}::bytea from start for size),
      substring(${Buffer.concat(hashes)}::bytea from (32 * place - 31)::int for 32), at
    from unnest(
      ${column(({ id }) => id)}::uuid[], ${column(({ batch }) => batch)}::text[],
      ${column(({ ready }) => ready)}::boolean[], ${column(({ at }) => at)}::timestamptz[],
      ${entries.sizes}::int[], ${entries.starts}::int[]
    ) with ordinality as row (id, batch, ready, at, size, start, place)`
  await sendAhead(tx, statement.compile(tx))
}
