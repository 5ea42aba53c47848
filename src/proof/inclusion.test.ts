import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comityError, flipped, numberedLeaves } from '../../test/support/merkle.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { asVerified } from '../base/verified.ts'
import { buildInclusion, inclusionPath, rootFromInclusion, verifyInclusion } from './inclusion.ts'
import { hashNode, rootOf } from './tree-hash.ts'

const leaves = numberedLeaves(300)
const leaf = (index: number) => leaves[index] as Uint8Array

test('every entry of every tree up to 64, and the edges of larger trees, has a proof', () => {
  for (let size = 1; size <= 300; size++) {
    const tree = leaves.slice(0, size)
    const root = rootOf(nodePrimitives, tree)
    const edges = [0, 1, size >> 1, size - 2, size - 1].filter((i) => i >= 0 && i < size)
    for (const index of size <= 64 ? tree.keys() : edges) {
      const proof = buildInclusion(nodePrimitives, index, tree)
      assert.deepEqual(rootFromInclusion(nodePrimitives, leaf(index), proof, size), root)
    }
  }
})

const SIZE = 11
const INDEX = 6
const tree = leaves.slice(0, SIZE)
const checkpoint = asVerified({
  origin: 'meridia.example/ledger',
  treeSize: SIZE,
  rootHash: rootOf(nodePrimitives, tree),
  extensions: [],
})
const proof = buildInclusion(nodePrimitives, INDEX, tree)
const check = (hash: Uint8Array, leafIndex: number, hashes: readonly Uint8Array[]) =>
  verifyInclusion(nodePrimitives, hash, { leafIndex, hashes }, checkpoint)

test('a right proof is accepted', () => check(leaf(INDEX), INDEX, proof.hashes))

test('a proof for another leaf, index, order or bit is refused', () => {
  const { hashes } = proof
  for (let other = 0; other < SIZE; other++) {
    if (other === INDEX) continue
    assert.throws(() => check(leaf(other), INDEX, hashes), comityError('unverified'))
    assert.throws(() => check(leaf(INDEX), other, hashes), comityError())
  }
  for (const [at, hash] of hashes.entries()) {
    for (const byte of [0, 15, 31]) {
      const changed = hashes.with(at, flipped(hash, byte, 3))
      assert.throws(() => check(leaf(INDEX), INDEX, changed), comityError('unverified'))
    }
  }
  assert.throws(
    () => check(leaf(INDEX), INDEX, hashes.toReversed()),
    comityError('unverified', 'not-included'),
  )
})

test('a proof of a wrong form is malformed', () => {
  const { hashes } = proof
  const first = hashes[0] as Uint8Array
  const forms: [number, readonly Uint8Array[]][] = [
    [INDEX, []],
    [INDEX, hashes.slice(1)],
    [INDEX, hashes.slice(0, -1)],
    [INDEX, [...hashes, checkpoint.rootHash]],
    [INDEX, [first, ...hashes]],
    [INDEX, hashes.with(0, first.subarray(1))],
    [INDEX, hashes.with(0, new Uint8Array(0))],
    [INDEX, hashes.with(0, new Uint8Array(33))],
    [SIZE, hashes],
    [-1, hashes],
    [1.5, hashes],
    [Number.NaN, hashes],
    [2 ** 53, hashes],
  ]
  for (const [index, list] of forms) {
    assert.throws(() => check(leaf(INDEX), index, list), comityError('malformed'))
  }
  assert.throws(() => check(leaf(INDEX).subarray(1), INDEX, hashes), comityError('malformed'))
})

test('a proof for one size does not serve for another, unless it leads to the same place', () => {
  for (let size = 0; size <= 20; size++) {
    if (size === SIZE) continue
    const other = asVerified({ ...checkpoint, treeSize: size })
    let accepted = true
    try {
      verifyInclusion(nodePrimitives, leaf(INDEX), proof, other)
    } catch (error) {
      assert(comityError()(error))
      accepted = false
    }
    // The root alone does not fix the size; where the shapes of the paths agree it cannot matter.
    const samePath = size > INDEX && shapeOf(INDEX, size) === shapeOf(INDEX, SIZE)
    assert.equal(accepted, samePath, `size ${size}`)
  }
})

function shapeOf(index: number, size: number): string {
  return inclusionPath(index, size)
    .map(({ start }) => (start > index ? 'right' : 'left'))
    .join()
}

test('sizes above 32 bits are handled exactly', () => {
  const size = 2 ** 40 + 3
  const leafIndex = size - 1
  const hashes = [leaf(1), leaf(2)]
  assert.deepEqual(inclusionPath(leafIndex, size), [
    { start: 2 ** 40, end: 2 ** 40 + 2 },
    { start: 0, end: 2 ** 40 },
  ])
  const expected = hashNode(nodePrimitives, leaf(2), hashNode(nodePrimitives, leaf(1), leaf(0)))
  const root = rootFromInclusion(nodePrimitives, leaf(0), { leafIndex, hashes }, size)
  assert.deepEqual(root, expected)
  for (const other of [0, leafIndex % 2 ** 32, leafIndex - 1]) {
    const moved = { leafIndex: other, hashes }
    assert.throws(
      () => rootFromInclusion(nodePrimitives, leaf(0), moved, size),
      comityError('malformed'),
    )
  }
})
