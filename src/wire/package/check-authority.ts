/**
 * The authority stream, read for its form, and the package's signature under the
 * keys that it names. Whether those keys deserve trust is the log's matter.
 */
import { fromBase64 } from '../../base/bytes.ts'
import { malformed, unverified } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import {
  type AuthorityEvent,
  type AuthorityState,
  foldAuthority,
  isAuthorityEvent,
  type ListedKey,
  noAuthority,
  type PublishedDocument,
} from '../../core/authority/authority.ts'
import type { Recorded } from '../../core/case/recorded.ts'
import { foldStanding, noStanding, type Standing } from '../../core/people/standing.ts'
import { unlawfulStep } from '../../core/people/unlawful-step.ts'
import type { Policy } from '../../proof/policy.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { formatVkey } from '../../proof/vkey.ts'
import { logOrdinalOf } from '../event-opening.ts'
import { requireForm } from '../exchange/form.ts'
import type { NodeDocument } from '../exchange/node-document.ts'
import { DOMAIN, verifyValue } from '../exchange/signed.ts'
import type { MessageKey } from '../http-signature.ts'
import { packageKey, readSignatureNote, SIGNATURE, verifyBagSignature } from './bag.ts'
import { historyOf, type PackageContent, streamOf, streamPath } from './content.ts'
import { AUTHORITY_EVENT_FORMS } from './forms.ts'
import type { Checking } from './report.ts'
import type { Files } from './tar.ts'

export function checkAuthority(
  primitives: Primitives,
  content: PackageContent,
  policy: Policy | undefined,
  checking: Checking,
): AuthorityState | undefined {
  const stream = streamOf(content, 'authority')
  if (!stream) throw malformed('there is no authority stream', { field: 'data/package.json' })
  const file = streamPath(stream.id)
  checking.looked(file)
  let state = noAuthority
  let standing = noStanding
  for (const recorded of historyOf<AuthorityEvent>(stream)) {
    const next = checking.attempt(
      file,
      () => withEvent(primitives, content, { state, standing }, recorded),
      recorded.version,
    )
    if (next === undefined) return undefined
    state = next
    standing = foldStanding(standing, recorded)
  }
  const newest = state.documents.at(-1)
  if (!newest) {
    checking.fail(file, 'the node has published no document with its keys')
    return undefined
  }
  const { logKey } = newest.document
  if (policy && !policy.logs.some(({ key }) => formatVkey(key) === logKey)) {
    checking.fail(file, 'the node states another key of its log than the policy')
  }
  const active = state.enrolments.filter(({ leftAt }) => leftAt === null).length
  checking.found(`${active} officers enrolled, ${state.peers.length} peers pinned`)
  return state
}

/** Checks one event before it is folded: forms first, then who signed the document in it. */
function withEvent(
  primitives: Primitives,
  { facts }: PackageContent,
  { state, standing }: { readonly state: AuthorityState; readonly standing: Standing },
  recorded: Recorded<AuthorityEvent>,
): AuthorityState {
  const { event } = recorded
  if (!isAuthorityEvent(event)) throw malformed('an event of an unknown type')
  requireForm(AUTHORITY_EVENT_FORMS[event.type], event as never, '')
  if (event.type === 'nodeDocumentPublished') {
    const { document } = event.document
    const isOwn = document.node === facts.node
    const [origin = ''] = document.logKey.split('+', 1)
    if (!isOwn || logOrdinalOf(facts.node, origin) === undefined) {
      throw unverified('the document is of another node')
    }
    requireSigned(primitives, event.document, state.documents)
  }
  if (event.type === 'peerPinned' || event.type === 'peerDocumentRenewed') {
    const before = state.peers.find(({ node }) => node === event.node)?.documents ?? []
    if (event.document.document.node !== event.node) {
      throw unverified('the document is of another node')
    }
    if (event.type === 'peerDocumentRenewed' && before.length === 0) {
      throw unverified('a document follows none that was pinned')
    }
    // A person who pins one vouches for its keys, whatever was pinned before.
    const trusted = event.type === 'peerPinned' ? [...before, event.document] : before
    requireSigned(primitives, event.document, trusted)
  }
  const unlawful = unlawfulStep(standing, recorded)
  if (unlawful) throw unverified(unlawful)
  return foldAuthority(state, recorded)
}

