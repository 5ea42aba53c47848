/**
 * Which of two files is wrong where a tile and what is below it disagree: the level
 * above, and at the right edge the signed root, bears out one of them.
 */
import { equalBytes } from '../base/bytes.ts'
import { CHECKPOINT, type FaultList } from './log-faults.ts'
import type { Hashing } from './primitives.ts'
import { rootFromRightEdge } from './tiles.ts'

/** Something of a tile as it follows from below and as it is stored; undefined: it is missing. */
type Sides<T> = {
  readonly tile: string
  /** Undefined too if it is the same as what is stored. */
  readonly below: T | undefined
  readonly stored: T | undefined
  /** The files that are wrong if what is stored is right. */
  readonly suspects: readonly string[]
}

/** By its hashes. */
export type Tile = Sides<readonly Uint8Array[]>
export type EdgeTile = Tile & { readonly level: number }
/** By its root. */
export type FullTile = Sides<Uint8Array>

const TILE_WRONG = 'the tile holds other hashes than what is below it gives'
const BELOW_WRONG = 'it does not lead to the hashes in the tile above it'

/** The root of a full tile, of which the level above says `witness`; undefined if nobody can tell. */
export function settle(
  { below: lower, stored: upper, suspects, tile }: FullTile,
  witness: Uint8Array | undefined,
  faults: FaultList,
): Uint8Array | undefined {
  if (!lower || !upper) return lower ?? upper
  const isLower = witness !== undefined && equalBytes(witness, lower)
  const isUpper = witness !== undefined && equalBytes(witness, upper)
  if (!isUpper) faults.add(tile, TILE_WRONG)
  if (!isLower) for (const file of suspects) faults.add(file, BELOW_WRONG)
  return isUpper ? upper : lower
}

/** The right edge: partial tiles, which have no level above, against the root of the head. */
export function blameEdge(
  hashing: Hashing,
  edge: readonly EdgeTile[],
  rootHash: Uint8Array,
  faults: FaultList,
): void {
  const height = Math.max(0, ...edge.map(({ level }) => level + 1))
  for (const choice of choices(edge)) {
    const levels: (readonly Uint8Array[])[] = Array.from({ length: height }, () => [])
    for (const [at, { level, below, stored }] of edge.entries()) {
      const hashes = choice[at] === 'stored' ? stored : below
      if (hashes) levels[level] = hashes
    }
    if (!equalBytes(rootFromRightEdge(hashing, levels), rootHash)) continue
    for (const [at, tile] of edge.entries()) blame(tile, choice[at] ?? 'stored', faults)
    return
  }
  for (const { tile, below, stored, suspects } of edge) {
    if (!below || !stored) continue
    for (const file of [tile, ...suspects]) faults.add(file, 'file and tile above it disagree')
  }
  if (faults.isEmpty) faults.add(CHECKPOINT, 'its root is not the root of the tiles')
}

type Side = 'below' | 'stored'

function blame({ tile, below, stored, suspects }: EdgeTile, right: Side, faults: FaultList): void {
  if (!below || !stored) return
  if (right === 'below') faults.add(tile, TILE_WRONG)
  else for (const file of suspects) faults.add(file, BELOW_WRONG)
}

/** Every way to trust one side of each tile; as many levels as a tree has are few. */
function choices(edge: readonly EdgeTile[]): Side[][] {
  let made: Side[][] = [[]]
  for (const { below, stored } of edge) {
    const sides: Side[] = below && stored ? ['stored', 'below'] : [stored ? 'stored' : 'below']
    made = made.flatMap((before) => sides.map((side) => [...before, side]))
  }
  return made
}
