/**
 * The graph of custody against SHACL shapes: ours for the profile that we promise
 * (`protocol/shapes/custody.ttl`), and those of CASE and UCO 1.4.0, if they are there.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { Bytes } from '../../src/base/bytes.ts'
import { canonicalBytes, type Json, parseJson } from '../../src/base/canonical-json.ts'
import { GRAPH } from '../../src/wire/package/content.ts'
import { readTar } from '../../src/wire/package/tar.ts'
import { corpusFolder } from '../support/corpus.ts'
import { buildPackage } from '../support/package-world.ts'
import { shapeFaults } from '../support/shacl.ts'

const own = readFileSync(new URL('../../protocol/shapes/custody.ttl', import.meta.url), 'utf8')
const graph = readTar(await buildPackage()).get(GRAPH) as Bytes

type Members = Record<string, Json>

function changed(change: (nodes: Members[]) => void): Bytes {
  const value = structuredClone(parseJson(graph)) as Members
  change(value['@graph'] as Members[])
  return canonicalBytes(value)
}

const nodeOf = (nodes: Members[], type: string) =>
  nodes.find((node) => node['@type'] === type) as Members
const ACT = 'investigation:InvestigativeAction'
const RECORD = 'investigation:ProvenanceRecord'
const FILE = 'uco-observable:File'
/** Sets one member of the first node of this type; undefined takes it out. */
const set = (type: string, name: string, value?: Json) => (nodes: Members[]) => {
  const node = nodeOf(nodes, type)
  if (value === undefined) delete node[name]
  else node[name] = value
}
const facet = (index: number, name: string, value: Json) => (nodes: Members[]) => {
  const facets = nodeOf(nodes, FILE)['uco-core:hasFacet'] as Members[]
  ;(facets[index] as Members)[name] = value
}
const typed = (type: string, value: string) => ({ '@type': `xsd:${type}`, '@value': value })

const BAD: readonly [string, (nodes: Members[]) => void][] = [
  ['MinCount result', set(ACT, 'uco-action:result')],
  ['MinCount object', set(ACT, 'uco-action:object', [])],
  ['MinCount performer', set(ACT, 'uco-action:performer')],
  ['MinCount startTime', set(ACT, 'uco-action:startTime')],
  ['Datatype startTime', set(ACT, 'uco-action:startTime', '2026-11-22')],
  ['Datatype startTime', set(ACT, 'uco-action:startTime', typed('dateTime', 'yesterday'))],
  ['MinLength purpose', set(ACT, 'comity:purpose', '')],
  ['MaxCount purpose', set(ACT, 'comity:purpose', ['case', 'another'])],
  ['Node handledHash', set(ACT, 'comity:handledHash', typed('hexBinary', 'ab'))],
  ['Node handledHash', set(ACT, 'comity:handledHash', 'ab'.repeat(32))],
  ['In receiverAcknowledgement', set(ACT, 'comity:receiverAcknowledgement', 'perhaps')],
  ['Pattern name', set(ACT, 'uco-core:name', 'opened')],
  ['Closed description', set(ACT, 'uco-core:description', 'more than is promised')],
  ['Node', set(ACT, '@id', 'https://example.org/act/1')],
  ['Pattern exhibitNumber', set(RECORD, 'investigation:exhibitNumber', 'none')],
  ['Pattern rootExhibitNumber', set(RECORD, 'investigation:rootExhibitNumber', 'x/1')],
  ['Node previousRecordHash', set(RECORD, 'comity:previousRecordHash', typed('hexBinary', ''))],
  ['MinCount hasFacet', set(FILE, 'uco-core:hasFacet', [])],
  ['MinInclusive redactedParts', set(FILE, 'comity:redactedParts', [-1])],
  ['MinInclusive sizeInBytes', facet(0, 'uco-observable:sizeInBytes', typed('integer', '0'))],
  ['Datatype sizeInBytes', facet(0, 'uco-observable:sizeInBytes', 'large')],
  ['Pattern mimeType', facet(1, 'uco-observable:mimeType', 'text')],
  [
    'In authorizationType',
    set('investigation:Authorization', 'investigation:authorizationType', 'x'),
  ],
  ['Datatype name', set('investigation:Investigation', 'uco-core:name', 5)],
  ['MinLength name', set('uco-identity:Person', 'uco-core:name', '')],
]

test('the graph of a package has the shape that the specification promises', async () => {
  assert.deepEqual(await shapeFaults(graph, [own]), [])
})

test('every departure from it is found, by name', async () => {
  for (const [fault, change] of BAD) {
    const found = await shapeFaults(changed(change), [own])
    assert.ok(found.includes(fault), `${fault}: ${found.join(', ')}`)
  }
  const gone = changed((nodes) => nodes.splice(nodes.indexOf(nodeOf(nodes, FILE)), 1))
  assert.ok((await shapeFaults(gone, [own])).includes('Class object'))
})

const outside = corpusFolder && join(corpusFolder, 'case-uco')
const isThere = outside !== undefined && existsSync(outside)
const withShapes = { skip: isThere ? false : 'COMITY_CORPUS has no case-uco/*.ttl (CASE and UCO)' }

test('and the shape that CASE and UCO ask for', withShapes, async () => {
  const folder = outside as string
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.ttl'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  assert.deepEqual(await shapeFaults(graph, texts), [])
  const wrong = changed(set('investigation:Investigation', 'uco-core:name', 5))
  assert.ok((await shapeFaults(wrong, texts)).includes('Datatype name'))
})
