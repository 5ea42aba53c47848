/**
 * Records of which parts, or anything inside a part, can be left out while the rest
 * still verifies, e.g. the turns of a transcript.
 *
 * Each part gets a salted commitment when the record is sealed; the root over
 * the commitments is what the log holds. A redacted copy carries the shown parts
 * with their salts and, for each part left out, its commitment. Whoever knows the
 * root can check that the copy derives from the sealed original, with nothing
 * changed, moved or dropped unseen.
 *
 * A part is flat, shown or left out as a whole, or a tree (`redactable-tree.ts`), of
 * which any field, item or stretch of text can be left out. Both kinds look alike
 * once left out.
 *
 * The copy shows how many parts there are, and nothing else of those left out; for
 * what trees tell see protocol/spec/redacted-record.md. It does not prove that leaving them out was right. The salt of a part left out
 * must stay with the original: with it the part could be guessed.
 */
import { equalBytes, fromBase64, toBase64 } from '../base/bytes.ts'
import { canonicalBytes, type Json } from '../base/canonical-json.ts'
import { invariant, malformed, unverified } from '../base/errors.ts'
import { asVerified, type Verified } from '../base/verified.ts'
import { type HideTarget, hideInTree } from './hide-in-tree.ts'
import type { Hashing } from './primitives.ts'
import {
  type Budget,
  countLeaves,
  hashOfPart,
  newBudget,
  TREE_LEAVES_MAX,
} from './redactable-tree.ts'
import { commit } from './salted-commitment.ts'
import { hashFromCopy, seedText, type TreeCopy } from './tree-copy.ts'
import { HASH_SIZE, hashLeaf, rootOf } from './tree-hash.ts'

/** Salts and commitments are base64, so that a copy is itself a JSON value. */
export type RedactedPart =
  | { readonly part: Json; readonly salt: string }
  | { readonly tree: TreeCopy }
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

/** A record whose parts are trees. The seeds, one a part, stay with the original. */
export function treeRecord(parts: readonly Json[], seeds: readonly Uint8Array[]): RedactedRecord {
  invariant(parts.length === seeds.length, 'each part has its own seed')
  return {
    parts: parts.map((value, index) => {
      return { tree: { value, seed: seedText(seeds[index] as Uint8Array) } }
    }),
  }
}

/** Trees as long as they are not too many leaves together for a reader; the rest flat. */
export function sealableRecord(
  primitives: Hashing,
  parts: readonly Json[],
  secrets: readonly Uint8Array[],
): RedactedRecord {
  let left = TREE_LEAVES_MAX
  const isTree = parts.map((part) => {
    const leaves = countLeaves(part)
    if (leaves > left) return false
    left -= leaves
    return true
  })
  const trees = treeRecord(parts, secrets).parts
  const flat = redactRecord(primitives, parts, secrets).parts
  return {
    parts: parts.map((_, index) => (isTree[index] ? trees : flat)[index] as RedactedPart),
  }
}

/** `part` counts from 0. Without `inside` the whole part is left out. */
export type HidePart = { readonly part: number; readonly inside?: HideTarget }

/**
 * The same record with more left out. What it already hides stays hidden.
 *
 * @throws ComityError `malformed` if there is no such place, or in a flat part
 */
export function hideInRecord(
  primitives: Hashing,
  { parts }: RedactedRecord,
  targets: readonly HidePart[],
): RedactedRecord {
  const outside = targets.find(({ part }) => !Object.hasOwn(parts, part))
  if (outside) throw malformed('the record has no such part', { field: '/parts' })
  return {
    parts: parts.map((part, index): RedactedPart => {
      const here = targets.filter((target) => target.part === index)
      if (here.length === 0 || 'commitment' in part) return part
      const inside = here.flatMap((target) => target.inside ?? [])
      if (inside.length < here.length) {
        return { commitment: toBase64(commitmentOf(primitives, part, index, newBudget())) }
      }
      if ('tree' in part) return { tree: hideInTree(primitives, part.tree, inside) }
      throw malformed('a flat part is left out as a whole', { field: `/parts/${index}` })
    }),
  }
}

/**
 * The root that the original has if `copy` derives from it.
 *
 * @throws ComityError `malformed` with the part as field
 */
export function rootFromRedactedRecord(primitives: Hashing, copy: RedactedRecord): Uint8Array {
  if (!Array.isArray(copy?.parts)) throw malformed('a copy has parts', { field: '/parts' })
  const budget = newBudget()
  const leaves = copy.parts.map((part, index) =>
    hashLeaf(primitives, commitmentOf(primitives, part, index, budget)),
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
export function commitmentOf(
  primitives: Hashing,
  part: RedactedPart,
  index: number,
  budget: Budget,
): Uint8Array {
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
  if ('tree' in part && keys === 'tree') {
    return hashOfPart(primitives, hashFromCopy(primitives, part.tree, budget, `${field}/tree`))
  }
  // A part that is both shown and left out would leave open which one counts.
  throw malformed('a part is either shown or left out', { field })
}

function textOf(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  throw malformed('a salt or a commitment is a text', { field })
}
