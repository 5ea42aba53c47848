/**
 * The receipts of a transaction that is in flight. They are verified before the next one
 * leaves; what follows from them is then put on record in one transaction of the database.
 * Of a process that ends in between nothing is lost: the same bytes are sent again, and
 * the peer answers them with the same receipts.
 */
import { type RawBuilder, sql } from 'kysely'
import { canonicalText } from '../../../base/canonical-json.ts'
import { ComityError } from '../../../base/errors.ts'
import type { Verified } from '../../../base/verified.ts'
import { isOverBound } from '../../../wire/exchange/daily-bound.ts'
import {
  outcomeOf,
  type ReceiptSubject,
  type SignedReceipt,
  verifyReceipts,
} from '../../../wire/exchange/receipt.ts'
import type { Batch } from './batch.ts'
import { sendNextDay } from './bounded.ts'
import type { FederationTransaction } from './database.ts'
import type { DeliveryDeps, DeliveryOutcome, Flight } from './delivery.ts'
import { dropBatch } from './drop-batches.ts'
import { oldestInFlight } from './in-flight.ts'
import { holdsLease } from './lease.ts'
import { stop } from './stopped.ts'

/** A message of ours and what its destination has signed about it. */
export type Receipted = {
  readonly id: string
  readonly objectId: string
  /** Of the message, as it was signed. */
  readonly header: string
  /** What it carried, if it had no effect there and was not erased. */
  readonly sealedContent: Uint8Array | null
  readonly signed: Verified<SignedReceipt>
}

export type VerifiedReceipts = readonly Verified<SignedReceipt>[]

/** However they came: in the answer to a push, or from a peer that had fetched the messages. */
export async function acceptReceipts(
  deps: DeliveryDeps,
  flight: Flight,
  body: Uint8Array,
): Promise<DeliveryOutcome> {
  const subjects = await subjectsOf(deps, flight)
  const receipts = await verifiedOrStop(deps, flight, { subjects, body })
  return 'kind' in receipts ? receipts : recordReceipts(deps, flight, receipts)
}

/** The messages of a batch, as its receipts must name them. */
export async function subjectsOf(
  { db, node }: DeliveryDeps,
  { peer, batch }: Flight,
): Promise<readonly ReceiptSubject[]> {
  const rows = await db
    .selectFrom('fed_out')
    .select(['seq', 'link'])
    .where('destination', '=', peer.node)
    .where('epoch', '=', String(batch.epoch))
    .where('seq', '>=', String(batch.firstSeq))
    .where('seq', '<=', String(batch.lastSeq))
    .orderBy('seq')
    .execute()
  const channel = { origin: node, destination: peer.node, epoch: batch.epoch }
  return rows.map(({ seq, link }) => ({ ...channel, seq: Number(seq), link }))
}

/** A receipt that does not hold stops the channel: people look. */
export async function verifiedOrStop(
  deps: DeliveryDeps,
  flight: Flight,
  given: { readonly subjects: readonly ReceiptSubject[]; readonly body: Uint8Array },
): Promise<VerifiedReceipts | DeliveryOutcome> {
  const { peer, batch } = flight
  try {
    const expected = { transaction: batch.id, messages: given.subjects, by: peer }
    return await verifyReceipts(deps.primitives, given.body, expected)
  } catch (error) {
    // Dropped meanwhile, as by a new epoch: it is made again of what is there then.
    if ((await oldestInFlight(deps.db, peer.node)) !== batch.id) return { kind: 'busy' }
    return stopFor(deps, flight, error)
  }
}

/** @throws ComityError `unavailable`: then nothing of it is on record */
export async function recordReceipts(
  deps: DeliveryDeps,
  flight: Flight,
  receipts: VerifiedReceipts,
): Promise<DeliveryOutcome> {
  const { lease, peer, batch } = flight
  try {
    return await deps.db.transaction().execute(async (tx) => {
      if (!(await holdsLease(tx, lease))) return { kind: 'busy' }
      if ((await oldestInFlight(tx, peer.node)) !== batch.id) return { kind: 'busy' }
      const sent = await storeReceipts(tx, { destination: peer.node, batch }, receipts)
      const tooMuch = sent.filter(({ signed }) => isOverBound(signed.receipt))
      await sendNextDay(tx, peer.node, tooMuch)
      if (tooMuch.length > 0) deps.alarm({ kind: 'our-bound-reached', peer: peer.node })
      await deps.onReceipts?.(tx, sent)
      await dropBatch(tx, peer.node, batch.id)
      return { kind: 'delivered', messages: sent.length }
    })
  } catch (error) {
    return stopFor(deps, flight, error)
  }
}

async function stopFor(deps: DeliveryDeps, flight: Flight, error: unknown) {
  if (!(error instanceof ComityError) || error.code === 'unavailable') throw error
  return stop(deps, flight, `receipts-${error.reason ?? error.code}`)
}

const WITHOUT_EFFECT: readonly string[] = ['rejected', 'expired']

type ReceiptedRow = {
  readonly seq: string
  readonly id: string
  readonly object_id: string
  readonly header: string
  readonly sealed_content: Uint8Array | null
}

/**
 * All in one statement: one round trip, however many they are. The range says what the numbers
 * say: without it a plan made before the table was measured reads the whole channel.
 */
async function storeReceipts(
  tx: FederationTransaction,
  { destination, batch }: { readonly destination: string; readonly batch: Batch },
  receipts: VerifiedReceipts,
): Promise<readonly Receipted[]> {
  const seqs = receipts.map(({ receipt }) => receipt.seq)
  const decisions = receipts.map(({ receipt }) => outcomeOf(receipt))
  const texts = receipts.map((signed) => canonicalText(signed))
  const statement: RawBuilder<ReceiptedRow> = sql`
    update fed_out set decision = given.decision, receipt = given.receipt
    from unnest(${seqs}::bigint[], ${decisions}::text[], ${texts}::text[])
      as given (seq, decision, receipt)
    where fed_out.destination = ${destination} and fed_out.epoch = ${batch.epoch}
      and fed_out.seq between ${batch.firstSeq} and ${batch.lastSeq}
      and fed_out.seq = given.seq
    returning fed_out.seq, id, object_id, header,
      case when given.decision = any(${WITHOUT_EFFECT}::text[]) then sealed_content end
        as sealed_content`
  const { rows } = await statement.execute(tx)
  const bySeq = new Map(rows.map((row) => [Number(row.seq), row]))
  return receipts.flatMap((signed) => {
    const row = bySeq.get(signed.receipt.seq)
    if (row === undefined) return []
    const { id, object_id: objectId, header, sealed_content: sealedContent } = row
    return [{ id, objectId, header, sealedContent, signed }]
  })
}
