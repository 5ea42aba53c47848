/**
 * The right edge of the log's tree, and the tiles that come of new leaves.
 *
 * Pure: the same leaves give the same bytes, however they were cut into batches.
 */
import { concatBytes } from '../../../base/bytes.ts'
import type { Hashing } from '../../../proof/primitives.ts'
import { TILE_WIDTH, type TileRef } from '../../../proof/tile-path.ts'
import { rootFromRightEdge } from '../../../proof/tiles.ts'
import { rootOf } from '../../../proof/tree-hash.ts'

export type TreeEdge = {
  readonly size: number
  /** The hashes of the partial tile of each level, from the leaves up. */
  readonly levels: readonly (readonly Uint8Array[])[]
}

export type NewTile = { readonly tile: TileRef; readonly bytes: Uint8Array }

export const EMPTY_EDGE: TreeEdge = { size: 0, levels: [] }

export function rootOfEdge(primitives: Hashing, { levels }: TreeEdge): Uint8Array {
  return rootFromRightEdge(primitives, levels)
}

/** The edge after `leafHashes`, and every tile that is new or wider, full ones first. */
export function growEdge(
  primitives: Hashing,
  edge: TreeEdge,
  leafHashes: readonly Uint8Array[],
): { edge: TreeEdge; tiles: NewTile[] } {
  const tiles: NewTile[] = []
  const levels: Uint8Array[][] = []
  const size = edge.size + leafHashes.length
  let added = leafHashes
  for (let level = 0; added.length > 0 || level < edge.levels.length; level++) {
    const old = edge.levels[level] ?? []
    const firstTile = Math.floor(edge.size / TILE_WIDTH ** (level + 1))
    const { full, rest } = cutIntoTiles([...old, ...added])
    for (const [i, hashes] of full.entries()) {
      tiles.push(tileOf({ level, index: firstTile + i, width: TILE_WIDTH }, hashes))
    }
    if (rest.length > 0 && added.length > 0) {
      tiles.push(tileOf({ level, index: firstTile + full.length, width: rest.length }, rest))
    }
    levels.push(rest)
    added = full.map((hashes) => rootOf(primitives, hashes))
  }
  const isFull = ({ tile }: NewTile) => tile.width === TILE_WIDTH
  tiles.sort((a, b) => Number(isFull(b)) - Number(isFull(a)))
  return { edge: { size, levels }, tiles }
}

function cutIntoTiles(hashes: readonly Uint8Array[]): { full: Uint8Array[][]; rest: Uint8Array[] } {
  const full: Uint8Array[][] = []
  let from = 0
  for (; from + TILE_WIDTH <= hashes.length; from += TILE_WIDTH) {
    full.push(hashes.slice(from, from + TILE_WIDTH))
  }
  return { full, rest: hashes.slice(from) }
}

function tileOf(tile: TileRef, hashes: readonly Uint8Array[]): NewTile {
  return { tile, bytes: concatBytes(...hashes) }
}
