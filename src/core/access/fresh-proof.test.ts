import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMs, instant, MINUTE_MS } from '../../base/time.ts'
import { isFreshProof } from './fresh-proof.ts'

const NOW = instant('2026-11-22T12:00:00.000Z')

test('a proof counts for ten minutes, and not before it was made', () => {
  for (const ageMs of [0, 1, 10 * MINUTE_MS]) {
    assert.equal(isFreshProof(addMs(NOW, -ageMs), NOW), true, String(ageMs))
  }
  for (const ageMs of [-1, -MINUTE_MS, 10 * MINUTE_MS + 1, 60 * MINUTE_MS]) {
    assert.equal(isFreshProof(addMs(NOW, -ageMs), NOW), false, String(ageMs))
  }
  assert.equal(isFreshProof(undefined, NOW), false)
})
