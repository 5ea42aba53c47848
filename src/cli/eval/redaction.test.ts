import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { naiveLeaf, naiveRoot } from '../../../test/support/merkle.ts'
import { naivePart } from '../../../test/support/naive-tree.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import type { Json } from '../../base/canonical-json.ts'
import { redactRecord, rootFromRedactedRecord } from '../../proof/redacted-record.ts'
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

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const png = Buffer.from('an invented page')
const transform = {
  ...{ tool: 'comity-pages', version: '1' },
  input: { mediaType: 'application/pdf', digest: 'a'.repeat(64), sizeBytes: 9 },
  boxes: [
    {
      ...{ page: 1, x: 10, y: 10, width: 20, height: 20 },
      ...{ ground: 'thirdPerson', reason: 'names a bystander' },
    },
  ],
  pages: [{ page: 1, width: 100, height: 80, digest: sha256(png), sizeBytes: png.length }],
}

/** Sealed as whole parts: what was done, then each page. */
function pictures(bytes: Uint8Array, stated: Json = transform) {
  const page = { page: 1, mediaType: 'image/png', base64: Buffer.from(bytes).toString('base64') }
  const salts = [1, 2].map((byte) => new Uint8Array(32).fill(byte))
  const copy = redactRecord(nodePrimitives, [stated, page], salts)
  const root = Buffer.from(rootFromRedactedRecord(nodePrimitives, copy)).toString('base64')
  return { root, copy: copy as unknown as Json }
}

test('a copy in pictures fits the transform that is named, or the answer says that it does not', () => {
  const answer = (line: object) => {
    const { verified, pagesFit, why } = evalRedaction(line as Json) as { [key: string]: Json }
    return [verified, pagesFit ?? why]
  }
  const sound = pictures(png)
  assert.deepEqual(answer({ ...sound, transform }), [true, true])
  assert.deepEqual(answer(sound), [true, undefined])
  const [box] = transform.boxes
  const [page] = transform.pages
  const others = [
    { ...transform, version: '2' },
    { ...transform, boxes: [{ ...box, x: 11 }] },
    { ...transform, boxes: [] },
    { ...transform, input: { ...transform.input, digest: 'b'.repeat(64) } },
    { ...transform, pages: [{ ...page, digest: 'b'.repeat(64) }] },
    { ...transform, pages: [] },
  ]
  for (const other of others) {
    assert.deepEqual(answer({ ...sound, transform: other }), [false, 'wrong-transform'])
  }
  const painted = pictures(Buffer.from('another page'))
  assert.deepEqual(answer({ ...painted, transform }), [false, 'wrong-transform'])
  const outside = { ...transform, boxes: [{ ...box, x: 90 }] }
  assert.deepEqual(answer({ ...pictures(png, outside), transform: outside }), [
    false,
    'wrong-transform',
  ])
  const { input } = vectorOf('valid-all-shown.json')
  assert.deepEqual(answer({ ...input, transform }), [false, 'wrong-transform'])
})

test('what is no record of a transform is malformed', () => {
  const { tool: _, ...toolless } = transform
  const lines: Json[] = [null, [], 'x', {}, toolless, { ...transform, more: 1 }]
  for (const wrong of [...lines, { ...transform, input: null }, { ...transform, pages: {} }]) {
    const line = { ...pictures(png), transform: wrong }
    assert.throws(() => evalRedaction(line), { code: 'malformed', field: 'transform' })
  }
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
