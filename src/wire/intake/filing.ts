/**
 * Proof of filing, held by the reporter and saying nothing about them.
 *
 * A filing is committed to under a nonce that comes from the receipt code. The
 * log learns of it only as one of the leaves of an hourly batch, among random
 * filler leaves, so neither the time nor the number of filings can be read there.
 * Event tags work the same way: listed in clear when the event happens, random
 * to everyone but the holder of the code.
 */
import { type Bytes, concatBytes, toBase64, utf8 } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import { hmacSha256 } from '../../proof/hmac.ts'
import { buildInclusion } from '../../proof/inclusion.ts'
import type { Hashing, Primitives } from '../../proof/primitives.ts'
import { hashLeaf, rootOf } from '../../proof/tree-hash.ts'
import { coarseHour } from '../event-commitment.ts'

export const FILING_EVENTS = [
  'acknowledged',
  'feedback',
  'extended',
  'transmitted',
  'outcome',
  'closed',
] as const
export type FilingEvent = (typeof FILING_EVENTS)[number]

/** @param sealed ciphertexts in order: the report, the contact if one was left, attachments */
export function filingCommitment(
  hashing: Hashing,
  filingNonce: Uint8Array,
  sealed: readonly Uint8Array[],
): Bytes {
  const digests = sealed.map((bytes) => hashing.sha256(bytes))
  return commitmentOfDigests(hashing, filingNonce, digests)
}

/** As `filingCommitment`, for whoever has the digests of the sealed files already. */
export function commitmentOfDigests(
  hashing: Hashing,
  filingNonce: Uint8Array,
  digests: readonly Uint8Array[],
): Bytes {
  return hmacSha256(hashing, filingNonce, concatBytes(utf8('comity/filing/v1\n'), ...digests))
}

export function eventTag(primitives: Hashing, eventTags: Uint8Array, event: FilingEvent): Bytes {
  return hmacSha256(primitives, eventTags, utf8(event))
}

/** Who could have read it: nobody but officers, or also a compromised server as it arrived. */
export type FilingMode = 'sealed-in-browser' | 'sealed-on-arrival'

/** What the reporter gets at once. Signed by the node; names no person and no case. */
export type AcceptedReceipt = {
  readonly v: 1
  readonly kind: 'filing-accepted'
  readonly origin: string
  readonly formId: string
  readonly formVersion: number
  /** SHA-256 of the form's text as shown, hex. */
  readonly formDigest: string
  readonly mode: FilingMode
  readonly filedOn: CalendarDate
  readonly commitment: string
  readonly sealedDigests: readonly string[]
  readonly recipientsDigest: string
  /** Of the scripts that sealed it; only of what was sealed in a browser. */
  readonly bundleDigest?: string
  /** Of what an organisation can show beside this receipt (filing-statement.ts). */
  readonly statementDigest?: string
  /** The batch that holds the filing is in the log by then, or the node is in default. */
  readonly mergeBy: Instant
  readonly clocks: readonly {
    readonly kind: string
    readonly dueOn: CalendarDate
    readonly source: string
  }[]
  readonly escalation: { readonly body: string; readonly address: string }
  readonly simulatedClock: boolean
}

export type SignedReceipt = {
  readonly receipt: AcceptedReceipt
  readonly keyId: string
  /** Ed25519 by the node's message key over `acceptedReceiptInput`, base64. */
  readonly signature: string
}

export function acceptedReceiptInput(receipt: AcceptedReceipt): Bytes {
  return concatBytes(utf8('comity/filing-accepted/v1\n'), canonicalBytes(receipt))
}

export type Batch = {
  /** Commitments and filler in an order that says nothing about arrival. */
  readonly leaves: readonly Uint8Array[]
  readonly tags: readonly Uint8Array[]
  /** Digests of the scripts that sealed reports since the batch before, hex. */
  readonly scripts: readonly string[]
}

/** The one log entry of a batch: root over its leaves, and the event tags of that hour. */
export function batchLogEntry(
  primitives: Primitives,
  batch: Batch,
  { tag, wireNow }: { tag: Uint8Array; wireNow: Instant },
): Bytes {
  return canonicalBytes({
    v: 1,
    at: coarseHour(wireNow),
    commitment: toBase64(batchRoot(primitives, batch.leaves)),
    tag: toBase64(tag),
    tags: batch.tags.map(toBase64).sort(),
    ...(batch.scripts.length > 0 ? { scripts: [...batch.scripts].sort() } : {}),
  })
}

export function batchRoot(primitives: Primitives, leaves: readonly Uint8Array[]): Uint8Array {
  return rootOf(
    primitives,
    leaves.map((leaf) => hashLeaf(primitives, leaf)),
  )
}

/** Path from a commitment to the root of its batch, for the reporter's sealed receipt. */
export function batchPath(
  primitives: Primitives,
  leaves: readonly Uint8Array[],
  index: number,
): { readonly leafIndex: number; readonly treeSize: number; readonly hashes: readonly string[] } {
  const hashes = leaves.map((leaf) => hashLeaf(primitives, leaf))
  const proof = buildInclusion(primitives, index, hashes)
  return { leafIndex: index, treeSize: leaves.length, hashes: proof.hashes.map(toBase64) }
}
