/**
 * Records of which parts can be left out while the rest still verifies, e.g. the
 * turns of a transcript.
 *
 * Each part gets a salted commitment when the record is sealed; the root over
 * the commitments is what the log holds. A redacted copy carries the shown parts
 * with their salts and, for each part left out, its commitment. Whoever knows the
 * root can check that the copy derives from the sealed original, with nothing
 * changed, moved or dropped unseen.
 *
 * The copy shows how many parts there are, and nothing else of those left out.
 * It does not prove that leaving them out was right. The salt of a part left out
 * must stay with the original: with it the part could be guessed.
 */
import { equalBytes, fromBase64, toBase64 } from '../base/bytes.ts'
import { canonicalBytes, type Json } from '../base/canonical-json.ts'
import { invariant, malformed, unverified } from '../base/errors.ts'
import { asVerified, type Verified } from '../base/verified.ts'
import type { Hashing } from './primitives.ts'
import { commit } from './salted-commitment.ts'
import { HASH_SIZE, hashLeaf, rootOf } from './tree-hash.ts'

/** Salts and commitments are base64, so that a copy is itself a JSON value. */
export type RedactedPart =
  | { readonly part: Json; readonly salt: string }
  | { readonly commitment: string }

export type RedactedRecord = { readonly parts: readonly RedactedPart[] }

/**
 * A copy that shows only the parts that `isShown` picks; all of them if it is
 * left out. The salts, one a part, stay with the original.
 */
export function redactRecord(
  primitives: Hashing,
  parts: readonly Json[],
  salts: readonly Uint8Array[],
  isShown: (index: number) => boolean = () => true,
): RedactedRecord {
  invariant(parts.length === salts.length, 'each part has its own salt')
  const redacted = parts.map((part, index): RedactedPart => {
    const salt = salts[index] as Uint8Array
    if (isShown(index)) return { part, salt: toBase64(salt) }
    return { commitment: toBase64(commit(primitives, salt, canonicalBytes(part))) }
  })
  return { parts: redacted }
}

/**
 * The root that the original has if `copy` derives from it.
 *
 * @throws ComityError `malformed` with the part as field
 */
export function rootFromRedactedRecord(primitives: Hashing, copy: RedactedRecord): Uint8Array {
  if (!Array.isArray(copy?.parts)) throw malformed('a copy has parts', { field: '/parts' })
  const leaves = copy.parts.map((part, index) =>
    hashLeaf(primitives, commitmentOf(primitives, part, index)),
  )
  return rootOf(primitives, leaves)
}

/**
 * Verifies that `copy` derives from the record with this root.
 *
 * @throws ComityError `malformed`, `unverified`
 */
export function verifyRedactedRecord(
  primitives: Hashing,
  copy: RedactedRecord,
  root: Uint8Array,
): Verified<RedactedRecord> {
  if (!equalBytes(rootFromRedactedRecord(primitives, copy), root)) {
    throw unverified('copy does not derive from the sealed record', { reason: 'wrong-root' })
  }
  return asVerified(copy)
}

/** A part may come from a peer: what its type promises is checked here. */
function commitmentOf(primitives: Hashing, part: RedactedPart, index: number): Uint8Array {
  const field = `/parts/${index}`
  if (typeof part !== 'object' || part === null) throw malformed('a part is an object', { field })
  const keys = Object.keys(part).sort().join()
  if ('commitment' in part && keys === 'commitment') {
    const commitment = fromBase64(textOf(part.commitment, field), `${field}/commitment`)
    if (commitment.length === HASH_SIZE) return commitment
    throw malformed('a commitment must be 32 bytes', { field: `${field}/commitment` })
  }
  if ('salt' in part && keys === 'part,salt') {
    const salt = fromBase64(textOf(part.salt, field), `${field}/salt`)
    return commit(primitives, salt, canonicalBytes(part.part))
  }
  // A part that is both shown and left out would leave open which one counts.
  throw malformed('a part is either shown or left out', { field })
}

function textOf(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  throw malformed('a salt or a commitment is a text', { field })
}
