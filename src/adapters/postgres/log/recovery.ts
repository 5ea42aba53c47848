/**
 * What a sequencer checks before it takes work: that rows, files, head and public
 * checkpoint tell one history. Missing files are derived from the rows again;
 * contradictions freeze the log.
 */
import { join } from 'node:path'
import { equalBytes } from '../../../base/bytes.ts'
import { type ComityError, unavailable } from '../../../base/errors.ts'
import { verifyCheckpoint } from '../../../proof/checkpoint.ts'
import { formatEntryBundle } from '../../../proof/entry-bundle.ts'
import { parseSignedNote } from '../../../proof/signed-note.ts'
import { TILE_WIDTH, type TileRef, tilePath } from '../../../proof/tile-path.ts'
import { bundlesBetween } from '../../../proof/tiles.ts'
import { hashLeaf } from '../../../proof/tree-hash.ts'
import { type DurableFolder, type LogFile, readIfThere, writeAllOnce } from './durable-files.ts'
import { type EntryRow, readEntries } from './log-entries.ts'
import { type LogHead, requireGapFree, wasSigned } from './log-head.ts'
import type { SequencerParts } from './sequencer-parts.ts'
import { MustFreeze } from './stop-signals.ts'
import { readTile } from './tile-reader.ts'
import { EMPTY_EDGE, growEdge, type NewTile, rootOfEdge, type TreeEdge } from './tree-edge.ts'

export type Recovered = {
  readonly edge: TreeEdge
  /** Whether the public checkpoint is the head's. */
  readonly isPublished: boolean
}

/**
 * @throws MustFreeze if two sources contradict each other
 * @throws ComityError `unavailable` if an operator must look first
 */
export async function recover(
  parts: SequencerParts,
  durable: DurableFolder,
  head: LogHead,
): Promise<Recovered> {
  await requireGapFree(parts.database, head)
  requireOwnHead(parts, head)
  const isPublished = await comparePublic(parts, head)
  const edge = (await edgeFromTiles(parts, head.size)) ?? (await deriveFiles(parts, durable, head))
  if (!equalBytes(rootOfEdge(parts.primitives, edge), head.root)) {
    throw new MustFreeze('tiles and head have different roots')
  }
  await checkLastBundle(parts, durable, edge)
  return { edge, isPublished }
}

/** The hash of each row's entry; the row carries the one that was computed on acceptance. */
export function leavesOf({ primitives }: SequencerParts, rows: readonly EntryRow[]): Uint8Array[] {
  return rows.map(({ entry, leafHash }) => {
    const hash = hashLeaf(primitives, entry)
    if (equalBytes(hash, leafHash)) return hash
    throw new MustFreeze('an entry does not have the hash that it was accepted with')
  })
}

/** The bundles that a tree has at `newSize` and had not at `oldSize`. */
export function bundleFiles(
  rows: readonly EntryRow[],
  { oldSize, newSize }: { oldSize: number; newSize: number },
): LogFile[] {
  const first = bundleStart(oldSize)
  return bundlesBetween(oldSize, newSize).map((bundle) => {
    const from = bundle.index * TILE_WIDTH - first
    const entries = rows.slice(from, from + bundle.width).map(({ entry }) => entry)
    return { path: tilePath(bundle), bytes: formatEntryBundle(entries) }
  })
}

/** The first entry of the bundle that entry `size` belongs to. */
export function bundleStart(size: number): number {
  return size - (size % TILE_WIDTH)
}

/** A head that another key signed, or for another tree, is not ours to go on from. */
function requireOwnHead({ primitives, signer, origin }: SequencerParts, head: LogHead): void {
  if (head.signedNote === undefined) return
  const note = parseSignedNote(head.signedNote)
  const checkpoint = verifiedOrUnavailable('head', () =>
    verifyCheckpoint(primitives, note, [signer.key]),
  )
  const isSame =
    checkpoint.origin === origin &&
    checkpoint.treeSize === head.size &&
    equalBytes(checkpoint.rootHash, head.root)
  if (!isSame) throw new MustFreeze('the signed head and its row differ')
}

/** The head must be at or ahead of what the public has seen, in the same history. */
async function comparePublic(parts: SequencerParts, head: LogHead): Promise<boolean> {
  const bytes = await readIfThere(join(parts.directory, 'checkpoint'))
  if (bytes === undefined) return false
  const shown = verifiedOrUnavailable('public checkpoint', () =>
    verifyCheckpoint(parts.primitives, parseSignedNote(bytes), [parts.signer.key]),
  )
  if (shown.treeSize > head.size) throw new MustFreeze('the public checkpoint is ahead of the head')
  if (!(await wasSigned(parts.database, shown))) {
    throw new MustFreeze('the public checkpoint is of another history')
  }
  return shown.treeSize === head.size
}

function verifiedOrUnavailable<T>(what: string, verify: () => T): T {
  try {
    return verify()
  } catch (cause) {
    const { message } = cause as ComityError
    throw unavailable(`the ${what} cannot be verified (${message}); an operator must look`, {
      cause,
    })
  }
}

/** Undefined if a tile is missing. */
async function edgeFromTiles(
  { directory }: SequencerParts,
  size: number,
): Promise<TreeEdge | undefined> {
  const levels: Uint8Array[][] = []
  for (let level = 0; Math.floor(size / TILE_WIDTH ** level) > 0; level++) {
    const hashes = Math.floor(size / TILE_WIDTH ** level)
    const width = hashes % TILE_WIDTH
    const tile: TileRef = { level, index: Math.floor(hashes / TILE_WIDTH), width }
    const isThere =
      width === 0 || (await readIfThere(join(directory, tilePath(tile)))) !== undefined
    if (!isThere) return undefined
    levels.push(width === 0 ? [] : await readTile(directory, tile))
  }
  return { size, levels }
}

/** Rows read at once while all files are derived again. */
const DERIVE_STEP = 16 * TILE_WIDTH

/** Derives all tiles and bundles of the head again; those that are there must be the same. */
export async function deriveFiles(
  parts: SequencerParts,
  durable: DurableFolder,
  { size }: LogHead,
): Promise<TreeEdge> {
  let edge = EMPTY_EDGE
  while (edge.size < size) {
    const newSize = Math.min(size, edge.size + DERIVE_STEP)
    const rows = await readEntries(parts.database, edge.size, newSize)
    const grown = growEdge(parts.primitives, edge, leavesOf(parts, rows))
    const isFinal = ({ tile }: NewTile) => tile.width === TILE_WIDTH || newSize === size
    const tiles = grown.tiles.filter(isFinal)
    const files = tiles.map(({ tile, bytes }) => ({ path: tilePath(tile), bytes }))
    await writeAllOnce(durable, [...files, ...bundleFiles(rows, { oldSize: edge.size, newSize })])
    edge = grown.edge
  }
  return edge
}

async function checkLastBundle(
  parts: SequencerParts,
  durable: DurableFolder,
  { size, levels }: TreeEdge,
): Promise<void> {
  const start = bundleStart(size)
  const rows = await readEntries(parts.database, start, size)
  const leaves = leavesOf(parts, rows)
  if (!leaves.every((leaf, index) => equalBytes(leaf, levels[0]?.[index] ?? EMPTY))) {
    throw new MustFreeze('the last entries and their tile differ')
  }
  await writeAllOnce(durable, bundleFiles(rows, { oldSize: start, newSize: size }))
}

const EMPTY = new Uint8Array(0)
