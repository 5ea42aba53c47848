/**
 * What the other end of a channel may read of it: signed heads and back-fill;
 * and our own look at theirs, which makes silence and omission visible.
 */
import type { Clocks } from '../../../app/ports/clocks.ts'
import type {
  ExchangeAlarm,
  ExchangeChannels,
  ExchangeInbox,
  PeerDirectory,
} from '../../../app/ports/exchange.ts'
import type { Random } from '../../../app/ports/random.ts'
import type { Bytes } from '../../../base/bytes.ts'
import { canonicalText, parseJson } from '../../../base/canonical-json.ts'
import { malformed, unavailable, unverified } from '../../../base/errors.ts'
import { addMs, MINUTE_MS } from '../../../base/time.ts'
import type { Verified } from '../../../base/verified.ts'
import { type ChannelPosition, channelStart } from '../../../wire/exchange/channel.ts'
import {
  encodeChannelHead,
  type SignedChannelHead,
  verifyChannelHead,
} from '../../../wire/exchange/channel-head.ts'
import { ZERO_LINK } from '../../../wire/exchange/message-header.ts'
import type { ExchangePeer } from '../../../wire/exchange/node-document.ts'
import { DOMAIN, type MessageSigner, signValue } from '../../../wire/exchange/signed.ts'
import { TRANSACTION_MESSAGES_MAX } from '../../../wire/exchange/transaction.ts'
import type { HttpPrimitives } from '../../../wire/http-signature.ts'
import type { PeerClient } from '../../peers/peer-client.ts'
import { makeBatch } from './batch.ts'
import { type ColumnSeal, type FederationDatabase, orUnavailable, positionOf } from './database.ts'
import { goOnAfter401 } from './stopped.ts'

export type ChannelsDeps = {
  readonly db: FederationDatabase
  /** This node. */
  readonly node: string
  readonly primitives: HttpPrimitives
  readonly random: Random
  readonly clocks: Clocks
  readonly atRest: ColumnSeal
  readonly signer: MessageSigner
  readonly peers: PeerDirectory
}

export type ReconcileDeps = ChannelsDeps & {
  readonly call: PeerClient
  readonly inbox: Pick<ExchangeInbox, 'receive'>
  readonly alarm: (alarm: ExchangeAlarm) => void
}

/** Three intervals of ten minutes. */
export const SILENCE_MS = 30 * MINUTE_MS
/** A peer that always has one more must not keep us from looking at the others: the next look goes on. */
const FETCH_MS = 5 * MINUTE_MS

export function createChannels(deps: ChannelsDeps): ExchangeChannels {
  return {
    signedHead: (origin, peer) => orUnavailable(signedHead(deps, origin, peer)),
    backfill: (peer, range) => orUnavailable(backfill(deps, peer, range)),
  }
}

/**
 * Asks a peer for its heads of both channels, keeps them, and fetches what it has
 * sent and we have not. To be done at least every ten minutes with every peer.
 *
 * @returns the number of messages that were fetched; none of a peer that cannot be called
 * @throws ComityError `unavailable` if the peer cannot be reached
 */
export async function reconcile(
  deps: ReconcileDeps,
  node: string,
  fetchForMs = FETCH_MS,
): Promise<number> {
  const peer = await deps.peers.peer(node)
  if (peer === undefined) throw malformed('not a peer', { field: 'node' })
  if (peer.outboundOnly) return 0
  // Before asking: what comes while the answer is on its way is no reason for an alarm.
  const held = await positionOfChannel(deps, peer.node, peer.node)
  const answered = await lastAnswered(deps, peer.node)
  const theirs = await fetchHead(deps, peer, peer.node).catch(async (error) => {
    await alarmIfSilent(deps, peer)
    throw error
  })
  const seenOfOurs = await fetchHead(deps, peer, deps.node)
  await requireKnownHead(deps, peer, seenOfOurs)
  requireNotBehind(deps, peer, { head: seenOfOurs.head, known: answered })
  requireNotBehind(deps, peer, { head: theirs.head, known: held })
  await goOnAfter401(deps.db, node)
  return fetchMissing(deps, peer, theirs, fetchForMs)
}

