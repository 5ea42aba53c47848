import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOverBound } from './daily-bound.ts'

test('only a rejection by this rule is one for the day', () => {
  assert.ok(isOverBound({ decision: 'rejected', rule: 'exchange:dailyBound' }))
  assert.ok(!isOverBound({ decision: 'rejected', rule: 'exchange:fileQuota' }))
  assert.ok(!isOverBound({ decision: 'rejected' }))
  assert.ok(!isOverBound({ decision: 'held', rule: 'exchange:dailyBound' }))
  assert.ok(!isOverBound({ decision: 'duplicate', rule: 'exchange:dailyBound' }))
})
