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

export async function addPending(tx: Transaction<Schema>, entry: PendingEntry): Promise<void> {
  await tx.insertInto('log_pending').values(pendingRow(entry)).execute()
}

/** For who writes it together with other rows, in one statement. */
export function pendingRow({ id, batch, ready, entry, at }: PendingEntry) {
  const leaf_hash = hashLeaf(nodePrimitives, entry)
  return { id, batch, ready, entry, leaf_hash, created_at: at }
}
