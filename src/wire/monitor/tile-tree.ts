/**
 * A tree as its log serves it: every tile that is read here was checked against the root of
 * one signed head, so that whatever follows from it is what the log signed.
 *
 * The right edge of the tree gives the root; each full tile is one hash of the tile above it.
 */
import { equalBytes } from '../../base/bytes.ts'
import { unverified } from '../../base/errors.ts'
import { consistencyPath } from '../../proof/consistency.ts'
import type { Hashing } from '../../proof/primitives.ts'
import { TILE_WIDTH, type TileRef, tilePath } from '../../proof/tile-path.ts'
import {
  parseTile,
  rootFromRightEdge,
  rootFromRuns,
  slicesOf,
  tileWidth,
} from '../../proof/tiles.ts'
import { rootOf, type Subtree, type TreeHead } from '../../proof/tree-hash.ts'

/** @throws ComityError `unavailable` if it could not be had; with reason `missing` if it is not there */
export type FetchTile = (tile: TileRef) => Promise<Uint8Array>

export type ServedTile = { readonly path: string; readonly bytes: Uint8Array }

/** The log serves a tile that does not belong to the head it signed. */
export class WrongTile extends Error {
  readonly tiles: readonly ServedTile[]

  constructor(tiles: readonly ServedTile[]) {
    super('a tile does not belong to the signed head')
    this.name = 'WrongTile'
    this.tiles = tiles
  }
}

export type TileTree = {
  /** Hashes of a tile of this tree, checked up to the root. @throws WrongTile */
  hashes(level: number, index: number): Promise<readonly Uint8Array[]>
  /** The root that the tree had at a smaller size. @throws WrongTile */
  rootAt(size: number): Promise<Uint8Array>
  /** That the tree of that root at a smaller size is the beginning of this one. @throws WrongTile */
  consistencyFrom(size: number): Promise<Uint8Array[]>
}

/** More levels than any tree with a size below 2^53 has. */
const LEVELS = 7

export function tileTree(hashing: Hashing, head: TreeHead, fetchTile: FetchTile): TileTree {
  let edge: Promise<readonly (readonly Uint8Array[])[]> | undefined
  // Level 0 is not kept: there are as many tiles as the log is long.
  const kept = new Map<string, Promise<readonly Uint8Array[]>>()

  const rightEdge = () => {
    edge ??= readEdge(hashing, head, fetchTile)
    return edge
  }
  const hashes = async (level: number, index: number): Promise<readonly Uint8Array[]> => {
    const width = tileWidth(level, index, head.treeSize)
    const levels = await rightEdge()
    if (width < TILE_WIDTH) return levels[level] ?? []
    if (level === 0) return full(level, index)
    const key = `${level}/${index}`
    const known = kept.get(key) ?? full(level, index)
    kept.set(key, known)
    return known
  }
  const full = async (level: number, index: number): Promise<readonly Uint8Array[]> => {
    const above = await hashes(level + 1, Math.floor(index / TILE_WIDTH))
    const tile = { level, index, width: TILE_WIDTH }
    const bytes = await fetchTile(tile)
    const read = hashesIn(tile, bytes)
    const expected = above[index % TILE_WIDTH]
    if (!read || !expected || !equalBytes(rootOf(hashing, read), expected)) {
      throw new WrongTile([{ path: tilePath(tile), bytes }])
    }
    return read
  }
  const rootOfSubtree = async (subtree: Subtree): Promise<Uint8Array> => {
    const runs: Uint8Array[][] = []
    for (const { tile, offset, count } of slicesOf(subtree, head.treeSize)) {
      const of = await hashes(Number(tile.level), tile.index)
      runs.push(of.slice(offset, offset + count))
    }
    return rootFromRuns(hashing, runs)
  }
  return {
    hashes,
    rootAt: (size) => rootOfSubtree({ start: 0, end: size }),
    async consistencyFrom(size) {
      const proof: Uint8Array[] = []
      for (const subtree of consistencyPath(size, head.treeSize)) {
        proof.push(await rootOfSubtree(subtree))
      }
      return proof
    },
  }
}

async function readEdge(
  hashing: Hashing,
  { treeSize, rootHash }: TreeHead,
  fetchTile: FetchTile,
): Promise<readonly (readonly Uint8Array[])[]> {
  const served: ServedTile[] = []
  const levels: (readonly Uint8Array[])[] = []
  for (let level = 0; level < LEVELS; level++) {
    const index = Math.floor(treeSize / TILE_WIDTH ** (level + 1))
    const width = tileWidth(level, index, treeSize)
    if (width === 0) {
      levels.push([])
      continue
    }
    const tile = { level, index, width }
    const bytes = await fetchTile(tile)
    served.push({ path: tilePath(tile), bytes })
    const hashes = hashesIn(tile, bytes)
    if (!hashes) throw new WrongTile(served.slice(-1))
    levels.push(hashes)
  }
  if (!equalBytes(rootFromRightEdge(hashing, levels), rootHash)) throw new WrongTile(served)
  return levels
}

/** A log may serve the full tile where the partial one is gone. */
function hashesIn({ width }: TileRef, bytes: Uint8Array): Uint8Array[] | undefined {
  const size = width * 32
  try {
    return parseTile(bytes.length > size ? bytes.subarray(0, size) : bytes, width)
  } catch {
    return undefined
  }
}

/** @throws ComityError `unverified` unless the empty tree has its one root */
export function requireEmptyRoot(hashing: Hashing, { treeSize, rootHash }: TreeHead): void {
  if (treeSize > 0 || equalBytes(rootHash, rootOf(hashing, []))) return
  throw unverified('an empty tree has one root only', { reason: 'bad-root' })
}
