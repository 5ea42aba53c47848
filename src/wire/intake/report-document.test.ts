import assert from 'node:assert/strict'
import test from 'node:test'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import type { Json } from '../../base/canonical-json.ts'
import { contextFaults, type FiledContext } from './report-document.ts'

const filed: FiledContext = {
  origin: 'node.example',
  formDigest: 'f1',
  recipientsDigest: 'r1',
  bundleDigest: 'b1',
  mode: 'sealed-in-browser',
}
const inside = { ...filed, answers: {} }

test('a report that says what its receipt says has no fault', () => {
  assert.deepEqual(contextFaults(nodePrimitives, inside, filed), [])
})

for (const name of Object.keys(filed)) {
  test(`another ${name} is named, and a missing one too`, () => {
    assert.deepEqual(contextFaults(nodePrimitives, { ...inside, [name]: 'other' }, filed), [name])
    const { [name]: _left, ...rest } = inside as Record<string, Json>
    assert.deepEqual(contextFaults(nodePrimitives, rest, filed), [name])
  })
}

test('an older report sealed on arrival may be silent, but not say something else', () => {
  const { bundleDigest: _none, ...older } = { ...filed, mode: 'sealed-on-arrival' as const }
  assert.deepEqual(contextFaults(nodePrimitives, { v: 1, answers: {} }, older), [])
  assert.deepEqual(contextFaults(nodePrimitives, { origin: 'other.example' }, older), ['origin'])
  assert.deepEqual(contextFaults(nodePrimitives, null, older), [])
})

for (const document of [null, 1, 'x', [], {}]) {
  test(`${JSON.stringify(document)} is no report of a browser`, () => {
    assert.equal(contextFaults(nodePrimitives, document, filed).length, 5)
  })
}
