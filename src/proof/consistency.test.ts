import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comityError, flipped, naiveRoot, numberedLeaves } from '../../test/support/merkle.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { buildConsistency, consistencyPath, verifyConsistency } from './consistency.ts'
import { rootOf } from './tree-hash.ts'

const leaves = numberedLeaves(300)
const heads = Array.from({ length: 301 }, (_, treeSize) => ({
  treeSize,
  rootHash: rootOf(nodePrimitives, leaves, { start: 0, end: treeSize }),
}))
const head = (size: number) => heads[size] as (typeof heads)[number]
const proofOf = (older: number, newer: number) =>
  buildConsistency(nodePrimitives, older, leaves.slice(0, newer))

test('every size up to 300 has the naive root', () => {
  for (const { treeSize, rootHash } of heads) {
    assert.deepEqual(rootHash, naiveRoot(leaves.slice(0, treeSize)))
  }
})

test('every tree up to 40 extends each of its beginnings; larger ones at the edges', () => {
  for (let newer = 1; newer <= 300; newer++) {
    const edges = [1, 2, 127, 128, 129, 255, 256, newer - 1, newer]
    for (let older = 1; older <= newer; older++) {
      if (newer > 40 && !edges.includes(older)) continue
      verifyConsistency(nodePrimitives, head(older), head(newer), proofOf(older, newer))
    }
  }
})

for (const [older, newer] of [
  [3, 7],
  [4, 8],
  [6, 8],
  [5, 300],
  [256, 257],
] as const) {
  const proof = proofOf(older, newer)
  const check = (changed: readonly Uint8Array[], a = head(older), b = head(newer)) =>
    verifyConsistency(nodePrimitives, a, b, changed)

  test(`${older} to ${newer}: each changed bit, hash, root and size is refused`, () => {
    for (const [at, hash] of proof.entries()) {
      assert.throws(() => check(proof.with(at, flipped(hash, 7, 2))), comityError('unverified'))
      assert.throws(() => check(proof.toSpliced(at, 1)), comityError())
      assert.throws(() => check(proof.toSpliced(at, 0, hash)), comityError())
      assert.throws(() => check(proof.with(at, hash.subarray(1))), comityError('malformed'))
    }
    const wrongOlder = { ...head(older), rootHash: flipped(head(older).rootHash, 0) }
    const wrongNewer = { ...head(newer), rootHash: flipped(head(newer).rootHash, 31) }
    assert.throws(() => check(proof, wrongOlder), comityError('unverified', 'inconsistent'))
    assert.throws(() => check(proof, head(older), wrongNewer), comityError('unverified'))
    assert.throws(() => check(proof, head(newer), head(older)), comityError('malformed'))
    assert.throws(() => check([]), comityError('malformed'))
    assert.throws(() => check([...proof, head(newer).rootHash]), comityError('malformed'))
    for (const size of [0, -1, 0.5, Number.NaN, 2 ** 53, newer + 1]) {
      const odd = { ...head(older), treeSize: size }
      assert.throws(() => check(proof, odd), comityError('malformed'))
    }
  })

  test(`${older} to ${newer}: another history of the same sizes is refused`, () => {
    const other = leaves.slice(0, newer).with(0, leaves[299] as Uint8Array)
    const otherHead = { treeSize: newer, rootHash: rootOf(nodePrimitives, other) }
    const otherProof = buildConsistency(nodePrimitives, older, other)
    assert.throws(() => check(otherProof, head(older), otherHead), comityError('unverified'))
  })
}

test('equal sizes need the same root and no proof, whatever the root looks like', () => {
  const odd = { treeSize: 1, rootHash: new Uint8Array(12) }
  verifyConsistency(nodePrimitives, odd, odd, [])
  verifyConsistency(nodePrimitives, head(9), head(9), [])
  const [hash] = leaves as [Uint8Array]
  assert.throws(
    () => verifyConsistency(nodePrimitives, head(9), head(9), [hash]),
    comityError('malformed'),
  )
  const other = { treeSize: 9, rootHash: head(8).rootHash }
  assert.throws(
    () => verifyConsistency(nodePrimitives, head(9), other, []),
    comityError('unverified'),
  )
})

test('the path covers sizes above 32 bits', () => {
  const older = 2 ** 40
  assert.deepEqual(consistencyPath(older, older + 1), [{ start: older, end: older + 1 }])
})
