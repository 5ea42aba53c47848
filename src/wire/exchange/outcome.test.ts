import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { instant } from '../../base/time.ts'
import type { MessageHeader } from './message-header.ts'
import { contentOrOutcome } from './outcome.ts'

const context = {
  primitives: nodePrimitives,
  caseNow: () => instant('2026-11-22T12:00:00.000Z'),
}
const epochOpened = (seq: number) => ({ type: 'epochOpened', epoch: 2, seq }) as MessageHeader

test('an epoch is opened by its first message and by no other', () => {
  assert.deepEqual(contentOrOutcome(context, epochOpened(1), null), {
    outcome: { decision: 'applied' },
  })
  assert.deepEqual(contentOrOutcome(context, epochOpened(2), null), {
    outcome: { decision: 'rejected', reason: 'sequence' },
  })
})
