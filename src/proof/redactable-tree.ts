/**
 * Values of which any field, item or stretch of text can be left out while the rest
 * still leads to the same commitment.
 *
 * Every name, every scalar and every segment of a text has a salted commitment;
 * lists, objects and texts are Merkle trees over those of what they hold. All salts
 * grow from one seed of the whole value: who has the seed of a node can compute
 * everything below it and nothing beside it. A copy gives the seed of what it shows
 * in full, and of what it hides nothing but the hash.
 *
 * Members of an object stand in the order of their hashes, so that the place of a
 * hidden one says nothing of its name. What a copy still tells of what it hides is
 * listed in protocol/spec/redacted-record.md. It proves that the shown parts are the
 * sealed ones at their sealed places, not that hiding the others was right.
 */
import { type Bytes, toHex, utf8 } from '../base/bytes.ts'
import { canonicalBytes, type Json } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import { hmacSha256 } from './hmac.ts'
import type { Hashing } from './primitives.ts'
import { commit } from './salted-commitment.ts'
import { segmentsOf } from './text-segments.ts'
import { hashLeaf, rootOf } from './tree-hash.ts'

/** Names, scalars and segments of one record. */
export const TREE_LEAVES_MAX = 50_000
/** Counts leaves over all parts of a record, so that a small copy cannot cost much time. */
export type Budget = { leaves: number }

export const newBudget = (): Budget => ({ leaves: TREE_LEAVES_MAX })

/** Names, scalars and segments in a value. */
export function countLeaves(value: Json): number {
  if (typeof value === 'string') return Math.max(1, segmentsOf(value).length)
  if (value === null || typeof value !== 'object') return 1
  const inside = Object.values(value).reduce<number>(
    (sum, item) => sum + countLeaves(item as Json),
    0,
  )
  return Math.max(1, inside + (Array.isArray(value) ? 0 : Object.keys(value).length))
}

/** The seed below `seed` for one child, named by what it is: `['item', 3]`. */
export function childSeed(primitives: Hashing, seed: Uint8Array, label: Json): Bytes {
  return hmacSha256(primitives, seed, canonicalBytes(['seed', label]))
}

/** The hash of a node that is shown in full. */
export function hashOfValue(
  primitives: Hashing,
  value: Json,
  seed: Uint8Array,
  budget: Budget,
): Bytes {
  const level = expanded(value, seed, primitives)
  if (level === undefined) return hashOfScalar(primitives, value, seed, budget)
  if ('text' in level) {
    const children = level.text.map(([text, own]) => hashOfSegment(primitives, text, own, budget))
    return hashOfNode(primitives, 'text', children)
  }
  if ('list' in level) {
    const children = level.list.map(([item, own]) => hashOfValue(primitives, item, own, budget))
    return hashOfNode(primitives, 'list', children)
  }
  const members = level.members.map(([name, nameSeed, item, own]) =>
    hashOfMember(
      primitives,
      hashOfName(primitives, name, nameSeed, budget),
      hashOfValue(primitives, item, own, budget),
    ),
  )
  return hashOfNode(primitives, 'object', members.sort(compareBytes))
}

export type Level =
  | { readonly text: readonly (readonly [string, Bytes])[] }
  | { readonly list: readonly (readonly [Json, Bytes])[] }
  | { readonly members: readonly (readonly [string, Bytes, Json, Bytes])[] }

/** What a value holds, with the seed of each; undefined for a scalar and for what is empty. */
export function expanded(value: Json, seed: Uint8Array, primitives: Hashing): Level | undefined {
  const own = (label: Json) => childSeed(primitives, seed, label)
  if (typeof value === 'string') {
    if (value === '') return undefined
    return {
      text: segmentsOf(value).map((text, index) => [text, own(['segment', index])] as const),
    }
  }
  if (value === null || typeof value !== 'object') return undefined
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined
    return { list: value.map((item: Json, index) => [item, own(['item', index])] as const) }
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.length === 0) return undefined
  return {
    members: entries.map(
      ([name, item]) => [name, own(['name', name]), item as Json, own(['member', name])] as const,
    ),
  }
}

function hashOfScalar(primitives: Hashing, value: Json, seed: Uint8Array, budget: Budget): Bytes {
  spend(budget)
  return commit(primitives, seed, canonicalBytes(['scalar', value]))
}

export function hashOfSegment(
  primitives: Hashing,
  text: string,
  seed: Uint8Array,
  budget: Budget,
): Bytes {
  spend(budget)
  return commit(primitives, seed, canonicalBytes(['segment', text]))
}

export function hashOfName(
  primitives: Hashing,
  name: string,
  seed: Uint8Array,
  budget: Budget,
): Bytes {
  spend(budget)
  return commit(primitives, seed, canonicalBytes(['name', name]))
}

export function hashOfMember(primitives: Hashing, name: Uint8Array, value: Uint8Array): Bytes {
  return hashOfNode(primitives, 'member', [name, value])
}

/** What stands in a record for a part that is such a tree. */
export function hashOfPart(primitives: Hashing, node: Uint8Array): Bytes {
  return hashOfNode(primitives, 'part', [node])
}

/** Each kind has a prefix of its own, so that none can pass for another, nor for a tree's hash. */
export function hashOfNode(
  primitives: Hashing,
  kind: 'list' | 'object' | 'text' | 'member' | 'part',
  children: readonly Uint8Array[],
): Bytes {
  const root = rootOf(
    primitives,
    children.map((child) => hashLeaf(primitives, child)),
  )
  return primitives.sha256(utf8(`comity-redactable-1/${kind}\n${toHex(root)}`))
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (const [index, byte] of a.entries()) {
    const difference = byte - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function spend(budget: Budget): void {
  budget.leaves -= 1
  if (budget.leaves < 0) {
    throw malformed(`a record has at most ${TREE_LEAVES_MAX} names, values and segments`, {
      reason: 'too-large',
    })
  }
}
