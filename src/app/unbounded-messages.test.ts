import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isNeverBound } from './unbounded-messages.ts'

test('what calls back, ends, deletes or discharges is never bound', () => {
  for (const type of ['retraction', 'retractionDone', 'onwardConsentWithdrawal', 'dutyDischarge']) {
    assert.ok(isNeverBound(type, {}), type)
  }
})

test('what is done in an emergency is never bound', () => {
  const urgent = { release: { duties: [{ kind: 'deleteBy' }, { kind: 'postReview' }] } }
  assert.ok(isNeverBound('release', urgent))
  assert.ok(isNeverBound('assistanceRequest', { request: { urgency: { level: 'emergency' } } }))
})

test('everything else is, whatever its content says', () => {
  const contents = [
    ...[null, 'text', 1, [], {}, { release: null }, { release: { duties: 'postReview' } }],
    { release: { duties: [null, 'postReview', { kind: 'deleteBy' }] } },
    ...[{ request: {} }, { request: { urgency: { level: 'urgent' } } }],
    { request: { urgency: 'emergency' } },
  ]
  for (const content of contents) {
    for (const type of ['release', 'invitation', 'assistanceRequest', 'constructor', '']) {
      assert.ok(!isNeverBound(type, content), `${type} ${JSON.stringify(content)}`)
    }
  }
})
