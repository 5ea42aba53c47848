/**
 * Paths of tiles and entry bundles below a log's prefix (C2SP tlog-tiles), e.g.
 * `tile/0/x001/x234/067` and `tile/entries/000.p/3`.
 *
 * Each resource has exactly one path; every other spelling is refused.
 */
import { invariant, malformed } from '../base/errors.ts'
import { parseDecimal } from './decimal.ts'

export const TILE_WIDTH = 256

/** 256 hashes of one level of the tree, or 256 entries; fewer if not full yet. */
export type TileRef = {
  readonly level: number | 'entries'
  readonly index: number
  /** 1 to 256; below 256 the tile is partial. */
  readonly width: number
}

const LEVEL_MAX = 63

export function tilePath({ level, index, width }: TileRef): string {
  invariant(width >= 1 && width <= TILE_WIDTH, 'a tile is not empty')
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`
  return `tile/${level}/${groupsOf(index).join('/')}${partial}`
}

const PATH = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/

/** @throws ComityError `malformed` */
export function parseTilePath(path: string): TileRef {
  const [, levelText, groups, widthText] = PATH.exec(path) ?? []
  if (levelText === undefined || groups === undefined) throw notATile()
  const level = levelText === 'entries' ? 'entries' : parseDecimal(levelText, 'path')
  const index = Number(groups.replace(/[x/]/g, ''))
  const width = widthText === undefined ? TILE_WIDTH : parseDecimal(widthText, 'path')
  const isInRange =
    (level === 'entries' || level <= LEVEL_MAX) && Number.isSafeInteger(index) && width >= 1
  if (!isInRange || width > TILE_WIDTH || tilePath({ level, index, width }) !== path) {
    throw notATile()
  }
  return { level, index, width }
}

function groupsOf(index: number): string[] {
  invariant(Number.isSafeInteger(index) && index >= 0, 'a tile index is a whole number')
  const last = String(index % 1000).padStart(3, '0')
  const rest = Math.floor(index / 1000)
  return rest === 0 ? [last] : [...groupsOf(rest).map(marked), last]
}

const marked = (group: string) => (group.startsWith('x') ? group : `x${group}`)

function notATile() {
  return malformed('not the path of a tile', { field: 'path' })
}
