/**
 * One step of delivery to one peer: what is in flight, or the next batch, is sent
 * once, and the answer settled by the table of statuses in
 * `protocol/spec/exchange.md`. The deliverer repeats it.
 *
 * One transaction is in flight a direction. It is stored before it is sent, and
 * sent again as the same bytes under the same id until there is an answer.
 */
import { sql } from 'kysely'
import type { ExchangeAlarm, ExpectedPlace, PeerDirectory } from '../../../app/ports/exchange.ts'
import { canonicalText } from '../../../base/canonical-json.ts'
import { ComityError } from '../../../base/errors.ts'
import type { Verified } from '../../../base/verified.ts'
import { isOverBound } from '../../../wire/exchange/daily-bound.ts'
import { ZERO_LINK } from '../../../wire/exchange/message-header.ts'
import type { ExchangePeer } from '../../../wire/exchange/node-document.ts'
import { outcomeOf, type SignedReceipt, verifyReceipts } from '../../../wire/exchange/receipt.ts'
import { commonVersion, VERSION_CODE } from '../../../wire/exchange/version.ts'
import { type Exercise, isSameWorld } from '../../../wire/exchange/world.ts'
import type { HttpResponse } from '../../../wire/http-message.ts'
import type { HttpPrimitives } from '../../../wire/http-signature.ts'
import type { PeerAnswer, PeerClient } from '../../peers/peer-client.ts'
import type { Batch } from './batch.ts'
import { sendNextDay } from './bounded.ts'
import type { FederationDatabase, FederationTransaction } from './database.ts'
import { dropAllBatches, dropBatch } from './drop-batches.ts'
import { type InFlightDeps, inFlightOrNext, prepareAhead, readInFlight } from './in-flight.ts'
import { holdsLease, type Lease, takeLease } from './lease.ts'
import { expectedPlace, problemCode, retryAfterMs } from './peer-answer.ts'
import { STOPPED_BY_401 } from './stopped.ts'

export type DeliveryDeps = InFlightDeps & {
  /** This node. */
  readonly node: string
  /** This process: names the holder of leases. */
  readonly holder: string
  readonly primitives: HttpPrimitives
  readonly peers: PeerDirectory
  /** Of a node that does not work on real cases: it has no business with one that does. */
  readonly exercise?: Exercise | undefined
  readonly call: PeerClient
  readonly alarm: (alarm: ExchangeAlarm) => void
  /** What follows from receipts, in the transaction that stores them. */
  readonly onReceipts?: (tx: FederationTransaction, given: readonly Receipted[]) => Promise<void>
}

/** A message of ours and what its destination has signed about it. */
export type Receipted = {
  readonly id: string
  readonly objectId: string
  /** Of the message, as it was signed, and what it carried, if that was not erased. */
  readonly header: string
  readonly sealedContent: Uint8Array | null
  readonly signed: Verified<SignedReceipt>
}

export type DeliveryOutcome =
  | { readonly kind: 'delivered'; readonly messages: number }
  | { readonly kind: 'idle' }
  /** Another process delivers to this peer. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'stopped'; readonly reason: string }
  | { readonly kind: 'later'; readonly afterMs: number; readonly reason: string }
  /** The peer cannot be called: what is for it waits until it asks. */
  | { readonly kind: 'left' }
  /** The peer asked for earlier messages; go on at once. */
  | { readonly kind: 'rewound' }

export const LEASE_MS = 60_000
const UNSIGNED_STOPS = new Set([413, 415])

export type StepOptions = {
  readonly signal?: AbortSignal
  /** The step before was delivered: the next batch is made while this one is under way. */
  readonly isFlowing?: boolean
}

/** @throws ComityError `unavailable` if peer or database cannot be reached */
export async function deliverOnce(
  deps: DeliveryDeps,
  destination: string,
  { signal, isFlowing = false }: StepOptions = {},
): Promise<DeliveryOutcome> {
  const { db, node, holder } = deps
  const lease = await takeLease(db, node, { destination, holder, leaseMs: LEASE_MS })
  if (lease === undefined) return { kind: 'busy' }
  const reason = await stoppedReason(db, destination)
  if (reason !== null && reason !== VERSION_CODE) return { kind: 'stopped', reason }
  const peer = await deps.peers.peer(destination)
  if (peer === undefined) return { kind: 'later', afterMs: 0, reason: 'peer-unknown' }
  if (!isSameWorld(peer.exercise, deps.exercise)) return { kind: 'stopped', reason: 'exercise' }
  if (commonVersion(peer.versions) === undefined) return stop(deps, { lease, peer }, VERSION_CODE)
  // Its newest document may say another version than the one for which the channel stopped.
  if (reason !== null) await goOn(db, destination)
  if (peer.outboundOnly) return { kind: 'left' }
  const inFlight = await inFlightOrNext(deps, lease, peer)
  if (inFlight === undefined) return { kind: 'idle' }
  const flight = { lease, peer, batch: inFlight }
  // What fails here fails again in the step that needs it, and is heard of there.
  const ahead = isFlowing ? prepareAhead(deps, lease, flight).catch(() => {}) : undefined
  const [answer] = await Promise.all([send(deps, peer, inFlight, signal), ahead])
  return settle(deps, flight, answer)
}

