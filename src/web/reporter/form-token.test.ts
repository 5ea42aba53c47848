import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import test from 'node:test'
import { addMs, DAY_MS, HOUR_MS, instant } from '../../base/time.ts'
import { formTokens } from './form-token.ts'

const hashing = {
  sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()),
}
const now = instant('2026-11-22T17:05:11.000Z')
const tokens = formTokens(hashing, randomBytes(32), (size) => new Uint8Array(randomBytes(size)))

test('a token is valid for a day and then no more', () => {
  const token = tokens.issue(now)
  assert.ok(tokens.isValid(token, now))
  assert.ok(tokens.isValid(token, addMs(now, DAY_MS)))
  assert.ok(!tokens.isValid(token, addMs(now, DAY_MS + 2 * HOUR_MS)))
  assert.ok(!tokens.isValid(token, addMs(now, -3 * HOUR_MS)))
})

test('two forms never have one token', () => {
  assert.notEqual(tokens.issue(now), tokens.issue(now))
})

test('no other text is a token', () => {
  const token = tokens.issue(now)
  const [hour = '', nonce = '', mac = ''] = token.split('.')
  const foreign = formTokens(hashing, randomBytes(32), (size) => new Uint8Array(randomBytes(size)))
  const forged = [
    '',
    'x',
    token.slice(0, -1),
    `${token}0`,
    token.toUpperCase(),
    `${Number(hour) + 1}.${nonce}.${mac}`,
    `${hour}.${nonce.replace(/^./, (c) => (c === '0' ? '1' : '0'))}.${mac}`,
    `${hour}.${nonce}.${'0'.repeat(64)}`,
    `${hour}.${nonce}.`,
    foreign.issue(now),
  ]
  for (const text of forged) assert.ok(!tokens.isValid(text, now), text)
})
