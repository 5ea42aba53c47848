import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ComponentKind, checkLineage, type EdgeKind, typedId, whoToTell } from './lineage.ts'

const component = (id: string, kind: ComponentKind) => ({ id, kind, name: id, version: null })
const edge = (from: string, kind: EdgeKind, to: string) => ({ from, to, kind })
const components = [
  component('base', 'model'),
  component('tuned', 'model'),
  component('chat', 'system'),
  component('other', 'model'),
  component('clinic', 'organisation'),
  component('shop', 'organisation'),
]
const lineage = {
  components,
  edges: [
    edge('tuned', 'derivedFrom', 'base'),
    edge('chat', 'derivedFrom', 'tuned'),
    // Two texts that name each other must not keep the walk going.
    edge('base', 'derivedFrom', 'chat'),
    edge('chat', 'deployedBy', 'clinic'),
    edge('tuned', 'distributedBy', 'shop'),
    edge('other', 'deployedBy', 'shop'),
  ],
}

test('whoever deploys something derived over any steps is found, with the way there', () => {
  const found = whoToTell(
    { ...lineage, edges: lineage.edges.filter((_, index) => index !== 2) },
    'base',
  )
  assert.deepEqual(
    found.map(({ organisation, as, path }) => [organisation.id, as, path]),
    [
      ['clinic', 'deployedBy', ['chat', 'tuned', 'base']],
      ['shop', 'distributedBy', ['tuned', 'base']],
    ],
  )
  assert.deepEqual(
    whoToTell(lineage, 'other').map((one) => one.organisation.id),
    ['shop'],
  )
  assert.deepEqual(whoToTell(lineage, 'unknown'), [])
  assert.equal(whoToTell(lineage, 'base').length, 2)
})

test('a line to nothing, to itself or between the wrong kinds is refused', () => {
  const nothing = { components: [], edges: [] }
  const why = (edges: readonly ReturnType<typeof edge>[]) => {
    const decided = checkLineage(nothing, { components, edges })
    return decided.decision === 'refuse' ? decided.why : 'permitted'
  }
  assert.equal(why([edge('tuned', 'derivedFrom', 'lost')]), 'unknownComponent')
  for (const wrong of [
    edge('base', 'derivedFrom', 'base'),
    edge('base', 'derivedFrom', 'shop'),
    edge('shop', 'derivedFrom', 'base'),
    edge('base', 'deployedBy', 'chat'),
    edge('shop', 'distributedBy', 'clinic'),
  ]) {
    assert.equal(why([wrong]), 'wrongKind')
  }
  assert.equal(why(lineage.edges), 'permitted')
  const empty = checkLineage(nothing, nothing)
  assert.equal(empty.decision === 'refuse' && empty.why, 'nothingToAdd')
  assert.equal(typedId('model', '  Big   Model '), 'model:big model')
})