export async function positionOfChannel(
  { db, node }: Pick<ChannelsDeps, 'db' | 'node'>,
  origin: string,
  peer: string,
): Promise<ChannelPosition> {
  if (origin === node) {
    const row = await db
      .selectFrom('fed_out_channel')
      .select(['epoch', 'seq', 'link'])
      .where('destination', '=', peer)
      .executeTakeFirst()
    return row === undefined ? channelStart(node, peer) : positionOf(node, peer, row)
  }
  const row = await db
    .selectFrom('fed_in_channel')
    .select(['epoch', 'seq', 'link'])
    .where('origin', '=', peer)
    .executeTakeFirst()
  return row === undefined ? channelStart(peer, node) : positionOf(peer, node, row)
}

async function signedHead(deps: ChannelsDeps, origin: string, peer: string): Promise<Bytes> {
  const position = await positionOfChannel(deps, origin, peer)
  const head = { v: 1, ...position, at: deps.clocks.wireNow() } as const
  return encodeChannelHead({
    head,
    signature: await signValue(DOMAIN.channelHead, head, deps.signer),
  })
}

async function backfill(
  deps: ChannelsDeps,
  node: string,
  { epoch, from, to }: { readonly epoch?: number; readonly from: number; readonly to: number },
): Promise<Bytes | undefined> {
  const peer = await deps.peers.peer(node)
  if (peer === undefined) return undefined
  const current = await positionOfChannel(deps, deps.node, node)
  const stored = await deps.db
    .selectFrom('fed_out')
    .select(['id', 'epoch', 'seq', 'link', 'header', 'signature', 'sealed_content'])
    .where('destination', '=', node)
    .where('epoch', '=', String(epoch ?? current.epoch))
    .where('seq', '>=', String(from))
    .where('seq', '<=', String(to))
    .orderBy('seq')
    .limit(TRANSACTION_MESSAGES_MAX)
    .execute()
  if (stored.length === 0) return undefined
  const { random, atRest, clocks } = deps
  const batch = await makeBatch({ random, atRest, caseNow: clocks.caseNow }, peer, stored)
  return batch.body
}

/** The peer's signed view of a channel between us, kept as the newest that it has given. */
export async function fetchHead(
  deps: ChannelsDeps & Pick<ReconcileDeps, 'call'>,
  peer: ExchangePeer,
  origin: string,
): Promise<Verified<SignedChannelHead>> {
  const body = await fetchSigned(deps, peer, `/federation/v1/channels/${origin}/head`)
  const destination = origin === deps.node ? peer.node : deps.node
  const signed = verifyChannelHead(deps.primitives, body, { origin, destination, by: peer })
  const { epoch, seq, link } = signed.head
  const kept = { epoch, seq, link, signed_head: canonicalText(signed) }
  const seen_at = deps.clocks.wireNow()
  await deps.db
    .insertInto('fed_head')
    .values({ origin, destination, signed_by: peer.node, ...kept, seen_at })
    .onConflict((on) =>
      on.columns(['origin', 'destination', 'signed_by']).doUpdateSet({ ...kept, seen_at }),
    )
    .execute()
  return signed
}

async function alarmIfSilent(deps: ReconcileDeps, { node }: ExchangePeer): Promise<void> {
  const last = await deps.db
    .selectFrom('fed_head')
    .select('seen_at')
    .where('origin', '=', node)
    .where('signed_by', '=', node)
    .executeTakeFirst()
  const silentSince = addMs(deps.clocks.wireNow(), -SILENCE_MS)
  if (last !== undefined && last.seen_at < new Date(silentSince)) {
    deps.alarm({ kind: 'peer-silent', peer: node })
  }
}

type Place = Pick<ChannelPosition, 'epoch' | 'seq'>

