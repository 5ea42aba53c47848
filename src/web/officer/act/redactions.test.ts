import assert from 'node:assert/strict'
import test from 'node:test'
import { readRedactions } from './redactions.ts'

test('each line is a part and the reason to remove it', () => {
  const read = readRedactions('3: names another person\r\n\n 12 address of the family ')
  assert.deepEqual(read, {
    isValid: true,
    redactions: [
      { part: 3, reason: 'names another person' },
      { part: 12, reason: 'address of the family' },
    ],
  })
})

test('a keyboard of Chinese or Japanese writes the colon full-width', () => {
  assert.deepEqual(readRedactions('3：他人の名前\n12、住所'), {
    isValid: true,
    redactions: [
      { part: 3, reason: '他人の名前' },
      { part: 12, reason: '住所' },
    ],
  })
})

for (const text of ['names another person', '3', '3:', '-1: x', '3.5: x', '12345: x', 'a: b']) {
  test(`no line is guessed: ${text}`, () => {
    assert.deepEqual(readRedactions(text), { isValid: false, reason: 'redactions' })
  })
}

test('nothing to remove: a copy that was made before leaves as it is', () => {
  assert.deepEqual(readRedactions(' \n'), { isValid: true, redactions: [] })
})
