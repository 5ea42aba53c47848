import assert from 'node:assert/strict'
import { test } from 'node:test'
import { corpusLines } from '../../../test/support/corpus.ts'
import { comityError, numberedLeaves } from '../../../test/support/merkle.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { toBase64 } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { buildConsistency } from '../../proof/consistency.ts'
import { buildInclusion } from '../../proof/inclusion.ts'
import { rootOf } from '../../proof/tree-hash.ts'
import { evalConsistency } from './consistency.ts'
import { evalInclusion } from './inclusion.ts'

const leaves = numberedLeaves(9)
const root = toBase64(rootOf(nodePrimitives, leaves))
const leafHash = toBase64(leaves[4] as Uint8Array)
const texts = (hashes: readonly Uint8Array[]) => hashes.map(toBase64)

const INCLUSION = {
  leafIdx: 4,
  treeSize: 9,
  root,
  leafHash,
  proof: texts(buildInclusion(nodePrimitives, 4, leaves).hashes),
}
const CONSISTENCY = {
  size1: 3,
  size2: 9,
  root1: toBase64(rootOf(nodePrimitives, leaves.slice(0, 3))),
  root2: root,
  proof: texts(buildConsistency(nodePrimitives, 3, leaves)),
}

test('right proofs are ok; null stands for an empty proof', () => {
  assert.deepEqual(evalInclusion(INCLUSION), { ok: true })
  assert.deepEqual(evalConsistency(CONSISTENCY), { ok: true })
  const one = { leafIdx: 0, treeSize: 1, root: leafHash, leafHash, proof: null }
  assert.deepEqual(evalInclusion(one), { ok: true })
  const same = { ...CONSISTENCY, size1: 9, root1: root, proof: null }
  assert.deepEqual(evalConsistency(same), { ok: true })
})

test('wrong lines are errors that name the field', () => {
  const fieldOf = (act: () => unknown) => {
    try {
      act()
    } catch (error) {
      assert(comityError('malformed')(error))
      return (error as { field?: string }).field
    }
    return 'accepted'
  }
  const bad = ['x', null, -1, 1.5, '4', 2 ** 53, 2 ** 64, [], {}]
  for (const value of bad) {
    assert.equal(
      fieldOf(() => evalInclusion({ ...INCLUSION, leafIdx: value } as Json)),
      'leafIdx',
    )
    assert.equal(
      fieldOf(() => evalConsistency({ ...CONSISTENCY, size2: value } as Json)),
      'size2',
    )
  }
  for (const value of ['x', 'QQ', 'QR==', 5, null, undefined]) {
    assert.equal(
      fieldOf(() => evalInclusion({ ...INCLUSION, root: value } as Json)),
      'root',
    )
    assert.equal(
      fieldOf(() => evalConsistency({ ...CONSISTENCY, root1: value } as Json)),
      'root1',
    )
  }
  for (const value of ['x', 5, {}, undefined]) {
    assert.equal(
      fieldOf(() => evalInclusion({ ...INCLUSION, proof: value } as Json)),
      'proof',
    )
  }
  assert.equal(
    fieldOf(() => evalInclusion({ ...INCLUSION, proof: [5] })),
    'proof/0',
  )
  for (const line of [null, 5, 'x', [], true]) {
    assert.throws(() => evalInclusion(line), comityError('malformed'))
    assert.throws(() => evalConsistency(line), comityError('malformed'))
  }
})

for (const [name, evaluate] of [
  ['inclusion', evalInclusion],
  ['consistency', evalConsistency],
] as const) {
  const lines = corpusLines(`merkle/${name}.jsonl`)
  test(`the published ${name} vectors`, {
    skip: lines === undefined && 'COMITY_CORPUS is not set',
  }, () => {
    assert(lines && lines.length >= 30, 'the corpus has its vectors')
    for (const line of lines) {
      const vector = JSON.parse(line) as { wantErr: boolean; name: string }
      const act = () => evaluate(vector as unknown as Json)
      if (vector.wantErr) assert.throws(act, comityError(), vector.name)
      else assert.deepEqual(act(), { ok: true }, vector.name)
    }
  })
}
