import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actItem } from './parts.ts'

const refused = (...rules: readonly string[]) => ({
  decision: 'refuse' as const,
  because: rules.map((rule) => ({ rule, text: 'No.' })),
})

test('an act that wants nothing but a fresh proof is still reached, and says that it asks', () => {
  assert.deepEqual(actItem('openExhibit', refused('access:stepUpNeeded')), {
    act: 'openExhibit',
    asksProof: true,
    isAllowed: true,
  })
  assert.deepEqual(actItem('openExhibit', { decision: 'permit', because: [] }), {
    act: 'openExhibit',
    asksProof: true,
    isAllowed: true,
  })
  for (const rules of [['role:openExhibit'], ['access:stepUpNeeded', 'evidence:exhibit']]) {
    const { because } = refused(...rules)
    const item = { act: 'openExhibit', asksProof: true, isAllowed: false, because }
    assert.deepEqual(actItem('openExhibit', refused(...rules)), item)
  }
  assert.equal(actItem('recordFacts', refused('role:recordFacts')).asksProof, undefined)
})
