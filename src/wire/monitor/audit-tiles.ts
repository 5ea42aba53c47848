/** Checks the tiles of a log that are new, and entry bundles where they can be read. */
import { equalBytes } from '../../base/bytes.ts'
import { ComityError } from '../../base/errors.ts'
import { parseEntryBundle } from '../../proof/entry-bundle.ts'
import type { Hashing } from '../../proof/primitives.ts'
import { TILE_WIDTH, type TileRef, tilePath } from '../../proof/tile-path.ts'
import { hashLeaf, type TreeHead } from '../../proof/tree-hash.ts'
import { FINDINGS_OF_LOG_MAX, SERVED_BYTES_MAX } from './finding.ts'
import type { FetchTile, ServedTile, TileTree } from './tile-tree.ts'

export type AuditSource = {
  readonly tile: FetchTile
  /** Undefined: bundles are not for this reader. @throws ComityError `unavailable` */
  readonly bundle: (tile: TileRef) => Promise<Uint8Array | undefined>
}

export type AuditParts = {
  /** False: what is left waits for the next look. */
  readonly goesOn: () => boolean
  readonly primitives: Hashing
  readonly tree: TileTree
  readonly source: AuditSource
  readonly tilesMax: number
}

export type Audited = {
  /** Leaves checked from the first on. */
  readonly size: number
  readonly wrongEntries: readonly ServedTile[]
}

/**
 * Full bundles only: of a log that grows, partial ones are read again and again for nothing.
 *
 * @param from leaves that were checked before
 * @throws WrongTile
 */
export async function auditTiles(
  { primitives, tree, source, tilesMax, goesOn }: AuditParts,
  from: number,
  { treeSize }: TreeHead,
): Promise<Audited> {
  const wrongEntries: ServedTile[] = []
  let areBundlesRead = true
  let size = from
  const first = Math.floor(from / TILE_WIDTH)
  const end = Math.min(first + tilesMax, Math.ceil(treeSize / TILE_WIDTH))
  for (let index = first; index < end && goesOn(); index++) {
    const hashes = await tree.hashes(0, index)
    size = index * TILE_WIDTH + hashes.length
    if (!areBundlesRead || hashes.length < TILE_WIDTH) continue
    const tile: TileRef = { level: 'entries', index, width: TILE_WIDTH }
    const bytes = await source.bundle(tile)
    areBundlesRead = bytes !== undefined
    if (bytes && !holdsLeaves(primitives, bytes, hashes)) {
      // A copy of its beginning: each bundle may have 16 MiB, and a look reads hundreds.
      wrongEntries.push({ path: tilePath(tile), bytes: bytes.slice(0, SERVED_BYTES_MAX) })
      if (wrongEntries.length >= FINDINGS_OF_LOG_MAX.suspicious) break
    }
  }
  return { size, wrongEntries }
}

function holdsLeaves(
  primitives: Hashing,
  bytes: Uint8Array,
  hashes: readonly Uint8Array[],
): boolean {
  try {
    const entries = parseEntryBundle(bytes, hashes.length)
    return entries.every((entry, i) =>
      equalBytes(hashLeaf(primitives, entry), hashes[i] as Uint8Array),
    )
  } catch (error) {
    if (error instanceof ComityError) return false
    throw error
  }
}
