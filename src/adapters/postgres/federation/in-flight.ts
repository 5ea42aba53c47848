/**
 * The one batch that is under way to a peer: stored before anybody has it, sent again as
 * the same bytes until there is an answer, and dropped with it.
 */
import type { MessageDraft } from '../../../wire/exchange/message-header.ts'
import type { ExchangePeer } from '../../../wire/exchange/node-document.ts'
import { TRANSACTION_MESSAGES_MAX } from '../../../wire/exchange/transaction.ts'
import { type Batch, type BatchDeps, makeBatch } from './batch.ts'
import { isDue } from './bounded.ts'
import type { FederationDatabase, FederationTransaction } from './database.ts'
import { holdsLease, type Lease } from './lease.ts'
import type { Outbox } from './outbox.ts'

export type InFlightDeps = BatchDeps & {
  readonly db: FederationDatabase
  readonly outbox: Outbox
  /** What waits for its number: the last moment at which it may be taken back. */
  readonly beforeNumbering?: (
    waiting: readonly { readonly id: string; readonly type: string; readonly objectId: string }[],
  ) => Promise<void>
}

/** What has no answer yet, or else the next batch, which then is stored before anybody has it. */
export async function inFlightOrNext(
  deps: InFlightDeps,
  lease: Lease,
  peer: ExchangePeer,
): Promise<Batch | undefined> {
  const inFlight = await readInFlight(deps.db, peer.node)
  if (inFlight !== undefined) return inFlight
  await askBeforeNumbering(deps, peer.node)
  return prepareNext(deps, lease, peer)
}

/** What is queued after this look was decided after it, and gets its number a moment later. */
async function askBeforeNumbering(
  { db, beforeNumbering }: InFlightDeps,
  destination: string,
): Promise<void> {
  if (!beforeNumbering) return
  const asked = new Set<string>()
  // Again until nothing is new: in the place of one that was taken back another moves up.
  for (;;) {
    const next = await nextPending(db, destination)
    const waiting = next.filter(({ id }) => !asked.has(id))
    if (waiting.length === 0) return
    await beforeNumbering(waiting)
    for (const { id } of waiting) asked.add(id)
  }
}

async function nextPending(db: FederationDatabase, destination: string) {
  const rows = await db
    .selectFrom('fed_out_pending')
    .select(['id', 'draft'])
    .where('destination', '=', destination)
    .where(isDue)
    .orderBy('place')
    .limit(TRANSACTION_MESSAGES_MAX)
    .execute()
  return rows.map(({ id, draft }) => {
    const { type, objectId } = JSON.parse(draft) as MessageDraft
    return { id, type, objectId }
  })
}

export async function readInFlight(
  db: FederationDatabase | FederationTransaction,
  destination: string,
): Promise<Batch | undefined> {
  const row = await (db as FederationDatabase)
    .selectFrom('fed_out_transaction')
    .selectAll()
    .where('destination', '=', destination)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const [epoch, firstSeq, lastSeq] = [row.epoch, row.first_seq, row.last_seq].map(Number)
  return {
    id: row.id,
    epoch: epoch as number,
    firstSeq: firstSeq as number,
    lastSeq: lastSeq as number,
    body: new Uint8Array(row.body),
  }
}

async function prepareNext(
  deps: InFlightDeps,
  lease: Lease,
  peer: ExchangePeer,
): Promise<Batch | undefined> {
  return deps.db.transaction().execute(async (tx) => {
    if (!(await holdsLease(tx, lease))) return undefined
    const meanwhile = await readInFlight(tx, peer.node)
    if (meanwhile !== undefined) return meanwhile
    await deps.outbox.numberPending(tx, peer.node, TRANSACTION_MESSAGES_MAX)
    const stored = await tx
      .selectFrom('fed_out')
      .select(['id', 'epoch', 'seq', 'link', 'header', 'signature', 'sealed_content'])
      .where('destination', '=', peer.node)
      .where('decision', 'is', null)
      .orderBy('epoch')
      .orderBy('seq')
      .limit(TRANSACTION_MESSAGES_MAX)
      .execute()
    if (stored.length === 0) return undefined
    const batch = await makeBatch(deps, peer, stored)
    await tx
      .insertInto('fed_out_transaction')
      .values({
        destination: peer.node,
        id: batch.id,
        epoch: batch.epoch,
        first_seq: batch.firstSeq,
        last_seq: batch.lastSeq,
        body: batch.body,
      })
      .execute()
    return batch
  })
}

export async function dropInFlight(tx: FederationTransaction, destination: string, id: string) {
  await tx
    .deleteFrom('fed_out_transaction')
    .where('destination', '=', destination)
    .where('id', '=', id)
    .execute()
}
