import assert from 'node:assert/strict'
import { test } from 'node:test'
import { naiveRoots } from '../../../../test/support/merkle.ts'
import { unavailable } from '../../../base/errors.ts'
import type { TileRef } from '../../../proof/tile-path.ts'
import { nodePrimitives } from '../../node-primitives.ts'
import { hashedTiles } from './hashed-tiles.ts'

const hashes = Array.from({ length: 256 }, (_, i) => nodePrimitives.sha256(Uint8Array.of(i)))
const naive = naiveRoots(hashes)
const tile: TileRef = { level: 0, index: 7, width: 256 }

test('every complete subtree of a tile has the root of its leaves, whatever was asked before', async () => {
  let reads = 0
  const tiles = hashedTiles(nodePrimitives, async () => {
    reads += 1
    return hashes
  })
  for (const count of [2, 64, 1, 128, 4, 32, 8, 16]) {
    for (let offset = 0; offset < 256; offset += count) {
      const root = await tiles.rootOf({ tile, offset, count })
      assert.deepEqual(root, naive(offset, offset + count))
    }
  }
  assert.equal(reads, 1)
})

test('a tile that could not be read is asked for again', async () => {
  let isThere = false
  const tiles = hashedTiles(nodePrimitives, async () => {
    if (!isThere) throw unavailable('not yet')
    return hashes
  })
  const slice = { tile, offset: 0, count: 2 }
  await assert.rejects(tiles.rootOf(slice), { code: 'unavailable' })
  isThere = true
  assert.deepEqual(await tiles.rootOf(slice), naive(0, 2))
})

test('of many tiles only those used last are kept', async () => {
  const read: number[] = []
  const tiles = hashedTiles(nodePrimitives, async ({ index }) => {
    read.push(index)
    return hashes
  })
  const use = (index: number) => tiles.rootOf({ tile: { ...tile, index }, offset: 0, count: 1 })
  for (let index = 0; index < 128; index++) await use(index)
  await use(0)
  await use(128)
  await use(0)
  await use(1)
  assert.deepEqual(read.slice(128), [128, 1])
})
