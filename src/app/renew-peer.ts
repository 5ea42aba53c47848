/**
 * A peer's next node document: takes the place of the pinned one by itself if that one's
 * keys sign it and nothing in it contradicts the pinned one. Everything else stays as it
 * is, and is noted for people. Each change is an event of the authority stream.
 */
import { parseJson } from '../base/canonical-json.ts'
import { ComityError } from '../base/errors.ts'
import type { AuthorityEvent, PublishedDocument } from '../core/authority/authority.ts'
import type { Hashing } from '../proof/primitives.ts'
import type { NodeDocument } from '../wire/exchange/node-document.ts'
import { fingerprintOf } from '../wire/exchange/node-fingerprint.ts'
import {
  judgeRenewal,
  type Renewal,
  type RenewalContext,
  renewalKind,
  type WhyNotRenewed,
} from '../wire/exchange/renewal.ts'
import type { Kernel } from './kernel.ts'
import type { Peer, PeerPins, RenewalNotes } from './ports/peers.ts'
import { isTooOften } from './renewal-limit.ts'

export type RenewPeerParts = {
  readonly kernel: Pick<
    Kernel,
    'node' | 'peers' | 'clocks' | 'primitives' | 'streams' | 'authorityStreamId'
  >
  readonly pins: PeerPins
  readonly notes: RenewalNotes
  /** Reads which log key accepted notices lead to; asked only where another one is named. */
  readonly notices: () => Promise<RenewalContext['leadsTo']>
}

export type RenewPeerAnswer =
  | { readonly kind: 'same' }
  | { readonly kind: 'renewed'; readonly node: string; readonly fingerprint: string }
  | {
      readonly kind: 'refused'
      readonly node: string
      readonly why: WhyNotRenewed | 'changed-on-disk' | 'too-often'
      /** False if people were told so before. */
      readonly isNew: boolean
    }
  /** Of no pinned node. */
  | { readonly kind: 'unknown' }

/** From whom a document came: what anybody can send again, or make up, is no news for people. */
export type RenewalSource = 'fetched' | 'offered'

const UNPROVEN: ReadonlySet<string> = new Set([
  'malformed',
  'key-unknown',
  'signature',
  'older',
  'too-old',
])

const NO_NOTICES = () => false

/**
 * Without any reading: what becomes of an offer that names no pinned node, or that no key
 * of the pinned document signed. Anybody can send those.
 *
 * @returns the node, if there is more to it
 */
export function sortOffer(
  kernel: Pick<Kernel, 'peers' | 'clocks' | 'primitives'>,
  bytes: Uint8Array,
): { readonly kind: 'signed'; readonly node: string } | RenewPeerAnswer {
  const node = nodeNamedIn(bytes)
  const peer = node === undefined ? undefined : kernel.peers.find(node)
  if (node === undefined || !peer) return { kind: 'unknown' }
  const judged = judge(kernel, peer, bytes, NO_NOTICES)
  if (judged.decision === 'permit' || !UNPROVEN.has(judged.why)) return { kind: 'signed', node }
  return { kind: 'refused', node, why: judged.why, isNew: false }
}

export async function renewPeer(
  parts: RenewPeerParts,
  bytes: Uint8Array,
  source: RenewalSource,
): Promise<RenewPeerAnswer> {
  const { kernel, pins, notes } = parts
  const node = nodeNamedIn(bytes)
  const peer = node === undefined ? undefined : kernel.peers.find(node)
  if (node === undefined || !peer) return { kind: 'unknown' }
  const pinned = pinnedDocument(peer)
  const first = judge(kernel, peer, bytes, NO_NOTICES)
  const isOtherLog = first.decision === 'refuse' && first.why === 'log-key'
  const judged = isOtherLog ? judge(kernel, peer, bytes, await parts.notices()) : first
  const at = kernel.clocks.wireNow()
  if (judged.decision === 'refuse') {
    const { why } = judged
    const isNews = source === 'fetched' || !UNPROVEN.has(why)
    const fingerprint = fingerprintIn(kernel.primitives, bytes)
    const isNew = isNews && (await notes.keep({ node, outcome: 'refused', why, fingerprint, at }))
    return { kind: 'refused', node, why, isNew }
  }
  if (judged.value === undefined) {
    await dropSettled(parts, node, fingerprintOf(kernel.primitives, pinned), source)
    return { kind: 'same' }
  }
  const fingerprint = fingerprintOf(kernel.primitives, judged.value)
  if (!(await pins.holds(node))) {
    const why = 'changed-on-disk'
    const isNew = await notes.keep({ node, outcome: 'refused', why, fingerprint, at })
    return { kind: 'refused', node, why, isNew }
  }
  const renewal = { at, kind: renewalKind(pinned, judged.value) }
  if (isTooOften(renewal, await notes.renewals(node))) {
    const why = 'too-often'
    // One note for all of them: there may be many.
    const isNew = await notes.keep({ node, outcome: 'refused', why, fingerprint: null, at })
    return { kind: 'refused', node, why, isNew }
  }
  // Before it is recorded: what fails after that is not recorded without end.
  await notes.count(node, renewal)
  await record(kernel, node, bytes)
  await pins.replace(node, bytes)
  await notes.keep({ node, outcome: 'renewed', why: null, fingerprint, at })
  return { kind: 'renewed', node, fingerprint }
}

const pinnedDocument = ({ document }: Peer) =>
  (parseJson(document) as unknown as { document: NodeDocument }).document

function judge(
  { primitives, clocks }: Pick<Kernel, 'primitives' | 'clocks'>,
  peer: Peer,
  bytes: Uint8Array,
  leadsTo: RenewalContext['leadsTo'],
): Renewal {
  return judgeRenewal(primitives, pinnedDocument(peer), bytes, { now: clocks.wireNow(), leadsTo })
}

/** A refusal is over when its document was pinned, or the peer no longer shows it. */
async function dropSettled(
  { notes }: RenewPeerParts,
  node: string,
  pinned: string,
  source: RenewalSource,
): Promise<void> {
  const note = (await notes.all()).find((one) => one.node === node)
  if (note?.outcome !== 'refused') return
  // Whoever holds a key and shows another document elsewhere is not forgotten by itself.
  const isWithdrawn = source === 'fetched' && note.why !== 'forked'
  if (note.fingerprint === pinned || isWithdrawn) await notes.drop(node)
}

async function record(
  { streams, authorityStreamId, node: self }: RenewPeerParts['kernel'],
  node: string,
  bytes: Uint8Array,
): Promise<void> {
  const document = parseJson(bytes) as unknown as PublishedDocument
  const renewed: AuthorityEvent = { type: 'peerDocumentRenewed', node, document }
  await streams.transact(async (unit) => {
    const stream = await unit.open(authorityStreamId)
    await stream?.append([renewed], self.id)
  })
}

function nodeNamedIn(bytes: Uint8Array): string | undefined {
  const { document } = (parsed(bytes) ?? {}) as { readonly document?: { readonly node?: unknown } }
  return typeof document?.node === 'string' ? document.node : undefined
}

/** What a person would be told by telephone; nobody has checked the document. */
function fingerprintIn(primitives: Hashing, bytes: Uint8Array): string | null {
  try {
    const { document } = parsed(bytes) as unknown as { document: NodeDocument }
    return fingerprintOf(primitives, document)
  } catch {
    return null
  }
}

function parsed(bytes: Uint8Array) {
  try {
    return parseJson(bytes)
  } catch (error) {
    if (error instanceof ComityError) return null
    throw error
  }
}
