/**
 * Checks all files of a log (C2SP tlog-tiles) against its head: every entry is hashed
 * again, every level of tiles is compared with the one below it, and the right edge
 * must lead to the root. Says which file is wrong.
 *
 * It proves that these files are the tree of that head and no other. Whether anybody
 * signed the head is asked elsewhere (`checkpoint.ts`), and what an entry says is not
 * asked at all, but for `checkEntry`.
 *
 * Reads one file after the other and keeps one tile of each level: memory does not grow
 * with the log.
 */
import { equalBytes } from '../base/bytes.ts'
import { ComityError, malformed } from '../base/errors.ts'
import { parseEntryBundle } from './entry-bundle.ts'
import { FaultList, type LogFault } from './log-faults.ts'
import type { Hashing } from './primitives.ts'
import { type QuickHash, quickHash } from './quick-hash.ts'
import { blameEdge, type EdgeTile, type FullTile, settle, type Tile } from './tile-blame.ts'
import { TILE_WIDTH, type TileRef, tilePath } from './tile-path.ts'
import { parseTile, tileWidth } from './tiles.ts'
import { HASH_SIZE, type TreeHead } from './tree-hash.ts'

export type LogFiles = {
  /** By its path below the log, e.g. `tile/0/000.p/3`; undefined: there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>
  /** Widths of the partial tiles that are kept for a tile, e.g. of `tile/0/000`. */
  partialWidths(path: string): Promise<readonly number[]>
}

export type LogCheck = {
  readonly head: TreeHead
  /** False: a copy of what a log shows to everyone, without entry bundles. */
  readonly hasBundles: boolean
  /** What is wrong with an entry, if anything. */
  readonly checkEntry?: (entry: Uint8Array) => string | undefined
  /** Called after each 256 entries with the number that was checked. */
  readonly onProgress?: (entries: number) => void
}

type Level = { index: number; pending: FullTile[] }

/** Everything that is wrong, at most 100 files; nothing: all is as the head says. */
export async function checkLog(
  hashing: Hashing,
  files: LogFiles,
  check: LogCheck,
): Promise<readonly LogFault[]> {
  const run = new LogRun(hashing, files, check)
  await run.all()
  return run.faults.list()
}

class LogRun {
  readonly faults = new FaultList()
  readonly #hashing: Hashing
  readonly #quick: QuickHash
  readonly #files: LogFiles
  readonly #check: LogCheck
  readonly #levels: Level[] = []
  readonly #edge: EdgeTile[] = []

  constructor(hashing: Hashing, files: LogFiles, check: LogCheck) {
    this.#hashing = hashing
    this.#quick = quickHash(hashing)
    this.#files = files
    this.#check = check
  }

  async all(): Promise<void> {
    const { treeSize, rootHash } = this.#check.head
    for (let index = 0; index * TILE_WIDTH < treeSize; index++) {
      const width = tileWidth(0, index, treeSize)
      const leaves = this.#check.hasBundles ? await this.#leaves(index, width) : undefined
      const bundle = tilePath({ level: 'entries', index, width })
      await this.#tile({ level: 0, index, width }, leaves, [bundle])
      if (this.faults.isFull) return
      this.#check.onProgress?.(index * TILE_WIDTH + width)
    }
    for (let level = 1; level < this.#levels.length; level++) await this.#closeLevel(level)
    if (!this.faults.isFull) blameEdge(this.#hashing, this.#edge, rootHash, this.faults)
  }

  /** The hashes of the entries of a bundle; undefined if it cannot be read. */
  async #leaves(index: number, width: number): Promise<Uint8Array[] | undefined> {
    const ref = { level: 'entries', index, width } as const
    const path = tilePath(ref)
    const bytes = await this.#read(path)
    const entries = bytes && this.#attempt(path, () => parseEntryBundle(bytes, width))
    if (!bytes || !entries) return undefined
    const { checkEntry } = this.#check
    for (const [at, entry] of checkEntry ? entries.entries() : []) {
      const wrong = checkEntry?.(entry)
      if (wrong) this.faults.add(path, `entry ${index * TILE_WIDTH + at}: ${wrong}`)
    }
    await this.#narrower(ref, (narrow) => [bytes.subarray(0, bundleEnd(entries, narrow))])
    return entries.map(this.#quick.leaf)
  }

  /** Looks at one tile from below, and hands it on to the level above or to the edge. */
  async #tile(ref: TileRef & { level: number }, below: Uint8Array[] | undefined, from: string[]) {
    const path = tilePath(ref)
    const bytes = await this.#read(path)
    const stored = bytes && this.#attempt(path, () => parseTile(bytes, ref.width))
    const others = stored && below ? differing(stored, below) : []
    const suspects = ref.level === 0 ? from : others.map((at) => from[at] ?? path)
    await this.#narrower(ref, (width) =>
      [stored, below].flatMap((hashes) => (hashes ? [joined(hashes.slice(0, width))] : [])),
    )
    const isSame = stored !== undefined && below !== undefined && others.length === 0
    const sides = { below: isSame ? undefined : below, stored, suspects, tile: path }
    if (ref.width < TILE_WIDTH) this.#edge.push({ ...sides, level: ref.level })
    else await this.#rise(ref.level + 1, sides)
  }