type Flight = { readonly lease: Lease; readonly peer: ExchangePeer; readonly batch: Batch }

export async function stoppedReason(db: FederationDatabase, destination: string) {
  const row = await db
    .selectFrom('fed_out_channel')
    .select('stopped_reason')
    .where('destination', '=', destination)
    .executeTakeFirst()
  return row?.stopped_reason ?? null
}

/** A 401 is tried once more under a fresh signature: a clock or a nonce may have been unlucky. */
async function send(
  deps: DeliveryDeps,
  peer: ExchangePeer,
  { id, body }: Batch,
  signal?: AbortSignal,
): Promise<PeerAnswer> {
  const call = { method: 'PUT', path: `/federation/v1/transactions/${id}`, body } as const
  const answer = await deps.call(peer, call, signal)
  return answer.response.status === 401 ? deps.call(peer, call, signal) : answer
}

async function settle(
  deps: DeliveryDeps,
  flight: Flight,
  { response, isVerified }: PeerAnswer,
): Promise<DeliveryOutcome> {
  const { status } = response
  if (status === 401) return stop(deps, flight, STOPPED_BY_401)
  if (UNSIGNED_STOPS.has(status)) return stop(deps, flight, `http-${status}`)
  // Nobody signed it: a proxy, or somebody on the way. It decides nothing.
  if (!isVerified) return later(response, `http-${status}-unsigned`)
  if (status === 200) return acceptReceipts(deps, flight, response.body)
  if (status === 409) return rewind(deps, flight, response)
  if (status === 400 || status === 403 || status === 421) {
    return stop(deps, flight, problemCode(response) ?? `http-${status}`)
  }
  return later(response, `http-${status}`)
}

/** However they came: in the answer to a push, or from a peer that had fetched the messages. */
export async function acceptReceipts(
  deps: DeliveryDeps,
  flight: Flight,
  body: Uint8Array,
): Promise<DeliveryOutcome> {
  const { lease, peer, batch } = flight
  try {
    return await deps.db.transaction().execute(async (tx) => {
      if (!(await holdsLease(tx, lease))) return { kind: 'busy' }
      if ((await readInFlight(tx, peer.node))?.id !== batch.id) return { kind: 'busy' }
      const sent = await sentMessages(tx, peer.node, batch)
      const receipts = verifyReceipts(deps.primitives, body, {
        transaction: batch.id,
        messages: sent.map((row) => ({
          origin: deps.node,
          destination: peer.node,
          epoch: Number(row.epoch),
          seq: Number(row.seq),
          link: row.link,
        })),
        by: peer,
      })
      await storeReceipts(tx, flight, receipts)
      const tooMuch = sent.filter((_, index) =>
        isOverBound((receipts[index] as SignedReceipt).receipt),
      )
      await sendNextDay(tx, peer.node, tooMuch)
      if (tooMuch.length > 0) deps.alarm({ kind: 'our-bound-reached', peer: peer.node })
      await deps.onReceipts?.(
        tx,
        sent.map(({ id, object_id: objectId, header, sealed_content: sealedContent }, index) => {
          const signed = receipts[index] as Verified<SignedReceipt>
          return { id, objectId, header, sealedContent, signed }
        }),
      )
      await dropBatch(tx, peer.node, batch.id)
      return { kind: 'delivered', messages: sent.length }
    })
  } catch (error) {
    if (!(error instanceof ComityError) || error.code === 'unavailable') throw error
    return stop(deps, flight, `receipts-${error.reason ?? error.code}`)
  }
}

function sentMessages(tx: FederationTransaction, destination: string, batch: Batch) {
  return tx
    .selectFrom('fed_out')
    .select(['epoch', 'seq', 'link', 'id', 'object_id', 'header', 'sealed_content'])
    .where('destination', '=', destination)
    .where('epoch', '=', String(batch.epoch))
    .where('seq', '>=', String(batch.firstSeq))
    .where('seq', '<=', String(batch.lastSeq))
    .orderBy('seq')
    .execute()
}

