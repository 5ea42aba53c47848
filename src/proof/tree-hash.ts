/**
 * Hashes of the Merkle tree (RFC 9162, section 2.1.1) over SHA-256.
 *
 * Leaves and nodes have different prefixes, so that no node can pass for a leaf.
 * A root alone does not tell its tree size; keep the two together.
 */
import type { Bytes } from '../base/bytes.ts'
import { invariant, malformed } from '../base/errors.ts'
import type { Hashing } from './primitives.ts'

export const HASH_SIZE = 32

/** A number of leaves and the root hash over them; every checkpoint is one. */
export type TreeHead = { readonly treeSize: number; readonly rootHash: Uint8Array }

/** The leaves `start` to `end - 1`. */
export type Subtree = { readonly start: number; readonly end: number }

/** SHA-256(0x00 || entry) */
export function hashLeaf({ sha256 }: Hashing, entry: Uint8Array): Bytes {
  const input = new Uint8Array(1 + entry.length)
  input.set(entry, 1)
  return sha256(input)
}

/** SHA-256(0x01 || left || right) */
export function hashNode({ sha256 }: Hashing, left: Uint8Array, right: Uint8Array): Bytes {
  invariant(left.length === HASH_SIZE && right.length === HASH_SIZE, 'a node joins two hashes')
  const input = new Uint8Array(1 + 2 * HASH_SIZE)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 1 + HASH_SIZE)
  return sha256(input)
}

/** The root over `leafHashes`, or over a part of them; the empty tree has SHA-256 of nothing. */
export function rootOf(
  primitives: Hashing,
  leafHashes: readonly Uint8Array[],
  { start, end }: Subtree = { start: 0, end: leafHashes.length },
): Uint8Array {
  invariant(0 <= start && start <= end && end <= leafHashes.length, 'a subtree lies in its tree')
  if (start === end) return primitives.sha256(new Uint8Array(0))
  const only = leafHashes[start]
  if (end - start === 1 && only !== undefined) return only
  const middle = start + splitOf(end - start)
  const left = rootOf(primitives, leafHashes, { start, end: middle })
  const right = rootOf(primitives, leafHashes, { start: middle, end })
  return hashNode(primitives, left, right)
}

/** The largest power of two below `size`: the number of leaves left of the root. */
export function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** @throws ComityError `malformed` if `hash` is not 32 bytes. */
export function requireHash(hash: Uint8Array, field: string): void {
  if (hash.length !== HASH_SIZE) throw malformed('a hash must be 32 bytes', { field })
}

/** @throws ComityError `malformed` if `size` is no whole number from 0 to 2^53 - 1. */
export function requireSize(size: number, field: string): void {
  if (!Number.isSafeInteger(size) || size < 0) throw malformed('not a tree size', { field })
}
