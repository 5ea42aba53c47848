/**
 * What others last saw of a node that came back from a backup: its witnesses of the
 * log, its peers of the channels. Asking is all that such a node signs.
 */

import type { ExpectedPlace } from '../../app/ports/exchange.ts'
import { equalBytes, textFromUtf8, toHex, utf8 } from '../../base/bytes.ts'
import { ComityError, unavailable } from '../../base/errors.ts'
import { type Checkpoint, verifyCheckpoint } from '../../proof/checkpoint.ts'
import { NOTE_SIZE_MAX, parseSignedNote } from '../../proof/signed-note.ts'
import { type NoteKey, parseVkey } from '../../proof/vkey.ts'
import type { ChannelPosition } from '../../wire/exchange/channel.ts'
import type { ExchangePeer } from '../../wire/exchange/node-document.ts'
import type { MessageKey } from '../../wire/http-signature.ts'
import { type LogNotice, verifyLogNotice } from '../../wire/log-notice.ts'
import { nodePrimitives } from '../node-primitives.ts'
import type { PeerClient } from '../peers/peer-client.ts'
import type { Database } from '../postgres/database.ts'
import { type ChannelsDeps, fetchHead } from '../postgres/federation/channels.ts'
import type { OwnLog } from '../postgres/log/own-log.ts'

export type AskParts = {
  readonly database: Database
  readonly own: OwnLog
  readonly witnesses: readonly { readonly vkey: string; readonly url: string }[]
  /** All message keys that this node ever had. */
  readonly messageKeys: readonly MessageKey[]
  readonly channels: ChannelsDeps & { readonly call: PeerClient }
  /** Where a peer that cannot be called has said that our channel to it goes on. */
  readonly placeOf: (peer: string) => ExpectedPlace | undefined
}

/**
 * `held`: the backup holds all that it has seen. `more`: it has seen what the backup
 * does not hold. `silent`: nobody knows.
 */
export type Saw = 'held' | 'more' | 'silent'

/** Of logs that follow ours, oldest first. */
export type Notices = readonly { readonly notice: LogNotice; readonly bytes: Uint8Array }[]

export type WitnessSaw = {
  readonly key: NoteKey
  readonly saw: Saw
  /** By which it knows later logs of ours. */
  readonly notices: Notices
  /** Of the newest log that it knows. */
  readonly head?: Pick<Checkpoint, 'origin' | 'treeSize' | 'rootHash'>
}

export type PeerSaw = {
  readonly peer: string
  readonly saw: Saw
  /** Its view of our channel to it. */
  readonly ours?: Pick<ChannelPosition, 'epoch' | 'seq' | 'link'>
  /** How many messages of ours it has that the backup does not hold, as far as one can count. */
  readonly beyond: number
}

export type Answers = {
  readonly witnesses: readonly WitnessSaw[]
  readonly peers: readonly PeerSaw[]
  /** The longest that a witness or a peer has shown: a log that nobody cosigned counts, too. */
  readonly notices: Notices
}

/** Long: a witness that is only slow must not count as silent. */
const TIMEOUT_MS = 20_000
const NOTICES_MAX = 1000

export async function askEveryone(parts: AskParts): Promise<Answers> {
  const peers = await parts.channels.peers.peers()
  const [witnesses, answered, kept] = await Promise.all([
    Promise.all(parts.witnesses.map((witness) => askWitness(parts, witness))),
    Promise.all(peers.map((peer) => askPeer(parts, peer))),
    Promise.all(peers.map((peer) => noticesKeptBy(parts, peer))),
  ])
  const shown = [...witnesses.map(({ notices }) => notices), ...kept]
  return { witnesses, peers: answered, notices: longest(shown) }
}

function longest(shown: readonly Notices[]): Notices {
  return shown.reduce((most, notices) => (notices.length > most.length ? notices : most), [])
}

/** What came to a peer in our channel. One that keeps no notices is no reason to wait. */
async function noticesKeptBy(parts: AskParts, peer: ExchangePeer): Promise<Notices> {
  if (peer.outboundOnly) return []
  try {
    return await noticesAt(parts, `${peer.endpoint}/witness`)
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    return []
  }
}

async function askWitness(
  parts: AskParts,
  { vkey, url }: AskParts['witnesses'][number],
): Promise<WitnessSaw> {
  const key = parseVkey(nodePrimitives, vkey)
  try {
    const notices = await noticesAt(parts, url)
    const logKey = notices.at(-1)?.notice.opened ?? parts.own.signer.key
    const head = await headAt(url, logKey)
    const isHeld = notices.length === 0 && (head === undefined || (await isOurs(parts, head)))
    return { key, saw: isHeld ? 'held' : 'more', notices, ...(head ? { head } : {}) }
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    return { key, saw: 'silent', notices: [] }
  }
}

