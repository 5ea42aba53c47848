/**
 * A copy of a redactable value, from which something may be left out, and the hash
 * that it leads to. It may come from anybody: what the types promise is checked here.
 */
import { type Bytes, fromBase64, toBase64 } from '../base/bytes.ts'
import { type Json, requireSafe } from '../base/canonical-json.ts'
import { malformed } from '../base/errors.ts'
import type { Hashing } from './primitives.ts'
import {
  type Budget,
  compareBytes,
  hashOfMember,
  hashOfName,
  hashOfNode,
  hashOfSegment,
  hashOfValue,
} from './redactable-tree.ts'
import { SALT_SIZE } from './salted-commitment.ts'
import { segmentsOf } from './text-segments.ts'
import { HASH_SIZE } from './tree-hash.ts'

const DEPTH_MAX = 32
const REASON_MAX = 500
const GROUND = /^[a-z][A-Za-z]{0,39}$/

/** `ground` is a code, `reason` words. Neither is committed to: who redacts says them. */
export type Why = { readonly ground: string; readonly reason: string }

/** `hidden`: the hash of what stood here, base64. */
export type Hidden = { readonly hidden: string } & Why

export type TreeCopy =
  | { readonly value: Json; readonly seed: string }
  | { readonly list: readonly TreeCopy[] }
  | { readonly members: readonly MemberCopy[] }
  | { readonly text: readonly SegmentCopy[] }
  | Hidden

/** `nameSeed` opens the name alone. */
export type MemberCopy =
  | { readonly name: string; readonly nameSeed: string; readonly node: TreeCopy }
  | Hidden

/** A run of segments that is hidden for one reason has the hash of each. */
export type SegmentCopy =
  | { readonly shown: string; readonly seed: string }
  | ({ readonly hidden: readonly string[] } & Why)

/**
 * The hash that the sealed value has at this node if `copy` derives from it.
 *
 * @throws ComityError `malformed` with the place as field
 */
export function hashFromCopy(
  primitives: Hashing,
  copy: TreeCopy,
  budget: Budget,
  field = '',
  depth = 0,
): Bytes {
  if (depth > DEPTH_MAX) throw malformed('a copy is nested too deeply', { field })
  const node = objectAt(copy, field)
  const keys = Object.keys(node).sort().join()
  if (keys === HIDDEN_KEYS) return hashOfHidden(node, field)
  if (keys === 'seed,value') {
    return hashOfValue(primitives, requireJson(node['value'], field), seedIn(node, field), budget)
  }
  if (keys === 'list') {
    const children = itemsAt(node['list'], `${field}/list`).map((item, index) =>
      hashFromCopy(primitives, item as TreeCopy, budget, `${field}/list/${index}`, depth + 1),
    )
    return hashOfNode(primitives, 'list', children)
  }
  if (keys === 'members') return hashOfMembers(primitives, node['members'], budget, field, depth)
  if (keys === 'text') return hashOfText(primitives, node['text'], budget, `${field}/text`)
  throw malformed('a node is shown, opened or hidden', { field })
}

const HIDDEN_KEYS = 'ground,hidden,reason'

function hashOfMembers(
  primitives: Hashing,
  members: unknown,
  budget: Budget,
  parent: string,
  depth: number,
): Bytes {
  const names = new Set<string>()
  const hashes = itemsAt(members, `${parent}/members`).map((item, index) => {
    const field = `${parent}/members/${index}`
    const member = objectAt(item, field)
    const keys = Object.keys(member).sort().join()
    if (keys === HIDDEN_KEYS) return hashOfHidden(member, field)
    if (keys !== 'name,nameSeed,node') throw malformed('a member is shown or hidden', { field })
    const name = textAt(member['name'], `${field}/name`)
    if (names.has(name)) throw malformed('a name stands twice', { field: `${field}/name` })
    names.add(name)
    const nameSeed = seedOf(member['nameSeed'], `${field}/nameSeed`)
    const node = member['node'] as TreeCopy
    return hashOfMember(
      primitives,
      hashOfName(primitives, name, nameSeed, budget),
      hashFromCopy(primitives, node, budget, `${field}/node`, depth + 1),
    )
  })
  const isRising = hashes.every(
    (hash, i) => i === 0 || compareBytes(hashes[i - 1] as Bytes, hash) < 0,
  )
  if (!isRising) throw malformed('members stand in the order of their hashes', { field: parent })
  return hashOfNode(primitives, 'object', hashes)
}

function hashOfText(primitives: Hashing, text: unknown, budget: Budget, parent: string): Bytes {
  const hashes = itemsAt(text, parent).flatMap((item, index) => {
    const field = `${parent}/${index}`
    const segment = objectAt(item, field)
    const keys = Object.keys(segment).sort().join()
    if (keys === HIDDEN_KEYS) {
      requireWhy(segment, field)
      return itemsAt(segment['hidden'], `${field}/hidden`).map((hash) => hashAt(hash, field))
    }
    if (keys !== 'seed,shown') throw malformed('a segment is shown or hidden', { field })
    const shown = textAt(segment['shown'], `${field}/shown`)
    if (segmentsOf(shown).length !== 1) throw malformed('not one segment', { field })
    return [hashOfSegment(primitives, shown, seedIn(segment, field), budget)]
  })
  return hashOfNode(primitives, 'text', hashes)
}

function hashOfHidden(node: Readonly<Record<string, unknown>>, field: string): Bytes {
  requireWhy(node, field)
  return hashAt(node['hidden'], `${field}/hidden`)
}

/** A place that is hidden says why. */
export function requireWhy(node: Readonly<Record<string, unknown>>, field: string): void {
  const { ground, reason } = node
  if (typeof ground !== 'string' || !GROUND.test(ground)) {
    throw malformed('what is hidden has a coded ground', { field: `${field}/ground` })
  }
  if (typeof reason !== 'string' || reason.trim() === '' || reason.length > REASON_MAX) {
    throw malformed('what is hidden has a reason in words', { field: `${field}/reason` })
  }
}

function hashAt(hash: unknown, field: string): Bytes {
  const bytes = fromBase64(textAt(hash, field), field)
  if (bytes.length === HASH_SIZE) return bytes
  throw malformed('a hash must be 32 bytes', { field })
}

const seedIn = (node: Readonly<Record<string, unknown>>, field: string) =>
  seedOf(node['seed'], `${field}/seed`)

export function seedOf(seed: unknown, field: string): Bytes {
  const bytes = fromBase64(textAt(seed, field), field)
  if (bytes.length === SALT_SIZE) return bytes
  throw malformed('a seed must be 32 bytes', { field })
}

function itemsAt(items: unknown, field: string): readonly unknown[] {
  if (Array.isArray(items) && items.length > 0) return items
  throw malformed('not a list of something', { field })
}

function objectAt(node: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof node === 'object' && node !== null && !Array.isArray(node)) {
    return node as Readonly<Record<string, unknown>>
  }
  throw malformed('not an object', { field })
}

function textAt(text: unknown, field: string): string {
  if (typeof text === 'string') return text
  throw malformed('not a text', { field })
}

function requireJson(value: unknown, field: string): Json {
  if (value === undefined) throw malformed('not a value', { field })
  requireSafe(value as Json, field, 0)
  return value as Json
}

export const seedText = (seed: Uint8Array) => toBase64(seed)
