/**
 * A second, independent way to the root: the leaves hashed by the database from its own
 * rows, the tree by other code with another hash library. A single flipped bit in memory
 * has ended logs; what only one of two computations believes is not signed.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { invariant } from '../../../base/errors.ts'

/** Roots of the complete subtrees of a tree, largest first: its binary digits. */
export type Peaks = readonly { readonly leaves: number; readonly root: Uint8Array }[]

export function addLeaves(peaks: Peaks, leafHashes: readonly Uint8Array[]): Peaks {
  const grown = [...peaks]
  for (const root of leafHashes) {
    grown.push({ leaves: 1, root })
    for (;;) {
      const right = grown.at(-1)
      const left = grown.at(-2)
      if (!left || !right || left.leaves !== right.leaves) break
      const root = joined(left.root, right.root)
      grown.splice(-2, 2, { leaves: 2 * left.leaves, root })
    }
  }
  return grown
}

export function rootOfPeaks(peaks: Peaks): Uint8Array {
  const smallest = peaks.at(-1)
  if (smallest === undefined) return sha256(NOTHING)
  const larger = peaks.slice(0, -1)
  return larger.reduceRight((right, { root }) => joined(root, right), smallest.root)
}

const NOTHING = new Uint8Array(0)

/** Used again for each node: memory of its own took half as long as the hash. */
const NODE = new Uint8Array(65).fill(1, 0, 1)

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  invariant(left.length === 32 && right.length === 32, 'a node joins two hashes')
  NODE.set(left, 1)
  NODE.set(right, 33)
  return sha256(NODE)
}
