/**
 * A second, independent way to the root: other code, another hash library, and
 * the rows read once more. A single flipped bit in memory has ended logs; what
 * only one of two computations believes is not signed.
 */
import { sha256 } from '@noble/hashes/sha2.js'

/** Roots of the complete subtrees of a tree, largest first: its binary digits. */
export type Peaks = readonly { readonly leaves: number; readonly root: Uint8Array }[]

export function addEntry(peaks: Peaks, entry: Uint8Array): Peaks {
  const grown = [...peaks, { leaves: 1, root: prefixed(0, entry) }]
  for (;;) {
    const right = grown.at(-1)
    const left = grown.at(-2)
    if (!left || !right || left.leaves !== right.leaves) return grown
    const root = prefixed(1, left.root, right.root)
    grown.splice(-2, 2, { leaves: 2 * left.leaves, root })
  }
}

export function rootOfPeaks(peaks: Peaks): Uint8Array {
  const smallest = peaks.at(-1)
  if (smallest === undefined) return sha256(NOTHING)
  const larger = peaks.slice(0, -1)
  return larger.reduceRight((right, { root }) => prefixed(1, root, right), smallest.root)
}

const NOTHING = new Uint8Array(0)

function prefixed(prefix: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = sha256.create().update(Uint8Array.of(prefix))
  for (const part of parts) hash.update(part)
  return hash.digest()
}