/** All in one statement: one round trip, however many they are. */
async function storeReceipts(
  tx: FederationTransaction,
  { peer, batch }: Flight,
  receipts: readonly SignedReceipt[],
): Promise<void> {
  const seqs = receipts.map(({ receipt }) => receipt.seq)
  const decisions = receipts.map(({ receipt }) => outcomeOf(receipt))
  const texts = receipts.map((signed) => canonicalText(signed))
  await sql`
    update fed_out set decision = given.decision, receipt = given.receipt
    from unnest(${seqs}::bigint[], ${decisions}::text[], ${texts}::text[])
      as given (seq, decision, receipt)
    where fed_out.destination = ${peer.node} and fed_out.epoch = ${batch.epoch}
      and fed_out.seq = given.seq`.execute(tx)
}

async function rewind(
  deps: DeliveryDeps,
  flight: Flight,
  response: HttpResponse,
): Promise<DeliveryOutcome> {
  const code = problemCode(response)
  const expected = expectedPlace(response)
  if (expected === undefined || (code !== 'gap' && code !== 'wrong-epoch')) {
    return stop(deps, flight, code ?? 'http-409')
  }
  return rewindTo(deps, flight, expected)
}

/** The peer says where it stands: go on from there, if it stands on our history. */
export async function rewindTo(
  deps: DeliveryDeps,
  flight: Flight,
  expected: ExpectedPlace,
): Promise<DeliveryOutcome> {
  const { lease, peer, batch } = flight
  const outcome = await deps.db.transaction().execute(async (tx) => {
    if (!(await holdsLease(tx, lease))) return 'busy'
    if (!(await isOurHistory(tx, peer.node, batch, expected))) return 'diverged'
    await reopenFrom(tx, peer.node, expected)
    await dropAllBatches(tx, peer.node)
    return 'rewound'
  })
  return outcome === 'diverged' ? stop(deps, flight, outcome) : { kind: outcome }
}

/** True if we have sent what the peer has last, and what it asks for comes before our batch. */
async function isOurHistory(
  tx: FederationTransaction,
  destination: string,
  batch: Batch,
  { epoch, seq, link }: ExpectedPlace,
): Promise<boolean> {
  const isEarlier = epoch < batch.epoch || (epoch === batch.epoch && seq < batch.firstSeq)
  if (!isEarlier) return false
  if (seq === 1) return link === ZERO_LINK
  const row = await tx
    .selectFrom('fed_out')
    .select('link')
    .where('destination', '=', destination)
    .where('epoch', '=', String(epoch))
    .where('seq', '=', String(seq - 1))
    .executeTakeFirst()
  return row?.link === link
}

async function reopenFrom(
  tx: FederationTransaction,
  destination: string,
  { epoch, seq }: ExpectedPlace,
): Promise<void> {
  await tx
    .updateTable('fed_out')
    .set({ decision: null })
    .where('destination', '=', destination)
    .where((eb) =>
      eb.or([
        eb('epoch', '>', String(epoch)),
        eb.and([eb('epoch', '=', String(epoch)), eb('seq', '>=', String(seq))]),
      ]),
    )
    .execute()
}

async function goOn(db: FederationDatabase, destination: string): Promise<void> {
  await db
    .updateTable('fed_out_channel')
    .set({ stopped_reason: null })
    .where('destination', '=', destination)
    .where('stopped_reason', '=', VERSION_CODE)
    .execute()
}

async function stop(
  { db, alarm }: DeliveryDeps,
  { lease, peer }: Pick<Flight, 'lease' | 'peer'>,
  reason: string,
): Promise<DeliveryOutcome> {
  const { numUpdatedRows } = await db
    .updateTable('fed_out_channel')
    .set({ stopped_reason: reason })
    .where('destination', '=', lease.destination)
    .where('fence', '=', String(lease.fence))
    .where((eb) => eb.or([eb('stopped_reason', 'is', null), eb('stopped_reason', '!=', reason)]))
    .executeTakeFirst()
  if (numUpdatedRows > 0n) alarm({ kind: 'delivery-stopped', peer: peer.node, reason })
  return { kind: 'stopped', reason }
}

function later(response: HttpResponse, reason: string): DeliveryOutcome {
  return { kind: 'later', afterMs: retryAfterMs(response), reason }
}
