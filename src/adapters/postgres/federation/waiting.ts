/**
 * What waits for peers that cannot be called: they fetch it, and bring the receipts.
 *
 * It is the transaction that a push would carry, kept in flight in the same place,
 * and the receipts are taken by the function that takes those of a push. So a peer
 * may change from one way to the other, and nothing is lost or has its effect twice.
 *
 * Where a peer asks for more is also what it last saw of us: a node that came back
 * from a backup cannot call it, and learns it from there.
 */
import type {
  ExchangeWaiting,
  ExpectedPlace,
  ReceiptsTaken,
  WaitingAnswer,
  WaitingRefusal,
} from '../../../app/ports/exchange.ts'
import { addMs, type Instant } from '../../../base/time.ts'
import type { ExchangePeer } from '../../../wire/exchange/node-document.ts'
import type { Batch } from './batch.ts'
import { SILENCE_MS } from './channels.ts'
import { orUnavailable, STOPPED_UNTIL_ASKED } from './database.ts'
import { type DeliveryDeps, LEASE_MS } from './delivery.ts'
import { inFlightOrNext, readInFlight } from './in-flight.ts'
import { type Lease, takeLease } from './lease.ts'
import { acceptReceipts } from './receipts.ts'
import { rewindTo } from './rewind.ts'
import { stoppedReason } from './stopped.ts'

export type Waiting = ExchangeWaiting & {
  /** Shows a peer that should ask and has not for three intervals, as long as this process runs. */
  alarmIfSilent(peer: string): void
  /** Where the peer last said that our channel to it goes on; nothing until it has asked. */
  placeOf(peer: string): ExpectedPlace | undefined
}

export type WaitingDeps = DeliveryDeps & { readonly wireNow: () => Instant }

export function createWaiting(deps: WaitingDeps): Waiting {
  const heardAt = new Map<string, Instant>()
  const places = new Map<string, ExpectedPlace>()
  const startedAt = deps.wireNow()
  return {
    async next(peer, expected) {
      heardAt.set(peer, deps.wireNow())
      places.set(peer, expected)
      return orUnavailable(next(deps, peer, expected))
    },
    placeOf: (peer) => places.get(peer),
    takeReceipts: (peer, transaction, body) =>
      orUnavailable(takeReceipts(deps, peer, { transaction, body })),
    alarmIfSilent(peer) {
      const since = addMs(deps.wireNow(), -SILENCE_MS)
      if ((heardAt.get(peer) ?? startedAt) < since) deps.alarm({ kind: 'peer-silent', peer })
    },
  }
}

async function next(
  deps: DeliveryDeps,
  node: string,
  expected: ExpectedPlace,
): Promise<WaitingAnswer> {
  const opened = await openChannel(deps, node)
  if ('kind' in opened) return opened
  const { lease, peer } = opened
  const batch = await inFlightOrNext(deps, lease, peer)
  if (batch === undefined) return { kind: 'nothing' }
  if (!isBefore(expected, batch)) return { kind: 'transaction', body: batch.body }
  const outcome = await rewindTo(deps, { lease, peer, batch }, expected)
  if (outcome.kind === 'stopped') return outcome
  if (outcome.kind !== 'rewound') return { kind: 'busy' }
  const earlier = await inFlightOrNext(deps, lease, peer)
  return earlier ? { kind: 'transaction', body: earlier.body } : { kind: 'nothing' }
}

async function takeReceipts(
  deps: DeliveryDeps,
  node: string,
  { transaction, body }: { readonly transaction: string; readonly body: Uint8Array },
): Promise<ReceiptsTaken> {
  const opened = await openChannel(deps, node)
  if ('kind' in opened) return opened
  const { lease, peer } = opened
  const batch = await readInFlight(deps.db, node)
  if (batch === undefined || batch.id !== transaction) return { kind: 'unknown' }
  const outcome = await acceptReceipts(deps, { lease, peer, batch }, body)
  if (outcome.kind === 'delivered') return { kind: 'taken' }
  return outcome.kind === 'stopped' ? outcome : { kind: 'busy' }
}

async function openChannel(
  { db, node, holder, peers }: DeliveryDeps,
  destination: string,
): Promise<{ readonly lease: Lease; readonly peer: ExchangePeer } | WaitingRefusal> {
  const peer = await peers.peer(destination)
  if (!peer?.outboundOnly) return { kind: 'pushed-to' }
  const lease = await takeLease(db, node, { destination, holder, leaseMs: LEASE_MS })
  if (lease === undefined) return { kind: 'busy' }
  const reason = await stoppedReason(db, destination)
  // It has just said what it saw; soon there is an answer.
  if (reason === STOPPED_UNTIL_ASKED) return { kind: 'busy' }
  return reason === null ? { lease, peer } : { kind: 'stopped', reason }
}

/** The first batch of the next epoch follows any place of the epoch before. */
function isBefore({ epoch, seq }: ExpectedPlace, batch: Batch): boolean {
  if (epoch + 1 === batch.epoch && batch.firstSeq === 1) return false
  return epoch < batch.epoch || (epoch === batch.epoch && seq < batch.firstSeq)
}
