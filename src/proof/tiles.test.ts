import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { comityError, naiveRoots, numberedLeaves } from '../../test/support/merkle.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { utf8 } from '../base/bytes.ts'
import { consistencyPath } from './consistency.ts'
import { formatEntryBundle, parseEntryBundle } from './entry-bundle.ts'
import { inclusionPath } from './inclusion.ts'
import { parseTilePath, type TileRef, tilePath } from './tile-path.ts'
import {
  bundlesBetween,
  parseTile,
  rootFromRightEdge,
  rootFromRuns,
  slicesOf,
  tilesBetween,
  tileWidth,
} from './tiles.ts'
import { rootOf, type Subtree } from './tree-hash.ts'

const COUNT = 70_000
const leaves = numberedLeaves(COUNT)
/** levels[l] = roots over 256^l leaves each, as far as they are complete. */
const levels = [leaves]
for (let level = 1; level <= 2; level++) {
  const below = levels[level - 1] as Uint8Array[]
  levels.push(
    Array.from({ length: Math.floor(below.length / 256) }, (_, i) =>
      rootOf(nodePrimitives, below, { start: i * 256, end: (i + 1) * 256 }),
    ),
  )
}

function rightEdge(treeSize: number): Uint8Array[][] {
  return levels.map((hashes, level) => {
    const count = Math.floor(treeSize / 256 ** level)
    return hashes.slice(count - (count % 256), count)
  })
}

test('the right edge gives the naive root at every size up to 2000', () => {
  const naive = naiveRoots(leaves)
  for (let size = 0; size <= 2000; size++) {
    const root = rootFromRightEdge(nodePrimitives, rightEdge(size))
    assert.deepEqual(root, naive(0, size), `size ${size}`)
  }
})

test('the right edge gives the root around whole levels, and with 3 full hashes below a rest', () => {
  for (const size of [
    65_534,
    65_535,
    65_536,
    65_537,
    65_538,
    65_536 + 3 * 256 + 5,
    3 * 256 + 1,
    COUNT,
  ]) {
    const expected = rootOf(nodePrimitives, leaves, { start: 0, end: size })
    assert.deepEqual(rootFromRightEdge(nodePrimitives, rightEdge(size)), expected)
  }
})

test('tiles of the sizes in the specification', () => {
  const summary = (size: number) => {
    const counts = new Map<string, number>()
    for (const { level, width } of tilesBetween(0, size)) {
      const id = `${level}:${width}`
      counts.set(id, (counts.get(id) ?? 0) + 1)
    }
    return Object.fromEntries(counts)
  }
  assert.deepEqual(summary(0), {})
  assert.deepEqual(summary(255), { '0:255': 1 })
  assert.deepEqual(summary(256), { '0:256': 1, '1:1': 1 })
  assert.deepEqual(summary(65_536), { '0:256': 256, '1:256': 1, '2:1': 1 })
  assert.deepEqual(summary(70_000), {
    '0:256': 273,
    '0:112': 1,
    '1:256': 1,
    '1:17': 1,
    '2:1': 1,
  })
})

test('growing in any steps gives each tile of the final tree at its final width', () => {
  const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 140_000 }), { maxLength: 5 })
  fc.assert(
    fc.property(sizes, (unordered) => {
      const steps = unordered.sort((a, b) => a - b)
      const written = new Set<string>()
      let from = 0
      for (const to of steps) {
        for (const tile of [...tilesBetween(from, to), ...bundlesBetween(from, to)]) {
          written.add(tilePath(tile))
        }
        from = to
      }
      for (const tile of [...tilesBetween(0, from), ...bundlesBetween(0, from)]) {
        assert(written.has(tilePath(tile)), tilePath(tile))
      }
    }),
    { numRuns: 30 },
  )
})

function rootFromTiles(subtree: Subtree, treeSize: number): Uint8Array {
  const runs = slicesOf(subtree, treeSize).map(({ tile, offset, count }) => {
    const { level, index, width } = tile
    assert(offset + count <= width, 'a slice lies in its tile')
    assert(level !== 'entries' && width === tileWidth(level, index, treeSize))
    const first = index * 256 + offset
    return (levels[level] as Uint8Array[]).slice(first, first + count)
  })
  return rootFromRuns(nodePrimitives, runs)
}

test('every hash of a proof follows from the tiles of the tree', () => {
  const sizeAndIndex = fc
    .integer({ min: 1, max: COUNT })
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })))
  fc.assert(
    fc.property(sizeAndIndex, ([size, index]) => {
      const smaller = inclusionPath(index, size).concat(consistencyPath(index + 1, size))
      for (const subtree of smaller.filter(({ start, end }) => end - start <= 2048)) {
        const expected = rootOf(nodePrimitives, leaves, subtree)
        assert.deepEqual(rootFromTiles(subtree, size), expected)
      }
    }),
    { numRuns: 60 },
  )
  for (const subtree of inclusionPath(69_999, COUNT)) {
    assert.deepEqual(rootFromTiles(subtree, COUNT), rootOf(nodePrimitives, leaves, subtree))
  }
})

test('paths are those of the specification', () => {
  const paths: [TileRef, string][] = [
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 63, index: 999, width: 1 }, 'tile/63/999.p/1'],
    [{ level: 1, index: 1000, width: 256 }, 'tile/1/x001/000'],
    [{ level: 'entries', index: 1_234_067, width: 255 }, 'tile/entries/x001/x234/067.p/255'],
  ]
  for (const [tile, path] of paths) {
    assert.equal(tilePath(tile), path)
    assert.deepEqual(parseTilePath(path), tile)
  }
})

test('every other spelling of a path is refused', () => {
  const paths = [
    '',
    '/tile/0/000',
    'tile/0/',
    'tile/0/0',
    'tile/0/00',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/001/000',
    'tile/0/x000/000',
    'tile/0/x001/x000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000/',
    'tile/0/000\n',
    'tile/0/../0/000',
    'tile/0/x001%2F000',
    'tile/Entries/000',
    'tile/data/000',
    `tile/0/${'x999/'.repeat(6)}999`,
  ]
  for (const path of paths) {
    assert.throws(() => parseTilePath(path), comityError('malformed'), path)
  }
})

test('bundles keep entries and refuse other shapes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (entries) => {
      const bundle = formatEntryBundle(entries)
      assert.deepEqual(
        parseEntryBundle(bundle, entries.length).map((entry) => [...entry]),
        entries.map((entry) => [...entry]),
      )
      assert.throws(() => parseEntryBundle(bundle, entries.length + 1), comityError('malformed'))
      if (bundle.length === 0) return
      const cut = bundle.subarray(0, -1)
      assert.throws(() => parseEntryBundle(cut, entries.length), comityError('malformed'))
    }),
    { numRuns: 50 },
  )
  assert.equal(formatEntryBundle([new Uint8Array(65_535)]).length, 65_537)
  assert.throws(() => formatEntryBundle([new Uint8Array(65_536)]), /65,535/)
  assert.deepEqual([...formatEntryBundle([utf8('256')])], [0, 3, 50, 53, 54])
})

test('a tile has 32 bytes a hash', () => {
  assert.equal(parseTile(new Uint8Array(96), 3).length, 3)
  for (const size of [0, 95, 97, 128]) {
    assert.throws(() => parseTile(new Uint8Array(size), 3), comityError('malformed'))
  }
})
