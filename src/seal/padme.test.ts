import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { PADDED_SIZE_MIN, pad, paddedSize, unpad } from './padme.ts'

test('unpad gives back what was padded', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      assert.deepEqual(unpad(pad(bytes)), new Uint8Array(bytes))
    }),
    { numRuns: 60 },
  )
})

test('a padded size grows with the size, costs at most 12 % above the minimum, and has few values', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (size) => {
      const padded = paddedSize(size)
      assert.ok(padded >= size + 4)
      assert.ok(padded <= Math.max(PADDED_SIZE_MIN, (size + 4) * 1.12))
      assert.ok(paddedSize(size + 1) >= padded)
    }),
  )
  const sizes = new Set<number>()
  for (let size = 0; size < 1_000_000; size += 7) sizes.add(paddedSize(size))
  assert.ok(sizes.size < 200, `${sizes.size} different sizes`)
})

test('sizes of the paper hold: 9 bytes stay near, 1 MiB + 1 goes to the next step', () => {
  // E = 20, S = 5: steps of 2^15.
  assert.equal(paddedSize(2 ** 20 - 4), 2 ** 20)
  assert.equal(paddedSize(2 ** 20 - 3), 2 ** 20 + 2 ** 15)
})

test('wrong padding is refused', () => {
  const padded = pad(new Uint8Array([1, 2, 3]))
  const changed = (at: number, to: number) => padded.map((byte, i) => (i === at ? to : byte))
  for (const [name, bytes] of Object.entries({
    empty: new Uint8Array(),
    short: padded.subarray(1),
    long: new Uint8Array(PADDED_SIZE_MIN + 1),
    'not zero at the end': changed(PADDED_SIZE_MIN - 1, 1),
    'not zero after the content': changed(7, 1),
    'length of another bucket': changed(0, 1),
    'length above the bytes': changed(2, 0xff),
  })) {
    assert.throws(() => unpad(bytes), { code: 'malformed' }, name)
  }
})
