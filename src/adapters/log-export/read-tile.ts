/**
 * The bytes of a tile or bundle of one width. After a restore only the widest of the
 * partial ones is there; each narrower one is its beginning.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { unavailable } from '../../base/errors.ts'
import { formatEntryBundle, parseEntryBundle } from '../../proof/entry-bundle.ts'
import { TILE_WIDTH, type TileRef, tilePath } from '../../proof/tile-path.ts'
import { HASH_SIZE } from '../../proof/tree-hash.ts'
import { readIfThere } from '../postgres/log/durable-files.ts'

/** @throws ComityError `unavailable` if it is not there */
export async function readTileBytes(directory: string, tile: TileRef): Promise<Uint8Array> {
  for (const width of await widthsFrom(directory, tile)) {
    const bytes = await readIfThere(join(directory, tilePath({ ...tile, width })))
    if (bytes) return width === tile.width ? bytes : beginningOf(bytes, tile, width)
  }
  throw unavailable(`${tilePath(tile)} of the log is missing`, { field: directory })
}

async function widthsFrom(directory: string, tile: TileRef): Promise<number[]> {
  const full = tilePath({ ...tile, width: TILE_WIDTH })
  const names = await readdir(join(directory, `${full}.p`)).catch(() => [])
  const wider = names.map(Number).filter((width) => width > tile.width && width < TILE_WIDTH)
  return [tile.width, ...wider, TILE_WIDTH]
}

function beginningOf(bytes: Uint8Array, { level, width }: TileRef, held: number): Uint8Array {
  if (level !== 'entries') return bytes.subarray(0, width * HASH_SIZE)
  return formatEntryBundle(parseEntryBundle(bytes, held).slice(0, width))
}
