import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { canonicalBytes } from '../../../base/canonical-json.ts'
import { atRest } from '../../keys/at-rest.ts'
import { contentContext } from './database.ts'
import { requestTurnedDown } from './turned-down.ts'

const { node } = atRest(new Uint8Array(randomBytes(32)))
const id = '018f3c1e-0000-7000-8000-000000000001'
const content = { caseId: id, request: { requestId: 'q1' } }
const sealedContent = node.seal(
  contentContext('out', id),
  canonicalBytes({ salt: 'AA==', content }),
)
const sent = (receipt: object, change: object = {}) =>
  requestTurnedDown(node, {
    ...{ id, header: JSON.stringify({ type: 'assistanceRequest' }), sealedContent },
    ...change,
    signed: { receipt } as never,
  })

test('a request that its receipt turns down is named; nothing else is', () => {
  const rejected = { decision: 'rejected', rule: 'agreement:none' }
  assert.equal(sent(rejected), 'q1')
  assert.equal(sent({ decision: 'expired' }), 'q1')
  assert.equal(sent({ decision: 'duplicate', firstDecision: 'rejected' }), 'q1')
  for (const receipt of [
    { decision: 'applied' },
    { decision: 'held' },
    { decision: 'duplicate' },
    { decision: 'duplicate', firstDecision: 'applied' },
    { decision: 'rejected', rule: 'exchange:dailyBound' },
  ]) {
    assert.equal(sent(receipt), undefined, JSON.stringify(receipt))
  }
  for (const change of [
    { sealedContent: null },
    { sealedContent: new Uint8Array() },
    { header: JSON.stringify({ type: 'release' }) },
  ]) {
    assert.equal(sent(rejected, change), undefined)
  }
})
