/** Queues an entry for the log, in the transaction of what it commits to. */
import type { Transaction } from 'kysely'
import type { LogBatch } from '../../../app/ports/event-record.ts'
import type { Instant } from '../../../base/time.ts'
import { hashLeaf } from '../../../proof/tree-hash.ts'
import { nodePrimitives } from '../../node-primitives.ts'
import type { Schema } from '../database.ts'

export type PendingEntry = {
  readonly id: string
  readonly batch: LogBatch
  /** False: it waits until its batch closes. */
  readonly ready: boolean
  readonly entry: Uint8Array
  /** Real time. */
  readonly at: Instant
}

export async function addPending(
  tx: Transaction<Schema>,
  { id, batch, ready, entry, at }: PendingEntry,
): Promise<void> {
  const leaf_hash = hashLeaf(nodePrimitives, entry)
  const row = { id, batch, ready, entry, leaf_hash, created_at: at }
  await tx.insertInto('log_pending').values(row).execute()
}
