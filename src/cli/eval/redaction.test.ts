import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { naiveLeaf, naiveRoot } from '../../../test/support/merkle.ts'
import { naivePart } from '../../../test/support/naive-tree.ts'
import type { Json } from '../../base/canonical-json.ts'
import { evalRedaction } from './redaction.ts'

const FOLDER = new URL('../../../protocol/vectors/redaction/', import.meta.url)
const vectorOf = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))

for (const name of readdirSync(FOLDER)) {
  const { says, verdict, input } = vectorOf(name)
  test(`${name}: ${says}, so it is ${verdict}`, () => {
    assert.equal((evalRedaction(input) as { verified: boolean }).verified, verdict === 'verified')
  })
}

test('the root of the sealed record is the one that another implementation computes', () => {
  const { input } = vectorOf('valid-all-shown.json')
  const parts = input.copy.parts as { tree: { value: Json; seed: string } }[]
  const leaves = parts.map(({ tree: { value, seed } }) =>
    naiveLeaf(Buffer.from(naivePart(value, Buffer.from(seed, 'base64')), 'hex')),
  )
  assert.equal(Buffer.from(naiveRoot(leaves)).toString('base64'), input.root)
})

test('the answer says what is hidden and why', () => {
  const answer = evalRedaction(vectorOf('valid-field-item-span-part.json').input) as {
    [key: string]: Json
  }
  assert.deepEqual([answer['parts'], answer['partsLeftOut']], [3, [2]])
  const hidden = answer['hidden'] as { part: number; at: string; ground: string }[]
  assert.deepEqual(
    hidden.map(({ part, ground }) => [part, ground]),
    [
      [0, 'thirdPerson'],
      [0, 'thirdPerson'],
      [0, 'thirdPerson'],
    ],
  )
})

test('with the commitments at hand the part that does not fit is named', () => {
  const { input } = vectorOf('valid-field-item-span-part.json')
  const changed = structuredClone(input)
  changed.copy.parts[1].tree.value.text = 'I will.'
  const answer = evalRedaction({ commitments: input.commitments, copy: changed.copy })
  assert.deepEqual([(answer as { field: string }).field], ['/parts/1'])
  const short = { ...changed.copy, parts: changed.copy.parts.slice(1) }
  const why = evalRedaction({ commitments: input.commitments, copy: short }) as { why: string }
  assert.equal(why.why, 'parts-missing-or-added')
})

test('a line that does not say what was sealed is malformed', () => {
  const { input } = vectorOf('valid-field-item-span-part.json')
  const { root, commitments, copy } = input
  const lines: Json[] = [
    null,
    [],
    { copy },
    { root },
    { root: 7, copy },
    { root: '', copy },
    { root: 'AAAA', copy },
    { root: null, copy },
    { commitments: null, copy },
    { commitments: [], copy },
    { commitments: ['AAAA'], copy },
    { commitments: [7], copy },
    { root, commitments: commitments.slice(1), copy },
    { root, copy: null },
    { root, copy: [] },
  ]
  for (const line of lines) {
    assert.throws(() => evalRedaction(line), { code: 'malformed' }, JSON.stringify(line))
  }
})
