/** The signed file of a safe-harbour statement, as `comity verify` reads it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IRIS, LAW_ID, LENA } from '../../test/support/package-record.ts'
import { buildInput, logWorld } from '../../test/support/package-world.ts'
import { ALBION, MERIDIA } from '../../test/support/ring.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import type { SafeHarbourDocument } from '../core/law/safe-harbour.ts'
import { parsePolicy } from '../proof/policy.ts'
import { writeEventOpening } from './event-opening.ts'
import { safeHarbourDigest } from './safe-harbour.ts'
import { verifyFile } from './verify-file.ts'

const world = logWorld()
const policy = parsePolicy(nodePrimitives, world.policy)
const document: SafeHarbourDocument = {
  format: 'comity-safe-harbour-1',
  ...{ node: MERIDIA, authority: 'Meridia (fictional)', legalOrder: 'EU', version: 1 },
  ...{ replaces: null, lang: 'en', scope: 'Invented systems.' },
  promises: [{ id: 'noAction', text: 'We take no action.' }],
  conditions: [],
  limits: [{ id: 'prosecutors', text: 'Binds no prosecutor.' }],
  vocabulary: { id: 'v', version: '1.0' },
  ...{ standsOn: 'ownPolicy', laws: [], channel: 'https://meridia.example/en/report' },
  ...{ validUntil: null, simulated: true },
}
const issued = {
  ...{ type: 'safeHarbourIssued', draftId: 'd', document, draftedBy: LENA, officer: IRIS },
  ...{ digest: safeHarbourDigest(nodePrimitives, document), inPlaceOf: null },
}

/** The file as a node would make it of an event that says this. */
function reportOn(change: object) {
  const draft = { stream: LAW_ID, kind: 'law', event: { ...issued, ...change }, by: IRIS } as const
  const input = buildInput({ world, more: [draft] })
  const events = input.streams.flatMap((stream) => stream.events)
  const found = events.find(({ envelope: { event } }) => event.type === 'safeHarbourIssued')
  assert.ok(found)
  const bytes = canonicalBytes(writeEventOpening(found.envelope, found))
  return verifyFile(nodePrimitives, bytes, { policy })
}

test('a statement verifies and says what it promises, whom it does not bind, what it stands on', () => {
  const report = reportOn({})
  assert.equal(report.verdict, 'verified')
  assert.equal(report.subject, 'safe-harbour')
  const said = Object.fromEntries(report.about)
  assert.equal(said['promises'], 'noAction')
  assert.equal(said['does not bind'], 'prosecutors')
  assert.equal(said['stands on'], 'the authority’s own policy')
  assert.equal(said['exercise'], 'yes: it promises nothing')
})

test('one person alone, another node or another text makes no statement, in the log or not', () => {
  const other = { ...document, node: ALBION }
  for (const change of [
    { draftedBy: IRIS },
    { officer: LENA },
    { digest: '0'.repeat(64) },
    { document: { ...document, scope: 'Everything.' } },
    { document: other, digest: safeHarbourDigest(nodePrimitives, other) },
    { document: { ...document, limits: 'none' } },
  ]) {
    assert.equal(reportOn(change).verdict, 'failed', JSON.stringify(change).slice(0, 60))
  }
})
