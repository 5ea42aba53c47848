/**
 * Stored batches go when they are answered, when the peer asks for earlier messages, or when
 * a content is taken out that lies sealed in them. Then they are made again without it.
 */
import { sql } from 'kysely'
import { type FederationTransaction, runAhead } from './database.ts'

export async function dropBatch(tx: FederationTransaction, destination: string, id: string) {
  await runAhead(
    tx,
    tx
      .deleteFrom('fed_out_transaction')
      .where('destination', '=', destination)
      .where('id', '=', id),
  )
}

export async function dropAllBatches(tx: FederationTransaction, destination: string) {
  await tx.deleteFrom('fed_out_transaction').where('destination', '=', destination).execute()
}

/** The batch with this message, and those behind it. */
export async function dropBatchesFrom(
  tx: FederationTransaction,
  { destination, epoch, seq }: { destination: string; epoch: string; seq: string },
): Promise<void> {
  await tx
    .deleteFrom('fed_out_transaction')
    .where('destination', '=', destination)
    .where(sql<boolean>`(epoch, last_seq) >= (${epoch}::bigint, ${seq}::bigint)`)
    .execute()
}
