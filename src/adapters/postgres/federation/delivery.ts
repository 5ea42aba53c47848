/**
 * One step of delivery to one peer: what is in flight, or the next batch, is sent
 * once, and the answer settled by the table of statuses in
 * `protocol/spec/exchange.md`. The deliverer repeats it.
 *
 * One transaction is in flight a direction. It is stored before it is sent, and
 * sent again as the same bytes under the same id until there is an answer.
 */
import type { ExchangeAlarm, PeerDirectory } from '../../../app/ports/exchange.ts'
import type { ExchangePeer } from '../../../wire/exchange/node-document.ts'
import type { ReceiptSubject } from '../../../wire/exchange/receipt.ts'
import { commonVersion, VERSION_CODE } from '../../../wire/exchange/version.ts'
import { type Exercise, isSameWorld } from '../../../wire/exchange/world.ts'
import type { HttpResponse } from '../../../wire/http-message.ts'
import type { HttpPrimitives } from '../../../wire/http-signature.ts'
import type { PeerAnswer, PeerClient } from '../../peers/peer-client.ts'
import type { Batch } from './batch.ts'
import type { FederationTransaction } from './database.ts'
import { type InFlightDeps, inFlightOrNext } from './in-flight.ts'
import { type Lease, takeLease } from './lease.ts'
import { problemCode, retryAfterMs } from './peer-answer.ts'
import {
  type Receipted,
  recordReceipts,
  subjectsOf,
  type VerifiedReceipts,
  verifiedOrStop,
} from './receipts.ts'
import { rewind } from './rewind.ts'
import { goOnInVersion, STOPPED_BY_401, stop, stoppedReason } from './stopped.ts'

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

export type Flight = { readonly lease: Lease; readonly peer: ExchangePeer; readonly batch: Batch }

/** @throws ComityError `unavailable` if peer or database cannot be reached */
export async function deliverOnce(
  deps: DeliveryDeps,
  destination: string,
  signal?: AbortSignal,
): Promise<DeliveryOutcome> {
  const open = await openChannel(deps, destination)
  if ('kind' in open) return open
  const batch = await inFlightOrNext(deps, open.lease, open.peer)
  if (batch === undefined) return { kind: 'idle' }
  const flight = { ...open, batch }
  const taken = await takeAnswer(deps, flight, await sendBatch(deps, flight, signal))
  return 'kind' in taken ? taken : recordReceipts(deps, flight, taken)
}

/** The lease of a channel on which something may be sent now, or why nothing may. */
export async function openChannel(
  deps: DeliveryDeps,
  destination: string,
): Promise<Omit<Flight, 'batch'> | DeliveryOutcome> {
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
  if (reason !== null) await goOnInVersion(db, destination)
  return peer.outboundOnly ? { kind: 'left' } : { lease, peer }
}

export type HeardAnswer = {
  readonly answer: PeerAnswer
  readonly subjects: readonly ReceiptSubject[]
}

/** Sends what is stored, and reads meanwhile what its receipts must name. */
export async function sendBatch(
  deps: DeliveryDeps,
  flight: Flight,
  signal?: AbortSignal,
): Promise<HeardAnswer> {
  const [subjects, answer] = await Promise.all([
    subjectsOf(deps, flight),
    send(deps, flight, signal),
  ])
  return { subjects, answer }
}

/** A 401 is tried once more under a fresh signature: a clock or a nonce may have been unlucky. */
async function send(
  deps: DeliveryDeps,
  { peer, batch: { id, body } }: Flight,
  signal?: AbortSignal,
): Promise<PeerAnswer> {
  const call = { method: 'PUT', path: `/federation/v1/transactions/${id}`, body } as const
  const answer = await deps.call(peer, call, signal)
  return answer.response.status === 401 ? deps.call(peer, call, signal) : answer
}

/** What the answer is worth: verified receipts, or how this step ends without any. */
export async function takeAnswer(
  deps: DeliveryDeps,
  flight: Flight,
  { answer: { response, isVerified }, subjects }: HeardAnswer,
): Promise<VerifiedReceipts | DeliveryOutcome> {
  const { status } = response
  if (status === 401) return stop(deps, flight, STOPPED_BY_401)
  if (UNSIGNED_STOPS.has(status)) return stop(deps, flight, `http-${status}`)
  // Nobody signed it: a proxy, or somebody on the way. It decides nothing.
  if (!isVerified) return later(response, `http-${status}-unsigned`)
  if (status === 200) return verifiedOrStop(deps, flight, { subjects, body: response.body })
  if (status === 409) return rewind(deps, flight, response)
  if (status === 400 || status === 403 || status === 421) {
    return stop(deps, flight, problemCode(response) ?? `http-${status}`)
  }
  return later(response, `http-${status}`)
}

function later(response: HttpResponse, reason: string): DeliveryOutcome {
  return { kind: 'later', afterMs: retryAfterMs(response), reason }
}
