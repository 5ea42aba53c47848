/**
 * Consistency proofs (RFC 9162, section 2.1.4): that a tree only appended to an
 * older one.
 *
 * Size 0 is refused here: every tree extends the empty one, so there is nothing
 * to prove. A witness handles that case by itself (add-checkpoint.ts).
 */
import { equalBytes } from '../base/bytes.ts'
import { malformed, unverified } from '../base/errors.ts'
import type { Hashing } from './primitives.ts'
import {
  hashNode,
  requireHash,
  requireSize,
  rootOf,
  type Subtree,
  splitOf,
  type TreeHead,
} from './tree-hash.ts'

/**
 * Verifies that the tree of `newer` begins with the leaves of the tree of `older`.
 *
 * @throws ComityError `malformed` if the proof cannot belong to trees of these
 * sizes; `unverified` if it can, but leads to other roots.
 */
export function verifyConsistency(
  primitives: Hashing,
  older: TreeHead,
  newer: TreeHead,
  proof: readonly Uint8Array[],
): void {
  requireSizesInOrder(older.treeSize, newer.treeSize)
  if (older.treeSize === newer.treeSize) {
    if (proof.length > 0) throw malformed('equal trees need no proof', { field: 'proof' })
    requireRoot(older.rootHash, newer.rootHash)
    return
  }
  for (const root of [older.rootHash, newer.rootHash]) requireHash(root, 'root')
  const roots = rootsFromConsistency(primitives, older, newer.treeSize, proof)
  requireRoot(roots.older, older.rootHash)
  requireRoot(roots.newer, newer.rootHash)
}

/** The two roots that `proof` leads to. The older root is used only where the RFC leaves it out. */
function rootsFromConsistency(
  primitives: Hashing,
  older: TreeHead,
  newerSize: number,
  proof: readonly Uint8Array[],
): { older: Uint8Array; newer: Uint8Array } {
  if (proof.length === 0) throw malformed('proof is empty', { field: 'proof' })
  for (const hash of proof) requireHash(hash, 'proof')
  // `node` and `last` are the indices, on the current level, of the older
  // tree's rightmost complete subtree and of the newer tree's rightmost node.
  let node = older.treeSize - 1
  let last = newerSize - 1
  const climb = () => {
    node = parentOf(node)
    last = parentOf(last)
  }
  while (isRightChild(node)) climb()
  // An older tree that is one complete subtree is not repeated in the proof.
  const [seed, ...rest] = node === 0 ? [older.rootHash, ...proof] : proof
  let olderRoot = seed as Uint8Array
  let newerRoot = olderRoot
  for (const sibling of rest) {
    if (last === 0) throw malformed('proof is longer than the tree is high', { field: 'proof' })
    if (isRightChild(node) || node === last) {
      olderRoot = hashNode(primitives, sibling, olderRoot)
      newerRoot = hashNode(primitives, sibling, newerRoot)
      while (!isRightChild(node) && node !== 0) climb()
    } else {
      newerRoot = hashNode(primitives, newerRoot, sibling)
    }
    climb()
  }
  if (last !== 0) throw malformed('proof is shorter than the tree is high', { field: 'proof' })
  return { older: olderRoot, newer: newerRoot }
}

/** The subtrees of the newer tree whose roots are the hashes of the proof, in its order. */
export function consistencyPath(olderSize: number, newerSize: number): Subtree[] {
  requireSizesInOrder(olderSize, newerSize)
  const fromRoot: Subtree[] = []
  let start = 0
  let end = newerSize
  while (olderSize < end) {
    const middle = start + splitOf(end - start)
    if (olderSize <= middle) {
      fromRoot.push({ start: middle, end })
      end = middle
    } else {
      fromRoot.push({ start, end: middle })
      start = middle
    }
  }
  // A verifier has the older root already if the older tree is complete.
  if (start > 0) fromRoot.push({ start, end })
  return fromRoot.reverse()
}

/** Builds the proof from all leaf hashes of the newer tree (PROOF of the RFC). */
export function buildConsistency(
  primitives: Hashing,
  olderSize: number,
  leafHashes: readonly Uint8Array[],
): Uint8Array[] {
  const path = consistencyPath(olderSize, leafHashes.length)
  return path.map((subtree) => rootOf(primitives, leafHashes, subtree))
}

const isRightChild = (index: number) => index % 2 === 1
const parentOf = (index: number) => Math.floor(index / 2)

function requireSizesInOrder(olderSize: number, newerSize: number): void {
  requireSize(olderSize, 'olderSize')
  requireSize(newerSize, 'newerSize')
  if (olderSize < 1) throw malformed('an empty tree needs no proof', { field: 'olderSize' })
  if (olderSize > newerSize) throw malformed('the tree has shrunk', { field: 'olderSize' })
}

function requireRoot(root: Uint8Array, expected: Uint8Array): void {
  if (equalBytes(root, expected)) return
  throw unverified('the trees are not consistent', { reason: 'inconsistent' })
}
