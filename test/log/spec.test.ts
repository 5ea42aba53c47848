import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { fromBase64, utf8 } from '../../src/base/bytes.ts'
import { canonicalText } from '../../src/base/canonical-json.ts'
import { parsePolicy } from '../../src/proof/policy.ts'
import { verifyReceipt } from '../../src/proof/receipt.ts'
import { openCommitment } from '../../src/proof/salted-commitment.ts'

const page = readFileSync(new URL('../../protocol/spec/log.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/```(?:json)?\n([^`]*)```/g)].map(([, text]) => text as string)
const [entryText, receipt, policyText, salt] = blocks as [string, string, string, string]
const entry = entryText.trim()

test('the example of the specification verifies as it stands', () => {
  const policy = parsePolicy(nodePrimitives, utf8(policyText))
  // The line feed before the closing fence belongs to the last signature line.
  const verified = verifyReceipt(nodePrimitives, {
    receipt: utf8(receipt),
    entry: utf8(entry),
    policy,
  })
  assert.equal(verified.checkpoint.origin, 'meridia.example/ledger')
  const hours = verified.cosignatures.map(({ timeSeconds }) =>
    new Date(timeSeconds * 1000).toISOString().slice(0, 13),
  )
  assert.deepEqual(hours, ['2026-11-22T17', '2026-11-22T17'])
})

test('the example entry is canonical and opens with its salt', () => {
  const value = JSON.parse(entry) as { commitment: string }
  assert.equal(canonicalText(value), entry)
  const commitment = fromBase64(value.commitment)
  openCommitment(nodePrimitives, commitment, fromBase64(salt.trim()), utf8('content 1'))
})
