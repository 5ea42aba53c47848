/**
 * Tiles with the hashes between their own, which proofs are made of. A tile never
 * changes, so those used last are kept: a proof then reads at most what it needs for
 * the first time, and each tile once.
 */
import type { Hashing } from '../../../proof/primitives.ts'
import { type TileRef, tilePath } from '../../../proof/tile-path.ts'
import type { TileSlice } from '../../../proof/tiles.ts'
import { hashNode } from '../../../proof/tree-hash.ts'

export type HashedTiles = {
  /** The root over the hashes of a slice, which are one complete subtree. */
  rootOf(slice: TileSlice): Promise<Uint8Array>
}

type HashedTile = {
  readonly hashes: readonly Uint8Array[]
  /** Roots by what they are over. */
  readonly roots: Map<number, Uint8Array>
}

/** With all that is between its hashes, a tile takes some 40 KB. */
const KEPT_MAX = 128

/** @param read the hashes of a tile */
export function hashedTiles(
  primitives: Hashing,
  read: (tile: TileRef) => Promise<readonly Uint8Array[]>,
): HashedTiles {
  const kept = new Map<string, Promise<HashedTile>>()

  function tileOf(tile: TileRef): Promise<HashedTile> {
    const path = tilePath(tile)
    const known = kept.get(path) ?? read(tile).then((hashes) => ({ hashes, roots: new Map() }))
    kept.delete(path)
    kept.set(path, known)
    // What could not be read may be there the next time.
    known.catch(() => kept.delete(path))
    const [oldest] = kept.keys()
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
    return known
  }

  function rootOver(tile: HashedTile, offset: number, count: number): Uint8Array {
    const only = tile.hashes[offset]
    if (count === 1 && only !== undefined) return only
    const at = count * 256 + offset
    const known = tile.roots.get(at)
    if (known !== undefined) return known
    const half = count / 2
    const left = rootOver(tile, offset, half)
    const root = hashNode(primitives, left, rootOver(tile, offset + half, half))
    tile.roots.set(at, root)
    return root
  }

  return {
    async rootOf({ tile, offset, count }) {
      return rootOver(await tileOf(tile), offset, count)
    },
  }
}