/** The newest message of ours for which the peer has signed a receipt. */
async function lastAnswered({ db }: ReconcileDeps, peer: string): Promise<Place | undefined> {
  const row = await db
    .selectFrom('fed_out')
    .select(['epoch', 'seq'])
    .where('destination', '=', peer)
    .where('receipt', 'is not', null)
    .orderBy('epoch', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { epoch: Number(row.epoch), seq: Number(row.seq) }
}

/** A peer that signs for less than it has sent, or acknowledged, has lost it or hides it. */
function requireNotBehind(
  { alarm }: ReconcileDeps,
  { node }: ExchangePeer,
  { head, known }: { readonly head: SignedChannelHead['head']; readonly known: Place | undefined },
): void {
  if (known === undefined) return
  const isBehind = head.epoch === known.epoch ? head.seq < known.seq : head.epoch < known.epoch
  if (isBehind) alarm({ kind: 'heads-differ', peer: node, channelOf: head.origin })
}

/** What the peer says it has of our channel must be a place in our history. */
async function requireKnownHead(
  deps: ReconcileDeps,
  peer: ExchangePeer,
  { head }: SignedChannelHead,
): Promise<void> {
  if (head.seq === 0) return
  const row = await deps.db
    .selectFrom('fed_out')
    .select('link')
    .where('destination', '=', peer.node)
    .where('epoch', '=', String(head.epoch))
    .where('seq', '=', String(head.seq))
    .executeTakeFirst()
  if (row?.link === head.link) return
  deps.alarm({ kind: 'heads-differ', peer: peer.node, channelOf: deps.node })
}

async function fetchMissing(
  deps: ReconcileDeps,
  peer: ExchangePeer,
  { head }: SignedChannelHead,
  fetchForMs: number,
): Promise<number> {
  const endMs = performance.now() + fetchForMs
  let fetched = 0
  for (;;) {
    const ours = await positionOfChannel(deps, peer.node, peer.node)
    const isBehind = head.epoch === ours.epoch && head.seq > ours.seq
    if (!isBehind) {
      const isOurs =
        head.epoch === ours.epoch && (await linkAt(deps, peer.node, head)) === head.link
      if (!isOurs) deps.alarm({ kind: 'heads-differ', peer: peer.node, channelOf: peer.node })
      return fetched
    }
    const taken = await fetchRange(deps, peer, ours)
    fetched += taken
    if (taken === 0 || performance.now() >= endMs) return fetched
  }
}

/** Of a channel of the peer's, as we hold it. */
async function linkAt(
  { db }: ReconcileDeps,
  origin: string,
  { epoch, seq }: Place,
): Promise<string | undefined> {
  if (seq === 0) return ZERO_LINK
  const row = await db
    .selectFrom('fed_in')
    .select('link')
    .where('origin', '=', origin)
    .where('epoch', '=', String(epoch))
    .where('seq', '=', String(seq))
    .executeTakeFirst()
  return row?.link
}

async function fetchRange(
  deps: ReconcileDeps,
  peer: ExchangePeer,
  ours: ChannelPosition,
): Promise<number> {
  const from = ours.seq + 1
  const range = `epoch=${ours.epoch}&from=${from}&to=${ours.seq + TRANSACTION_MESSAGES_MAX}`
  const path = `/federation/v1/channels/${peer.node}/${deps.node}/messages?${range}`
  const body = await fetchSigned(deps, peer, path)
  const answer = await deps.inbox.receive({ origin: peer.node, id: idOf(body), body })
  if (answer.kind !== 'receipts') {
    deps.alarm({ kind: 'heads-differ', peer: peer.node, channelOf: peer.node })
    return 0
  }
  const after = await positionOfChannel(deps, peer.node, peer.node)
  return after.seq - ours.seq
}

async function fetchSigned(
  deps: Pick<ReconcileDeps, 'call'>,
  peer: ExchangePeer,
  path: string,
): Promise<Bytes> {
  const { response, isVerified } = await deps.call(peer, { method: 'GET', path })
  if (!isVerified) throw unverified('a peer did not sign its answer', { reason: 'signature' })
  if (response.status !== 200) {
    throw unavailable(`a peer answers with status ${response.status}`)
  }
  return new Uint8Array(response.body)
}

export function idOf(body: Uint8Array): string {
  const { id } = (parseJson(body, 'transaction') ?? {}) as { readonly id?: unknown }
  if (typeof id !== 'string') throw malformed('a transaction has no id', { field: '/id' })
  return id
}
