import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import test from 'node:test'
import { addMs, DAY_MS, instant, MINUTE_MS, SECOND_MS } from '../../base/time.ts'
import { formTokens, openedNow, secondsEarly } from './form-token.ts'

const hashing = {
  sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()),
}
const now = instant('2026-11-22T17:05:11.000Z')
const opened = openedNow(now, 10)
const make = () => formTokens(hashing, randomBytes(32), (size) => new Uint8Array(randomBytes(size)))
const tokens = make()

test('a token is valid for a day and then no more', () => {
  const token = tokens.issue(opened)
  assert.deepEqual(tokens.openedAt(token, now), opened)
  assert.deepEqual(tokens.openedAt(token, addMs(now, DAY_MS)), opened)
  assert.equal(tokens.openedAt(token, addMs(now, DAY_MS + SECOND_MS)), undefined)
  assert.equal(tokens.openedAt(token, addMs(now, -2 * MINUTE_MS)), undefined)
})

test('two forms never have one token', () => {
  assert.notEqual(tokens.issue(opened), tokens.issue(opened))
})

test('whoever sends at once is early, and is not after the seconds have passed', () => {
  assert.equal(secondsEarly(opened, now), 10)
  assert.equal(secondsEarly(opened, addMs(now, 9 * SECOND_MS + 1)), 1)
  assert.equal(secondsEarly(opened, addMs(now, 10 * SECOND_MS)), 0)
  assert.equal(secondsEarly(opened, addMs(now, DAY_MS)), 0)
  assert.equal(secondsEarly(openedNow(now, 0), now), 0)
})

test('the next page of a form counts from its first', () => {
  const first = tokens.openedAt(tokens.issue(opened), now)
  assert.ok(first)
  const next = tokens.openedAt(tokens.issue(first), addMs(now, MINUTE_MS))
  assert.deepEqual(next, opened)
})

test('no other text is a token', () => {
  const token = tokens.issue(opened)
  const [second = '', dwell = '', nonce = '', mac = ''] = token.split('.')
  const forged = [
    '',
    'x',
    token.slice(0, -1),
    `${token}0`,
    token.toUpperCase(),
    `${Number(second) - 60}.${dwell}.${nonce}.${mac}`,
    `${second}.0.${nonce}.${mac}`,
    `${second}.${nonce}.${mac}`,
    `${second}.${dwell}.${nonce.replace(/^./, (c) => (c === '0' ? '1' : '0'))}.${mac}`,
    `${second}.${dwell}.${nonce}.${'0'.repeat(64)}`,
    `${second}.${dwell}.${nonce}.`,
    make().issue(opened),
  ]
  for (const text of forged) assert.equal(tokens.openedAt(text, now), undefined, text)
})