  async #rise(above: number, { below, stored, ...names }: Tile): Promise<void> {
    this.#levels[above] ??= { index: 0, pending: [] }
    const level = this.#levels[above]
    level.pending.push({
      below: below && this.#quick.root(below),
      stored: stored && this.#quick.root(stored),
      ...names,
    })
    if (level.pending.length === TILE_WIDTH) await this.#closeLevel(above)
  }

  /** All that waits on this level stands in one tile of it, which decides between its sides. */
  async #closeLevel(at: number): Promise<void> {
    const level = this.#levels[at]
    if (!level || level.pending.length === 0) return
    const { pending, index } = level
    level.pending = []
    level.index += 1
    const ref = { level: at, index, width: pending.length }
    const bytes = await this.#read(tilePath(ref))
    const stored = bytes?.length === ref.width * HASH_SIZE ? parseTile(bytes, ref.width) : []
    const below = pending.map((each, place) => settle(each, stored[place], this.faults))
    const known = below.filter((hash) => hash !== undefined)
    const tiles = pending.map(({ tile }) => tile)
    await this.#tile(ref, known.length === below.length ? known : undefined, tiles)
  }

  /** What an earlier, narrower tree had of this tile must be its beginning. */
  async #narrower(ref: TileRef, beginnings: (width: number) => readonly Uint8Array[]) {
    const widths = await this.#files.partialWidths(tilePath({ ...ref, width: TILE_WIDTH }))
    for (const width of widths.filter((one) => one < ref.width)) {
      const path = tilePath({ ...ref, width })
      const bytes = await this.#files.read(path)
      if (bytes && beginnings(width).some((beginning) => equalBytes(bytes, beginning))) continue
      this.faults.add(path, 'it is not the beginning of the tile that it became')
    }
  }

  async #read(path: string): Promise<Uint8Array | undefined> {
    try {
      const bytes = await this.#files.read(path)
      if (!bytes) throw malformed('the file is missing')
      return bytes
    } catch (error) {
      return this.#fail(path, error)
    }
  }

  #attempt<T>(path: string, step: () => T): T | undefined {
    try {
      return step()
    } catch (error) {
      return this.#fail(path, error)
    }
  }

  #fail(path: string, error: unknown): undefined {
    if (!(error instanceof ComityError)) throw error
    this.faults.add(path, error.message)
  }
}

function differing(one: readonly Uint8Array[], other: readonly Uint8Array[]): number[] {
  return one.flatMap((hash, at) => (equalBytes(hash, other[at] ?? hash.subarray(1)) ? [] : [at]))
}

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH_SIZE)
  for (const [at, hash] of hashes.entries()) bytes.set(hash, at * HASH_SIZE)
  return bytes
}

/** Where the first `count` entries of a bundle end; each stands after two bytes of length. */
function bundleEnd(entries: readonly Uint8Array[], count: number): number {
  return entries.slice(0, count).reduce((end, { length }) => end + 2 + length, 0)
}
