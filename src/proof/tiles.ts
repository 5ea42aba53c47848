/**
 * Tiles (C2SP tlog-tiles): which exist for a tree size, and how the root of any
 * part of the tree follows from the hashes in them.
 *
 * Hash i of tile n at level l is the root over 256^l leaves from
 * (n * 256 + i) * 256^l on.
 */
import { invariant, malformed } from '../base/errors.ts'
import type { Hashing } from './primitives.ts'
import { TILE_WIDTH, type TileRef } from './tile-path.ts'
import { HASH_SIZE, hashNode, rootOf, type Subtree } from './tree-hash.ts'

/** `count` hashes of a tile from `offset` on; together they are one complete subtree. */
export type TileSlice = {
  readonly tile: TileRef
  readonly offset: number
  readonly count: number
}

/** Hashes that a complete or partial tile of `index` holds in a tree of `treeSize`; 0 if none. */
export function tileWidth(level: number, index: number, treeSize: number): number {
  const hashes = hashesAt(level, treeSize) - index * TILE_WIDTH
  return Math.max(0, Math.min(TILE_WIDTH, hashes))
}

/** The tiles of all levels that a tree has at `newSize` and had not at `oldSize`, lowest first. */
export function tilesBetween(oldSize: number, newSize: number): TileRef[] {
  const tiles: TileRef[] = []
  for (let level = 0; hashesAt(level, newSize) > 0; level++) {
    tiles.push(...levelTilesBetween(level, hashesAt(level, oldSize), hashesAt(level, newSize)))
  }
  return tiles
}

/** The same for entry bundles. */
export function bundlesBetween(oldSize: number, newSize: number): TileRef[] {
  return levelTilesBetween('entries', oldSize, newSize)
}

function levelTilesBetween(level: TileRef['level'], oldCount: number, newCount: number) {
  if (oldCount === newCount) return []
  const tiles: TileRef[] = []
  for (let index = Math.floor(oldCount / TILE_WIDTH); index * TILE_WIDTH < newCount; index++) {
    const width = Math.min(TILE_WIDTH, newCount - index * TILE_WIDTH)
    tiles.push({ level, index, width })
  }
  return tiles
}

/**
 * Where the hashes stand from which the root of `subtree` follows, left to right.
 * `rootFromRuns` joins them. The subtree must be one of a proof's path.
 */
export function slicesOf({ start, end }: Subtree, treeSize: number): TileSlice[] {
  const slices: TileSlice[] = []
  let from = start
  while (from < end) {
    const leaves = largestPowerWithin(end - from)
    invariant(from % leaves === 0, 'a complete subtree starts at a multiple of its size')
    slices.push(sliceOf(from, leaves, treeSize))
    from += leaves
  }
  return slices
}

function sliceOf(start: number, leaves: number, treeSize: number): TileSlice {
  let level = 0
  let first = start
  let count = leaves
  while (count >= TILE_WIDTH) {
    level += 1
    first /= TILE_WIDTH
    count /= TILE_WIDTH
  }
  const index = Math.floor(first / TILE_WIDTH)
  const tile = { level, index, width: tileWidth(level, index, treeSize) }
  return { tile, offset: first % TILE_WIDTH, count }
}

/** The root over runs of hashes, each run one complete subtree, largest and leftmost first. */
export function rootFromRuns(
  primitives: Hashing,
  runs: readonly (readonly Uint8Array[])[],
): Uint8Array {
  const roots = runs.map((run) => rootOf(primitives, run))
  let root = roots.pop() ?? rootOf(primitives, [])
  for (const left of roots.reverse()) root = hashNode(primitives, left, root)
  return root
}

/**
 * The root of a tree from its right edge: `levels[l]` are the hashes of the
 * partial tile at level l, empty where there is none.
 */
export function rootFromRightEdge(
  primitives: Hashing,
  levels: readonly (readonly Uint8Array[])[],
): Uint8Array {
  const runs: Uint8Array[][] = []
  for (const hashes of levels.toReversed()) {
    invariant(hashes.length < TILE_WIDTH, 'a full tile counts as one hash of the level above')
    let from = 0
    while (from < hashes.length) {
      const count = largestPowerWithin(hashes.length - from)
      runs.push(hashes.slice(from, from + count))
      from += count
    }
  }
  return rootFromRuns(primitives, runs)
}

/** Cuts the bytes of a tile into hashes. @throws ComityError `malformed` */
export function parseTile(bytes: Uint8Array, width: number): Uint8Array[] {
  if (bytes.length !== width * HASH_SIZE)
    throw malformed('tile has a wrong size', { field: 'tile' })
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE))
}

/** Complete subtrees of 256^level leaves in a tree. */
function hashesAt(level: number, treeSize: number): number {
  return Math.floor(treeSize / TILE_WIDTH ** level)
}

/** The largest power of two that is at most `count`. */
function largestPowerWithin(count: number): number {
  let power = 1
  while (power * 2 <= count) power *= 2
  return power
}
