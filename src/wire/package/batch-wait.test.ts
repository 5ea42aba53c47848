/** How long an event may have waited for its log entry: the batch of intake, and no longer. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CASE_ID, type Draft, IRIS } from '../../../test/support/package-record.ts'
import { failedChecks } from '../../../test/support/package-report.ts'
import { buildPackage, logWorld } from '../../../test/support/package-world.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { HOUR_MS, MINUTE_MS } from '../../base/time.ts'
import { reportFromPortal } from '../../core/triage/portal-report.ts'
import { parsePolicy } from '../../proof/policy.ts'
import { verifyPackage } from './verify-package.ts'

const policy = parsePolicy(nodePrimitives, logWorld().policy)
const report = reportFromPortal({
  reportId: 'R1',
  language: 'en',
  title: 'An invented title',
  description: 'An invented report.',
  developers: [],
  deployers: [],
  artifacts: [],
  references: [],
  reportedOn: '2026-11-22',
  isPublic: false,
})

const admitted = (filingId: string | null, waitedMs: number): Draft => ({
  stream: CASE_ID,
  kind: 'case',
  event: { type: 'reportAdmitted', report, filingId },
  by: IRIS,
  waitedMs,
})

const FILING = '01990000-0000-7000-8000-0000000000b1'
const ROWS: readonly [what: string, filingId: string | null, waitedMs: number, holds: boolean][] = [
  ['a report from a filing, logged an hour later with its batch', FILING, 65 * MINUTE_MS, true],
  ['one that many others kept waiting', FILING, 23 * HOUR_MS, true],
  ['one that waited longer than any batch', FILING, 26 * HOUR_MS, false],
  ['an imported record, logged at once', null, 0, true],
  ['an imported record that waited', null, 75 * MINUTE_MS, false],
]

for (const [what, filingId, waitedMs, holds] of ROWS) {
  test(`${what}: ${holds ? 'holds' : 'does not'}`, async () => {
    const bytes = await buildPackage({ more: [admitted(filingId, waitedMs)], offsetMs: 0 })
    const checks = failedChecks(await verifyPackage(nodePrimitives, bytes, policy))
    assert.equal(checks.length === 0, holds, JSON.stringify(checks))
  })
}
