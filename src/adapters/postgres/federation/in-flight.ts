/**
 * The one batch that is under way to a peer: stored before anybody has it, sent again as
 * the same bytes until there is an answer, and dropped with it. While it is under way the
 * next one may be made, and waits stored in the same place for its turn.
 */
import { sql } from 'kysely'
import type { MessageDraft } from '../../../wire/exchange/message-header.ts'
import type { ExchangePeer } from '../../../wire/exchange/node-document.ts'
import { TRANSACTION_MESSAGES_MAX } from '../../../wire/exchange/transaction.ts'
import { type Batch, type BatchDeps, makeBatch } from './batch.ts'
import { isDue } from './bounded.ts'
import { type FederationDatabase, type FederationTransaction, runAhead } from './database.ts'
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
    .orderBy('goes_ahead', 'desc')
    .orderBy('place')
    .limit(TRANSACTION_MESSAGES_MAX)
    .execute()
  return rows.map(({ id, draft }) => {
    const { type, objectId } = JSON.parse(draft) as MessageDraft
    return { id, type, objectId }
  })
}

/** The id of the batch that is under way. */
export async function oldestInFlight(
  db: FederationDatabase | FederationTransaction,
  destination: string,
): Promise<string | undefined> {
  const row = await (db as FederationDatabase)
    .selectFrom('fed_out_transaction')
    .select('id')
    .where('destination', '=', destination)
    .orderBy('epoch')
    .orderBy('first_seq')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

/**
 * The batch that is stored behind one whose receipts were verified, if it may leave: nobody
 * took a content out of it, the channel goes on, and this process still writes it.
 *
 * @param next as it was made by this process
 */
export async function storedBehind(
  db: FederationDatabase,
  { destination, fence }: Lease,
  { batch, next }: { readonly batch: Batch; readonly next: Batch | undefined },
): Promise<Batch | undefined> {
  const row = await db
    .selectFrom('fed_out_channel as channel')
    .innerJoin('fed_out_transaction as stored', 'stored.destination', 'channel.destination')
    .select('stored.id')
    .where('channel.destination', '=', destination)
    .where('channel.fence', '=', String(fence))
    .where('channel.stopped_reason', 'is', null)
    .where(isBehind(batch))
    .executeTakeFirst()
  if (row === undefined) return undefined
  return row.id === next?.id ? next : readInFlight(db, destination, batch)
}

const NO_BATCH = { epoch: 0, lastSeq: 0 }

const isBehind = ({ epoch, lastSeq }: Pick<Batch, 'epoch' | 'lastSeq'>) =>
  sql<boolean>`(stored.epoch, stored.first_seq) > (${epoch}::bigint, ${lastSeq}::bigint)`

/** The batch that is under way, or the first behind another. */
export async function readInFlight(
  db: FederationDatabase | FederationTransaction,
  destination: string,
  behind?: Batch,
): Promise<Batch | undefined> {
  const row = await (db as FederationDatabase)
    .selectFrom('fed_out_transaction as stored')
    .selectAll()
    .where('destination', '=', destination)
    .where(isBehind(behind ?? NO_BATCH))
    .orderBy('epoch')
    .orderBy('first_seq')
    .limit(1)
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

/**
 * Makes the batch that follows the one under way, if there is enough for a full one: what
 * comes later can still join a smaller one, and be taken back until then.
 */
export async function prepareAhead(
  deps: InFlightDeps,
  lease: Lease,
  { peer, batch }: { readonly peer: ExchangePeer; readonly batch: Batch },
): Promise<Batch | undefined> {
  if (!(await isEnoughPending(deps.db, peer.node))) return undefined
  await askBeforeNumbering(deps, peer.node)
  return deps.db.transaction().execute(async (tx) => {
    if (!(await holdsLease(tx, lease))) return undefined
    const stored = await storedBatches(tx, peer.node)
    const isNext = stored.length === 1 && stored[0]?.id === batch.id
    return isNext ? makeNext(deps, tx, peer, batch) : undefined
  })
}

async function isEnoughPending(db: FederationDatabase, destination: string): Promise<boolean> {
  const row = await db
    .selectFrom('fed_out_pending')
    .select('id')
    .where('destination', '=', destination)
    .where(isDue)
    .offset(TRANSACTION_MESSAGES_MAX - 1)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function storedBatches(tx: FederationTransaction, destination: string) {
  return tx
    .selectFrom('fed_out_transaction')
    .select('id')
    .where('destination', '=', destination)
    .execute()
}

async function prepareNext(
  deps: InFlightDeps,
  lease: Lease,
  peer: ExchangePeer,
): Promise<Batch | undefined> {
  return deps.db.transaction().execute(async (tx) => {
    if (!(await holdsLease(tx, lease))) return undefined
    return (await readInFlight(tx, peer.node)) ?? makeNext(deps, tx, peer)
  })
}

/** Of the first messages without a receipt, or of those behind a batch. */
async function makeNext(
  deps: InFlightDeps,
  tx: FederationTransaction,
  peer: ExchangePeer,
  behind?: Batch,
): Promise<Batch | undefined> {
  await deps.outbox.numberPending(tx, peer.node, TRANSACTION_MESSAGES_MAX)
  const { epoch, lastSeq } = behind ?? NO_BATCH
  const stored = await tx
    .selectFrom('fed_out')
    .select(['id', 'epoch', 'seq', 'link', 'header', 'signature', 'sealed_content'])
    .where('destination', '=', peer.node)
    .where('decision', 'is', null)
    .where(sql<boolean>`(epoch, seq) > (${epoch}::bigint, ${lastSeq}::bigint)`)
    .orderBy('epoch')
    .orderBy('seq')
    .limit(TRANSACTION_MESSAGES_MAX)
    // Whoever takes out a content waits for this batch, and then takes out the batch, too.
    .forShare()
    .execute()
  if (stored.length === 0) return undefined
  const batch = await makeBatch(deps, peer, stored)
  await runAhead(
    tx,
    tx.insertInto('fed_out_transaction').values({
      destination: peer.node,
      id: batch.id,
      epoch: batch.epoch,
      first_seq: batch.firstSeq,
      last_seq: batch.lastSeq,
      body: batch.body,
    }),
  )
  return batch
}