/** By a key of the documents before it; the first one by a key of its own. */
function requireSigned(
  primitives: Primitives,
  published: PublishedDocument,
  before: readonly PublishedDocument[],
): void {
  const { document, signature } = published
  const trusted = before.length > 0 ? before : [published]
  const at = (document as unknown as NodeDocument).issuedAt
  // Nobody revokes a key and signs with it.
  const messageKeys = keysListedIn(trusted, revokedIn([...trusted, published]))
  const by = { node: document.node, messageKeys, at }
  verifyValue(primitives, DOMAIN.nodeDocument, document, signature, by)
}

/** Every listing of every key; a revocation in any of the documents holds for all of them. */
function keysListedIn(
  documents: readonly PublishedDocument[],
  revoked = revokedIn(documents),
): MessageKey[] {
  return documents.flatMap(({ document }) =>
    document.messageKeys.map((listed) => messageKey(document.node, listed, revoked)),
  )
}

/** The earliest instant at which a document says so: what was revoked is not taken back. */
function revokedIn(documents: readonly PublishedDocument[]): ReadonlyMap<string, Instant> {
  const revoked = new Map<string, Instant>()
  for (const { document } of documents) {
    for (const { key, at } of (document as unknown as NodeDocument).revocations ?? []) {
      const known = revoked.get(key)
      if (known === undefined || at < known) revoked.set(key, at)
    }
  }
  return revoked
}

function messageKey(
  node: string,
  { id, key, validFrom, validUntil }: ListedKey,
  revoked: ReadonlyMap<string, Instant>,
): MessageKey {
  const revokedAt = revoked.get(id)
  const publicKey = fromBase64(key, 'messageKeys')
  const listed = { id, node, publicKey, validFrom, validUntil }
  return revokedAt === undefined ? listed : { ...listed, revokedAt }
}

/** Message keys of the node itself, every listing of them. */
export function ownMessageKeys(state: AuthorityState, node: string): readonly MessageKey[] {
  return keysListedIn(state.documents).filter((key) => key.node === node)
}

export function peerMessageKeys(state: AuthorityState, peer: string): readonly MessageKey[] {
  return keysListedIn(state.peers.find(({ node }) => node === peer)?.documents ?? [])
}

/** The keys that were valid, and not revoked, at some moment of the period. */
export function keysValidIn(
  keys: readonly MessageKey[],
  { from, until }: { readonly from: Instant; readonly until: Instant },
): readonly MessageKey[] {
  return keys.filter(
    ({ validFrom, validUntil, revokedAt }) =>
      validFrom <= until && from <= validUntil && (revokedAt === undefined || from < revokedAt),
  )
}

/** Why a right signature does not count. */
export function outOfTime({ id, revokedAt }: MessageKey, at: Instant): string {
  if (revokedAt !== undefined && revokedAt <= at) {
    return `signed with ${id}, which its node had revoked from ${revokedAt} on`
  }
  return `signed with ${id} outside the time in which it counts`
}

export function checkSignature(
  primitives: Primitives,
  files: Files,
  content: PackageContent,
  bag: { readonly tagManifestDigest: string },
  authority: AuthorityState,
  checking: Checking,
): void {
  checking.looked(SIGNATURE)
  const { facts } = content
  const bytes = files.get(SIGNATURE) ?? new Uint8Array()
  const { keyName } = readSignatureNote(bytes)
  const { wireNow } = facts.madeAt
  const all = ownMessageKeys(authority, facts.node).filter(({ id }) => id === keyName)
  const [listed] = keysValidIn(all, { from: wireNow, until: wireNow })
  if (!listed) {
    const unknown = 'signed with a key that the node had not published for that time'
    checking.fail(SIGNATURE, all[0] ? outOfTime(all[0], wireNow) : unknown)
    return
  }
  const key = packageKey(primitives, listed.id, listed.publicKey)
  const { tagManifestDigest } = bag
  checking.attempt(SIGNATURE, () =>
    verifyBagSignature(primitives, bytes, { node: facts.node, tagManifestDigest, key }),
  )
  checking.found(`signed with ${keyName}`)
}
