import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { toHex } from '../base/bytes.ts'
import { drawListDigest, drawnPlaces } from './draw.ts'

const primitives = {
  sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()),
}
const randomness = new Uint8Array(32).fill(7)
const listDigest = drawListDigest(primitives, ['a', 'b', 'c'])

/** The same from the words of the module, with nothing of its code. */
function byHand(digest: string, length: number, size: number): number[] {
  const tickets = [...Array(length).keys()].map((place) => {
    const hash = createHash('sha256')
    hash.update(`comity/draw/v1\n${digest}\n`).update(randomness).update(String(place))
    return [hash.digest('hex'), place] as const
  })
  return tickets
    .toSorted(([a], [b]) => a.localeCompare(b))
    .slice(0, size)
    .map(([, place]) => place)
}

describe('a draw', () => {
  test('picks the lowest tickets, as anybody works them out', () => {
    for (const [length, size] of [
      [1, 1],
      [3, 2],
      [100, 10],
      [2500, 37],
    ] as const) {
      const places = drawnPlaces(primitives, randomness, { listDigest, length, size })
      assert.deepEqual(places, byHand(listDigest, length, size))
      assert.equal(new Set(places).size, size)
    }
  })

  test('is another one with another list, another length or other randomness', () => {
    const asked = { listDigest, length: 1000, size: 20 }
    const first = drawnPlaces(primitives, randomness, asked)
    const other = drawListDigest(primitives, ['a', 'b', 'd'])
    assert.notDeepEqual(drawnPlaces(primitives, randomness, { ...asked, listDigest: other }), first)
    const changed = new Uint8Array(randomness).with(31, 8)
    assert.notDeepEqual(drawnPlaces(primitives, changed, asked), first)
  })

  test('prefers no place: over many rounds each is drawn about as often', () => {
    const counts = Array<number>(10).fill(0)
    for (let round = 0; round < 2000; round++) {
      const value = new Uint8Array(createHash('sha256').update(`${round}`).digest())
      const asked = { listDigest, length: 10, size: 3 }
      for (const place of drawnPlaces(primitives, value, asked))
        counts[place] = (counts[place] ?? 0) + 1
    }
    // 600 each; six standard deviations are about 123.
    for (const count of counts) assert.ok(Math.abs(count - 600) < 123, counts.join())
  })

  test('the digest of a list holds its order and its bounds', () => {
    const digests = [['a', 'b'], ['b', 'a'], ['ab'], ['a', 'b', ''], []].map((list) =>
      drawListDigest(primitives, list),
    )
    assert.equal(new Set(digests).size, digests.length)
    assert.equal(
      listDigest,
      toHex(primitives.sha256(Buffer.from('comity/draw-list/v1\n["a","b","c"]'))),
    )
  })

  test('more than there is cannot be drawn', () => {
    assert.throws(() => drawnPlaces(primitives, randomness, { listDigest, length: 2, size: 3 }))
    assert.throws(() => drawnPlaces(primitives, randomness, { listDigest, length: 2, size: 0 }))
  })
})
