/** Receipts of what was erased: checked offline, with the statement of the erasure beside them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logSigner, signedHead, witnessSigner } from '../../test/support/test-log.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { toBase64, toHex, utf8 } from '../base/bytes.ts'
import { canonicalBytes, type Json } from '../base/canonical-json.ts'
import type { Instant } from '../base/time.ts'
import { buildInclusion } from '../proof/inclusion.ts'
import { parsePolicy } from '../proof/policy.ts'
import { formatReceipt } from '../proof/receipt.ts'
import { hashLeaf, rootOf } from '../proof/tree-hash.ts'
import { formatVkey } from '../proof/vkey.ts'
import { entriesRoot, verifyErasedReceipt } from './erasure-statement.ts'
import { type EventEnvelope, eventLogEntry } from './event-commitment.ts'
import { writeEventOpening } from './event-opening.ts'
import { verifyFile } from './verify-file.ts'

const node = 'authority.example'
const at = '2026-03-02T09:00:00.000Z' as Instant
const stream = '018f3c1e-0000-7000-8000-000000000001'
const LAW = 'An invented act, article 17'
const COURT = 'Invented court, 4/26'

const policy = parsePolicy(
  nodePrimitives,
  utf8(`log ${formatVkey(logSigner.key)}\nwitness w ${formatVkey(witnessSigner.key)}\nquorum w\n`),
)
const saltOf = (n: number) => new Uint8Array(32).fill(n)
const envelopeOf = (version: number, event: object): EventEnvelope =>
  ({ v: 1, node, stream, version, at, by: 'ada', event }) as EventEnvelope
const entryOf = (envelope: EventEnvelope, n: number) =>
  eventLogEntry(nodePrimitives, envelope, {
    ...{ salt: saltOf(n), tag: new Uint8Array(16).fill(n), wireNow: at },
  })

const events = [1, 2, 3].map((n) => envelopeOf(n, { type: 'noteAdded', text: `words ${n}` }))
const entries = events.map((envelope, index) => entryOf(envelope, index))
const other = entryOf(envelopeOf(9, { type: 'noteAdded', text: 'another case' }), 9)

const BASIS = { ground: 'courtOrder', law: LAW, orderedBy: COURT }
const stated = envelopeOf(7, {
  ...{ type: 'erasureStated', erasureId: stream, caseId: stream, events: 3, ...BASIS },
  entriesRoot: toHex(entriesRoot(nodePrimitives, entries)),
})
const all = [...entries, other, entryOf(stated, 7)]
const leaves = all.map((entry) => hashLeaf(nodePrimitives, entry))

function receiptOf(leafIndex: number) {
  const head = { treeSize: all.length, rootHash: rootOf(nodePrimitives, leaves) }
  const note = signedHead(head, { cosigners: [witnessSigner] })
  const proof = buildInclusion(nodePrimitives, leafIndex, leaves)
  return new Uint8Array(formatReceipt({ proof, note }))
}

const openingAt = (envelope: EventEnvelope, index: number, n: number) =>
  writeEventOpening(envelope, {
    ...{ salt: saltOf(n), entry: all[index] as never, receipt: receiptOf(index) },
  })
const good = {
  ...{ v: 1, kind: 'erasure-statement', opening: openingAt(stated, 4, 7) },
  entries: entries.map(toBase64),
}
const bytesOf = (value: object) => canonicalBytes(value as Json)
const SAID = `the proof holds; the content was erased on 2026-03-02 under ${LAW}, decided by ${COURT}`
const said = ({ about }: { about: readonly (readonly [string, string])[] }) =>
  about.find(([label]) => label === 'erased')?.[1]

test('an old receipt holds when nothing is left of what it is about, and the report says so', () => {
  for (const index of [0, 1, 2]) {
    const report = verifyErasedReceipt(nodePrimitives, receiptOf(index), bytesOf(good), policy)
    assert.equal(report.verdict, 'verified', JSON.stringify(report.checks))
    assert.equal(said(report), SAID)
  }
})

test('an opening that somebody kept is verified as before, and the report says the same', () => {
  const [first] = events
  assert.ok(first)
  const kept = bytesOf(openingAt(first, 0, 0))
  const trust = { policy: policy }
  const before = verifyFile(nodePrimitives, kept, trust)
  assert.deepEqual([before.verdict, said(before)], ['verified', undefined])
  const after = verifyFile(nodePrimitives, kept, { ...trust, erasure: bytesOf(good) })
  assert.deepEqual([after.verdict, said(after)], ['verified', SAID])
})

test('nothing is said to be erased that the statement does not hold', () => {
  const without = { ...good, entries: good.entries.slice(1) }
  const more = { ...good, entries: [...good.entries, toBase64(other)] }
  const wrongEvent = { ...good, opening: openingAt(events[0] as EventEnvelope, 0, 0) }
  const altered = structuredClone(good) as typeof good & { opening: { envelope: { at: Instant } } }
  altered.opening.envelope.at = '2026-03-01T09:00:00.000Z' as Instant
  const bad: readonly (readonly [string, number, object])[] = [
    ['of another case', 3, good],
    ['with an entry less', 1, without],
    ['with an entry more', 3, more],
    ['of another event', 0, wrongEvent],
    ['on another day', 0, altered],
    ['of no kind', 0, { ...good, kind: 'statement' }],
    ['without entries', 0, { ...good, entries: 'none' }],
  ]
  for (const [what, index, statement] of bad) {
    const receipt = receiptOf(index)
    const report = verifyErasedReceipt(nodePrimitives, receipt, bytesOf(statement), policy)
    assert.deepEqual([report.verdict, said(report)], ['failed', undefined], what)
  }
  const unanchored = verifyErasedReceipt(nodePrimitives, receiptOf(0), bytesOf(good), undefined)
  assert.equal(unanchored.verdict, 'unanchored')
  const kept = bytesOf(
    writeEventOpening(envelopeOf(9, { type: 'noteAdded', text: 'another case' }), {
      ...{ salt: saltOf(9), entry: other, receipt: receiptOf(3) },
    }),
  )
  const report = verifyFile(nodePrimitives, kept, { policy: policy, erasure: bytesOf(good) })
  assert.equal(report.verdict, 'failed')
})
