/**
 * Proofs from the published tiles. What is read here is not trusted: whoever
 * receives a proof verifies it.
 */
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { unavailable } from '../../../base/errors.ts'
import { consistencyPath } from '../../../proof/consistency.ts'
import { type InclusionProof, inclusionPath } from '../../../proof/inclusion.ts'
import type { Hashing } from '../../../proof/primitives.ts'
import { TILE_WIDTH, type TileRef, tilePath } from '../../../proof/tile-path.ts'
import { parseTile, rootFromRuns, slicesOf } from '../../../proof/tiles.ts'
import { HASH_SIZE, type Subtree } from '../../../proof/tree-hash.ts'
import { readAtOnce } from './durable-files.ts'
import { type HashedTiles, hashedTiles } from './hashed-tiles.ts'

/** The tiles of a log whose proofs are asked for again and again. */
export function openTiles(primitives: Hashing, directory: string): LogTiles {
  const tiles = hashedTiles(primitives, (tile) => readTile(directory, tile))
  return { primitives, tiles }
}

export type LogTiles = { readonly primitives: Hashing; readonly tiles: HashedTiles }

export async function inclusionFromTiles(
  opened: LogTiles,
  leafIndex: number,
  treeSize: number,
): Promise<InclusionProof> {
  const path = inclusionPath(leafIndex, treeSize)
  return { leafIndex, hashes: await rootsFromTiles(opened, path, treeSize) }
}

export async function consistencyFromTiles(
  primitives: Hashing,
  directory: string,
  olderSize: number,
  newerSize: number,
): Promise<Uint8Array[]> {
  const path = consistencyPath(olderSize, newerSize)
  return rootsFromTiles(openTiles(primitives, directory), path, newerSize)
}

/** The hashes of a tile. @throws ComityError `unavailable` if it is not there */
export async function readTile(directory: string, tile: TileRef): Promise<Uint8Array[]> {
  const bytes =
    readWidth(directory, tile) ??
    readFullInstead(directory, tile) ??
    (await readWiderInstead(directory, tile))
  if (bytes === undefined) throw unavailable(`${tilePath(tile)} is missing`)
  return parseTile(bytes, tile.width)
}

function rootsFromTiles(
  { primitives, tiles }: LogTiles,
  path: readonly Subtree[],
  treeSize: number,
): Promise<Uint8Array[]> {
  return Promise.all(
    path.map(async (subtree) => {
      const roots = await Promise.all(slicesOf(subtree, treeSize).map(tiles.rootOf))
      return rootFromRuns(
        primitives,
        roots.map((root) => [root]),
      )
    }),
  )
}

/** At once: 8 KiB that the system mostly has in memory, where the way by a thread takes longer. */
function readWidth(directory: string, tile: TileRef): Uint8Array | undefined {
  return readAtOnce(join(directory, tilePath(tile)))
}

/** A partial tile may be gone once the full one exists; it is its beginning. */
function readFullInstead(directory: string, tile: TileRef): Uint8Array | undefined {
  const full = readWidth(directory, { ...tile, width: TILE_WIDTH })
  return full?.subarray(0, tile.width * HASH_SIZE)
}

/** After a restore only the widest of the partial tiles is there; the others are its beginning. */
async function readWiderInstead(directory: string, tile: TileRef): Promise<Uint8Array | undefined> {
  const folder = dirname(join(directory, tilePath(tile)))
  const names = await readdir(folder).catch(() => [])
  const wider = names.map(Number).filter((width) => width > tile.width && width < TILE_WIDTH)
  if (wider.length === 0) return undefined
  const bytes = readWidth(directory, { ...tile, width: Math.min(...wider) })
  return bytes?.subarray(0, tile.width * HASH_SIZE)
}
