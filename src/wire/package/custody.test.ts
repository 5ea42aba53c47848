/** The graph of custody in a package, and packages that are read as streams. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { EXHIBIT_ID } from '../../../test/support/package-record.ts'
import { failedChecks, requireFailure } from '../../../test/support/package-report.ts'
import { buildPackage, logWorld, repacked } from '../../../test/support/package-world.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { type Bytes, concatBytes, textFromUtf8, utf8 } from '../../base/bytes.ts'
import { canonicalBytes, type Json, parseJson } from '../../base/canonical-json.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { nodesIn, requireChain } from './check-custody.ts'
import { GRAPH, readContent } from './content.ts'
import { caseOf } from './derived.ts'
import { readArchiveStream } from './read-archive.ts'
import { type Files, readTar } from './tar.ts'
import { isSealedPath, verifyPackage } from './verify-package.ts'

const policy = parsePolicy(nodePrimitives, logWorld().policy)
const good = await buildPackage()
const files = readTar(good)
const state = caseOf(readContent({ files, sealed: new Map() }))
const graph = files.get(GRAPH) as Bytes

type Members = Record<string, Json>
const inGraph = (change: (nodes: Members[]) => void): Bytes => {
  const value = structuredClone(parseJson(graph)) as Members
  change(value['@graph'] as Members[])
  return canonicalBytes(value)
}
const nodeOf = (nodes: Members[], type: string) =>
  nodes.find((node) => node['@type'] === type) as Members

test('the graph tells who did what to which exhibit, with digests and results, in ids that end in UUIDs', () => {
  const nodes = nodesIn(graph)
  const [exhibit] = state.evidence.exhibits
  assert.ok(exhibit && nodes.get(`kb:file-${EXHIBIT_ID}`))
  const acts = state.evidence.exhibits.flatMap(({ custody }) => custody)
  assert.ok(acts.length > 0)
  assert.deepEqual(requireChain(nodes, state), {
    acts: acts.length,
    exhibits: state.evidence.exhibits.length,
  })
  const text = textFromUtf8(graph)
  for (const { by, purpose, digest, at } of acts) {
    for (const said of [by, purpose, digest, at])
      assert.ok(text.includes(JSON.stringify(said)) || text.includes(said), said)
  }
  const report = verifyPackage(nodePrimitives, good, policy)
  const check = report.checks.find(({ id }) => id === 'custody')
  assert.match(check?.detail ?? '', new RegExp(`^${acts.length} acts on `))
})

const CHANGES: readonly [RegExp, (nodes: Members[]) => void][] = [
  [/UUID/, (all) => (nodeOf(all, 'uco-observable:File')['@id'] = 'kb:file-1')],
  [/UUID/, (all) => all.push({ '@id': 'https://example.org/x', name: 'x' })],
  [/defined twice/, (all) => all.push(structuredClone(all[0] as Members))],
  [/not defined/, (all) => all.splice(all.indexOf(nodeOf(all, 'uco-identity:Person')), 1)],
  [
    /its result/,
    (all) => delete nodeOf(all, 'investigation:InvestigativeAction')['uco-action:result'],
  ],
  [
    /its result/,
    (all) => (nodeOf(all, 'investigation:InvestigativeAction')['uco-action:result'] = []),
  ],
  [
    /its object/,
    (all) => {
      const file = nodeOf(all, 'uco-observable:File')['@id'] as string
      nodeOf(all, 'investigation:InvestigativeAction')['uco-action:object'] = [{ '@id': file }]
    },
  ],
  [
    /one result/,
    (all) => {
      const action = nodeOf(all, 'investigation:InvestigativeAction')
      action['uco-action:result'] = action['uco-action:object'] as Json
    },
  ],
  [
    /handled/,
    (all) => {
      const hash = { '@type': 'xsd:hexBinary', '@value': 'ab'.repeat(32) }
      nodeOf(all, 'investigation:InvestigativeAction')['comity:handledHash'] = hash
    },
  ],
  [
    /handled/,
    (all) => all.splice(all.indexOf(nodeOf(all, 'investigation:InvestigativeAction')), 1),
  ],
]

test('what shapes of CASE do not catch is caught, in words', async () => {
  for (const [message, change] of CHANGES) {
    const bytes = inGraph(change)
    assert.throws(() => requireChain(nodesIn(bytes), state), { message }, String(message))
    const signed = await repacked(good, (payload) => payload.set(GRAPH, bytes))
    requireFailure(verifyPackage(nodePrimitives, signed, policy), 'custody', GRAPH)
  }
  const purpose = inGraph((all) => {
    nodeOf(all, 'investigation:InvestigativeAction')['comity:purpose'] = 'another purpose'
  })
  const signed = await repacked(good, (payload) => payload.set(GRAPH, purpose))
  requireFailure(verifyPackage(nodePrimitives, signed, policy), 'custody', GRAPH)
})

test('a package from before there was a graph still verifies, and says that it has none', async () => {
  const old = await repacked(good, (payload) => payload.delete(GRAPH))
  const report = verifyPackage(nodePrimitives, old, policy)
  assert.deepEqual(failedChecks(report), [])
  assert.match(report.checks.find(({ id }) => id === 'custody')?.detail ?? '', /^no graph/)
})

async function* pieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const newHash = () => {
  const hash = createHash('sha256')
  return {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digest: () => hash.digest('hex'),
  }
}
const asStream = (bytes: Uint8Array, size: number, keptBytesMax = 1e9) =>
  readArchiveStream(pieces(bytes, size), { newHash, isSealed: isSealedPath, keptBytesMax })

test('read as a stream a package is the same, without its sealed files in memory', async () => {
  for (const size of [333, 512, 4096, good.length]) {
    const { files: kept, sealed } = await asStream(good, size)
    const all: Files = files
    assert.deepEqual(
      [...kept],
      [...all].filter(([path]) => !isSealedPath(path)),
    )
    const bytes = all.get(`data/exhibits/${EXHIBIT_ID}.age`) as Bytes
    const digest = createHash('sha256').update(bytes).digest('hex')
    assert.deepEqual([...sealed.values()], [{ digest, sizeBytes: bytes.length }])
    const report = verifyPackage(nodePrimitives, () => ({ files: kept, sealed }), policy)
    assert.equal(report.verdict, 'verified')
  }
})

test('whatever is no canonical archive is refused as a stream too, wherever it is cut or changed', async () => {
  for (let at = 0; at < good.length; at += 1 + Math.floor(good.length / 60)) {
    const changed = good.with(at, ((good[at] ?? 0) + 1) % 256)
    const read = await asStream(changed, 4096).catch((error: Error) => error)
    const verdict =
      read instanceof Error ? 'failed' : verifyPackage(nodePrimitives, () => read, policy).verdict
    assert.equal(verdict, 'failed', `byte ${at}`)
    await assert.rejects(asStream(good.subarray(0, at), 4096), { code: 'malformed' }, `cut ${at}`)
  }
  await assert.rejects(asStream(concatBytes(good, utf8('x')), 512), { code: 'malformed' })
  await assert.rejects(asStream(good, 512, 10_000), /too large/)
})
