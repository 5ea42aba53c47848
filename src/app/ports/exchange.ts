/**
 * The exchange as the interfaces see it: who the peers are, what happens to a
 * transaction that was authenticated, and what a channel's other end may read.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import type { Instant } from '../../base/time.ts'
import type { MessageHeader } from '../../wire/exchange/message-header.ts'
import type { ExchangePeer } from '../../wire/exchange/node-document.ts'
import type { FirstDecision, ReceiptReason } from '../../wire/exchange/receipt.ts'

/** The peers whose keys are pinned. Nobody else is talked to. */
export type PeerDirectory = {
  peer(node: string): ExchangePeer | undefined | Promise<ExchangePeer | undefined>
  peers(): readonly ExchangePeer[] | Promise<readonly ExchangePeer[]>
}

/** A message whose origin, place in the channel and content were verified. */
export type ReceivedMessage = {
  readonly origin: string
  readonly header: MessageHeader
  readonly link: string
  readonly content: Json
}

/** What became of a message; it goes into the receipt that the origin gets. */
export type MessageOutcome = {
  readonly decision: FirstDecision
  readonly reason?: ReceiptReason
  /** Id of the rule or clause that decided. It must not show what a policy hides. */
  readonly rule?: string
}

/** Where a channel expects to go on: the next number, and the link it must follow. */
export type ExpectedPlace = { readonly epoch: number; readonly seq: number; readonly link: string }

export type ConflictCode =
  | 'transaction-conflict'
  | 'gap'
  | 'wrong-epoch'
  | 'equivocation'
  | 'channel-frozen'

export type TransactionAnswer =
  | { readonly kind: 'receipts'; readonly body: Bytes }
  | { readonly kind: 'conflict'; readonly code: ConflictCode; readonly expected: ExpectedPlace }
  /** Addressed to another node. */
  | { readonly kind: 'misdirected' }

export type ExchangeInbox = {
  /** False if this nonce of this key was seen before: a replay. */
  rememberNonce(keyId: string, nonce: string, until: Instant): Promise<boolean>
  /**
   * Receives a transaction of an authenticated origin. The same bytes under the
   * same id get the same receipts again, without any effect.
   *
   * @throws ComityError `malformed` or `unverified` if the transaction as a whole
   * is bad; `unavailable` if it must be tried again
   */
  receive(transaction: {
    readonly origin: string
    readonly id: string
    readonly body: Uint8Array
  }): Promise<TransactionAnswer>
}

export type ExchangeChannels = {
  /** Our signed view of a channel between us and this peer; `origin` is one of the two. */
  signedHead(origin: string, peer: string): Promise<Bytes>
  /**
   * Messages that we sent, again, sealed anew: a transaction with an id of its own.
   * `undefined` if there are none in the range. What may no longer be sent comes without its content.
   */
  backfill(
    peer: string,
    range: { readonly epoch?: number; readonly from: number; readonly to: number },
  ): Promise<Bytes | undefined>
}

/** What waits for a peer that cannot be called. */
export type ExchangeWaiting = {
  /**
   * The transaction that is in flight to this peer, or the next one; the same bytes until there are receipts.
   *
   * @param expected where the peer says that our channel to it goes on
   */
  next(peer: string, expected: ExpectedPlace): Promise<WaitingAnswer>
  /** Receipts of a peer for what it has fetched, as they would stand in its answer to a push. */
  takeReceipts(peer: string, transaction: string, body: Uint8Array): Promise<ReceiptsTaken>
}

export type WaitingAnswer =
  | { readonly kind: 'transaction'; readonly body: Bytes }
  | { readonly kind: 'nothing' }
  | WaitingRefusal

export type ReceiptsTaken =
  | { readonly kind: 'taken' }
  /** No such transaction is in flight: it never was, or it has its receipts. */
  | { readonly kind: 'unknown' }
  | WaitingRefusal

export type WaitingRefusal =
  /** We push to this peer. */
  | { readonly kind: 'pushed-to' }
  | { readonly kind: 'stopped'; readonly reason: string }
  | { readonly kind: 'busy' }

/** What people must see. Nothing in it says anything about a case. */
export type ExchangeAlarm =
  | { readonly kind: 'delivery-stopped'; readonly peer: string; readonly reason: string }
  /** What waits for us there cannot be fetched, or not be taken. */
  | { readonly kind: 'fetch-stopped'; readonly peer: string; readonly reason: string }
  | { readonly kind: 'peer-unreachable'; readonly peer: string; readonly attempts: number }
  /** Its head was last had three intervals ago or more. */
  | { readonly kind: 'peer-silent'; readonly peer: string }
  /** So many of its messages were taken in today; the others come again tomorrow. */
  | { readonly kind: 'peer-bound-reached'; readonly peer: string; readonly taken: number }
  /** That peer takes no more of ours today; what waits goes again tomorrow. */
  | { readonly kind: 'our-bound-reached'; readonly peer: string }
  | { readonly kind: 'equivocation'; readonly peer: string; readonly seq: number }
  | { readonly kind: 'epoch-opened'; readonly peer: string; readonly epoch: number }
  | { readonly kind: 'heads-differ'; readonly peer: string; readonly channelOf: string }
  | { readonly kind: 'message-not-applied'; readonly peer: string; readonly id: string }
