/**
 * The hashes of `tree-hash.ts` for whoever makes millions of them: the inputs are written
 * into memory of its own, over and over. Only for entries that are no secret.
 */
import type { Hashing } from './primitives.ts'
import { HASH_SIZE } from './tree-hash.ts'

const ENTRY_SIZE_MAX = 65_535

export type QuickHash = {
  /** As `hashLeaf`; an entry has at most 65,535 bytes. */
  readonly leaf: (entry: Uint8Array) => Uint8Array
  /** As `rootOf`, of a number of hashes that is a power of two. */
  readonly root: (hashes: readonly Uint8Array[]) => Uint8Array | undefined
}

export function quickHash({ sha256 }: Hashing): QuickHash {
  const leafInput = new Uint8Array(1 + ENTRY_SIZE_MAX)
  const nodeInput = new Uint8Array(1 + 2 * HASH_SIZE).fill(1, 0, 1)
  const node = (left: Uint8Array, right: Uint8Array) => {
    nodeInput.set(left, 1)
    nodeInput.set(right, 1 + HASH_SIZE)
    return sha256(nodeInput)
  }
  return {
    leaf(entry) {
      leafInput.set(entry, 1)
      return sha256(leafInput.subarray(0, 1 + entry.length))
    },
    root(hashes) {
      let row = hashes
      while (row.length > 1) row = pairs(row, node)
      return row[0]
    },
  }
}

function pairs(
  row: readonly Uint8Array[],
  join: (left: Uint8Array, right: Uint8Array) => Uint8Array,
): Uint8Array[] {
  const above: Uint8Array[] = []
  for (let at = 0; at < row.length; at += 2) {
    const [left, right] = [row[at], row[at + 1]]
    if (left && right) above.push(join(left, right))
  }
  return above
}
