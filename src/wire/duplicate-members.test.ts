import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requireUniqueMembers } from './duplicate-members.ts'

const duplicate = { code: 'malformed', reason: 'duplicate-member' }

test('a member that stands twice is found, however it is written', () => {
  for (const text of [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a\\"":1,"a\\"":2}',
    '{"a\\\\":[],"a\\\\":{}}',
    '[{"b":{"c":"}","c":"{"}}]',
  ]) {
    assert.throws(() => requireUniqueMembers(text), duplicate, text)
  }
  for (const text of ['{"a":"a","b":"a","c":["a","a"]}', '{"a\\\\":1,"a":"\\\\\\""}', '"a"']) {
    requireUniqueMembers(text)
  }
})

test('a string of any length is read', () => {
  const long = '\\n'.repeat(10_000_000)
  assert.throws(() => requireUniqueMembers(`{"a":"${long}","a":1}`), duplicate)
})
