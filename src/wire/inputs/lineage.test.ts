import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comityError } from '../../../test/support/merkle.ts'
import type { Json } from '../../base/canonical-json.ts'
import { checkLineage, whoToTell } from '../../core/joint/lineage.ts'
import { playbooks } from '../playbooks.ts'
import { readLineage } from './lineage.ts'

const cyclone = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000000',
  metadata: { component: { type: 'application', name: 'Chat', 'bom-ref': 'chat' } },
  components: [
    {
      ...{ type: 'machine-learning-model', name: 'Tuned', 'bom-ref': 'tuned', version: '2' },
      supplier: { name: 'Invented Models' },
      pedigree: { ancestors: [{ type: 'machine-learning-model', name: 'Base' }] },
      modelCard: { modelParameters: { datasets: [{ ref: 'texts' }, { name: 'Pictures' }] } },
    },
    { type: 'data', name: 'Texts', 'bom-ref': 'texts' },
    { type: 'library', name: 'A library', 'bom-ref': 'lib' },
  ],
  dependencies: [{ ref: 'chat', dependsOn: ['tuned', 'lib'] }],
}

test('a CycloneDX ML-BOM gives models, data, suppliers and what is derived; the rest is listed', () => {
  const read = readLineage(cyclone)
  assert.equal(read.source, 'CycloneDX 1.6')
  assert.deepEqual(
    read.components.map(({ id, kind }) => [id, kind]),
    [
      ['chat', 'system'],
      ['tuned', 'model'],
      ['organisation:invented models', 'organisation'],
      ['model:base', 'model'],
      ['dataset:pictures', 'dataset'],
      ['texts', 'dataset'],
    ],
  )
  assert.deepEqual(
    read.notCarried.map(({ pointer }) => pointer),
    ['/components/2', '/serialNumber', ''],
  )
  assert.equal(checkLineage({ components: [], edges: [] }, read).decision, 'permit')
  assert.deepEqual(
    whoToTell(read, 'model:base').map(({ organisation, path }) => [organisation.name, path]),
    [['Invented Models', ['Tuned', 'Base']]],
  )
})

const spdx = {
  '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
  '@graph': [
    { type: 'Organization', spdxId: 'urn:o', name: 'Invented Supplier' },
    { type: 'ai_AIPackage', spdxId: 'urn:m', name: 'Model', suppliedBy: 'urn:o' },
    { type: 'ai_AIPackage', spdxId: 'urn:b', name: 'Base' },
    { type: 'dataset_DatasetPackage', spdxId: 'urn:d', name: 'Data' },
    { type: 'Relationship', from: 'urn:m', to: ['urn:d'], relationshipType: 'trainedOn' },
    { type: 'Relationship', from: 'urn:b', to: ['urn:m'], relationshipType: 'ancestorOf' },
    { type: 'Relationship', from: 'urn:m', to: ['urn:x'], relationshipType: 'dependsOn' },
    { type: 'Relationship', from: 'urn:m', to: ['urn:d'], relationshipType: 'hasLicence' },
    { type: 'CreationInfo' },
  ],
}

test('an SPDX 3 document gives the same shape; a line to nothing is not carried', () => {
  const read = readLineage(spdx)
  assert.deepEqual(read.edges, [
    { from: 'urn:m', kind: 'distributedBy', to: 'urn:o' },
    { from: 'urn:m', kind: 'derivedFrom', to: 'urn:d' },
    { from: 'urn:m', kind: 'derivedFrom', to: 'urn:b' },
  ])
  assert.deepEqual(
    read.notCarried.map(({ pointer }) => pointer),
    ['/@graph/7', '/@graph/8', ''],
  )
})

test('what is no inventory, of another version or larger than its limits is refused', () => {
  const wrong: Json[] = [
    null,
    [],
    'text',
    {},
    { ...cyclone, specVersion: '1.2' },
    { ...cyclone, bomFormat: 'Other' },
    { ...cyclone, components: [{ type: 'data' }] },
    { ...cyclone, components: Array(1001).fill({ type: 'data', name: 'x' }) },
    { ...cyclone, components: [{ type: 'data', name: 'x'.repeat(501) }] },
    { ...spdx, '@context': 'https://example.com/' },
    { ...spdx, '@graph': [{ name: 'no type' }] },
  ]
  for (const one of wrong) assert.throws(() => readLineage(one), comityError('malformed'))
})

test('every playbook has items with days, each id once', () => {
  assert.deepEqual(
    playbooks.map(({ id }) => id),
    ['triage', 'impact', 'remediation', 'communication'],
  )
  for (const { items } of playbooks) {
    assert.equal(new Set(items.map(({ id }) => id)).size, items.length)
    assert.ok(items.every(({ afterDays, text }) => afterDays > 0 && text.length > 10))
  }
})