/** Follows the logs that were opened after the backup, and lost. */
async function noticesAt({ own, messageKeys, channels }: AskParts, url: string): Promise<Notices> {
  const now = channels.clocks.wireNow()
  const notices: { notice: LogNotice; bytes: Uint8Array }[] = []
  let origin = own.signer.key.name
  while (notices.length < NOTICES_MAX) {
    const bytes = await get(`${url}/${hashOf(origin)}/log-notice`)
    if (bytes === undefined) break
    const notice = await verifyLogNotice(nodePrimitives, bytes, () => messageKeys, now)
    if (notice.closed.origin !== origin) throw unavailable('a witness answers beside the question')
    notices.push({ notice, bytes })
    origin = notice.opened.name
  }
  return notices
}

async function headAt(url: string, logKey: NoteKey): Promise<Checkpoint | undefined> {
  const bytes = await get(`${url}/${hashOf(logKey.name)}/checkpoint`)
  if (bytes === undefined) return undefined
  // Only our own signature counts: a witness can claim nothing by itself.
  return verifyCheckpoint(nodePrimitives, parseSignedNote(bytes), [logKey])
}

/** Every head that we ever signed is kept, so one that is not there was signed after the backup. */
async function isOurs({ database }: AskParts, head: Checkpoint): Promise<boolean> {
  if (head.treeSize === 0) return true
  const row = await database
    .selectFrom('log_checkpoint')
    .select('root')
    .where('size', '=', String(head.treeSize))
    .executeTakeFirst()
  return row !== undefined && equalBytes(row.root, head.rootHash)
}

export async function askPeer(
  parts: Pick<AskParts, 'channels' | 'database' | 'placeOf'>,
  peer: ExchangePeer,
): Promise<PeerSaw> {
  const { database } = parts
  try {
    const seen = await positionSeenBy(parts, peer)
    if (!seen) return { peer: peer.node, saw: 'silent', beyond: 0 }
    const { epoch, seq, link } = seen
    const row = await database
      .selectFrom('fed_out')
      .select('link')
      .where('destination', '=', peer.node)
      .where('epoch', '=', String(epoch))
      .where('seq', '=', String(seq))
      .executeTakeFirst()
    const isHeld = (epoch === 1 && seq === 0) || row?.link === link
    const ours = { epoch, seq, link }
    if (isHeld) return { peer: peer.node, saw: 'held', ours, beyond: 0 }
    return { peer: peer.node, saw: 'more', ours, beyond: await countBeyond(database, peer, ours) }
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    return { peer: peer.node, saw: 'silent', beyond: 0 }
  }
}

/** Its signed head, or what its signed question for more says. */
async function positionSeenBy(
  { channels, placeOf }: Pick<AskParts, 'channels' | 'placeOf'>,
  peer: ExchangePeer,
): Promise<Pick<ChannelPosition, 'epoch' | 'seq' | 'link'> | undefined> {
  if (!peer.outboundOnly) return (await fetchHead(channels, peer, channels.node)).head
  const place = placeOf(peer.node)
  return place && { epoch: place.epoch, seq: place.seq - 1, link: place.link }
}

async function countBeyond(
  database: Database,
  { node }: ExchangePeer,
  { epoch, seq }: { readonly epoch: number; readonly seq: number },
): Promise<number> {
  const row = await database
    .selectFrom('fed_out_channel')
    .select(['epoch', 'seq'])
    .where('destination', '=', node)
    .executeTakeFirst()
  return Number(row?.epoch ?? 1) === epoch ? Math.max(1, seq - Number(row?.seq ?? 0)) : seq
}

/** Undefined for 404. @throws ComityError `unavailable` */
async function get(url: string): Promise<Uint8Array | undefined> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const response = await fetch(url, { signal, redirect: 'error' }).catch((cause) => {
    throw unavailable('a witness cannot be reached', { cause })
  })
  // A 404 of something that stands in between must not pass as "never seen".
  if (response.status === 404) {
    const { code } = (await response.json().catch(() => ({}))) as { code?: string }
    if (code === 'never-cosigned' || code === 'not-closed') return undefined
  }
  if (response.status !== 200) throw unavailable(`a witness answered ${response.status}`)
  const bytes = new Uint8Array(await response.arrayBuffer())
  if (bytes.length > NOTE_SIZE_MAX) throw unavailable('an answer is too long')
  textFromUtf8(bytes, 'answer')
  return bytes
}

const hashOf = (origin: string) => toHex(nodePrimitives.sha256(utf8(origin)))
