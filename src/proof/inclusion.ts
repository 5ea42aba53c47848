/**
 * Inclusion proofs (RFC 9162, section 2.1.3).
 *
 * An inclusion proof shows that a log holds an entry at a given index: the
 * entry's hash, combined in turn with each hash of the proof, must give the
 * root hash of the log's checkpoint.
 *
 * It does not show that other nodes are given the same log. Cosignatures do
 * that; callers who need both call `verifyReceipt` in receipt.ts instead.
 */
import { equalBytes } from '../base/bytes.ts'
import { malformed, unverified } from '../base/errors.ts'
import type { Verified } from '../base/verified.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Hashing } from './primitives.ts'
import { hashNode, requireHash, rootOf, type Subtree, splitOf } from './tree-hash.ts'

export type InclusionProof = {
  readonly leafIndex: number
  /** From the leaf's sibling up to the child of the root. */
  readonly hashes: readonly Uint8Array[]
}

/**
 * Verifies that the tree of `checkpoint` holds `leafHash`.
 *
 * Takes only a verified checkpoint: a proof against a root that nobody signed
 * says nothing.
 *
 * @throws ComityError `malformed` if the proof cannot belong to a tree of that
 * size; `unverified` if it can, but leads to another root.
 */
export function verifyInclusion(
  primitives: Hashing,
  leafHash: Uint8Array,
  proof: InclusionProof,
  checkpoint: Verified<Checkpoint>,
): void {
  const rootHash = rootFromInclusion(primitives, leafHash, proof, checkpoint.treeSize)
  if (equalBytes(rootHash, checkpoint.rootHash)) return
  throw unverified(`entry ${proof.leafIndex} is not in the log`, { reason: 'not-included' })
}

/** The root that a tree of `treeSize` has if `proof` is right. Exported for its vectors. */
export function rootFromInclusion(
  primitives: Hashing,
  leafHash: Uint8Array,
  { leafIndex, hashes }: InclusionProof,
  treeSize: number,
): Uint8Array {
  requireIndexInTree(leafIndex, treeSize)
  for (const hash of [leafHash, ...hashes]) requireHash(hash, 'proof')

  // Walk up from the leaf. `node` and `last` are the indices, on the current
  // level, of our node and of the rightmost one.
  let node = leafIndex
  let last = treeSize - 1
  let subtree = leafHash
  for (const sibling of hashes) {
    if (last === 0) throw malformed('proof is longer than the tree is high', { field: 'proof' })
    // A rightmost left child has no sibling: it stands for its parent, so we
    // climb until it is a right child.
    while (node === last && isLeftChild(node)) {
      node = parentOf(node)
      last = parentOf(last)
    }
    subtree = isLeftChild(node)
      ? hashNode(primitives, subtree, sibling)
      : hashNode(primitives, sibling, subtree)
    node = parentOf(node)
    last = parentOf(last)
  }
  if (last !== 0) throw malformed('proof is shorter than the tree is high', { field: 'proof' })
  return subtree
}

/** The subtrees whose roots are the hashes of the proof, in its order. */
export function inclusionPath(leafIndex: number, treeSize: number): Subtree[] {
  requireIndexInTree(leafIndex, treeSize)
  const fromRoot: Subtree[] = []
  let start = 0
  let end = treeSize
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    if (leafIndex < middle) {
      fromRoot.push({ start: middle, end })
      end = middle
    } else {
      fromRoot.push({ start, end: middle })
      start = middle
    }
  }
  return fromRoot.reverse()
}

/** Builds the proof from all leaf hashes of a tree (PATH of the RFC). */
export function buildInclusion(
  primitives: Hashing,
  leafIndex: number,
  leafHashes: readonly Uint8Array[],
): InclusionProof {
  const path = inclusionPath(leafIndex, leafHashes.length)
  return { leafIndex, hashes: path.map((subtree) => rootOf(primitives, leafHashes, subtree)) }
}

// Arithmetic instead of bit operators, which JavaScript cuts to 32 bits.
const isLeftChild = (index: number) => index % 2 === 0
const parentOf = (index: number) => Math.floor(index / 2)

function requireIndexInTree(leafIndex: number, treeSize: number): void {
  const safe = Number.isSafeInteger(leafIndex) && Number.isSafeInteger(treeSize)
  if (safe && 0 <= leafIndex && leafIndex < treeSize) return
  throw malformed(`index ${leafIndex} is outside a tree of size ${treeSize}`, {
    field: 'leafIndex',
  })
}
