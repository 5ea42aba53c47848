import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { textFromUtf8, toHex, utf8 } from '../../base/bytes.ts'
import { atRest } from './at-rest.ts'

const nodeKey = new Uint8Array(32).fill(7)
const { node, newKey, unwrap } = atRest(nodeKey)
const secret = utf8('Iris Quill (invented)')
const context = 'officer/1/name'
const sealed = node.seal(context, secret)

test('what was sealed opens again under the same context', () => {
  fc.assert(
    fc.property(fc.string(), fc.uint8Array(), (where, plaintext) => {
      assert.deepEqual(node.open(where, node.seal(where, plaintext)), new Uint8Array(plaintext))
    }),
  )
})

test('the same value in the same place gives the same bytes, in another place others', () => {
  assert.deepEqual(node.seal(context, secret), sealed)
  assert.deepEqual(atRest(nodeKey).node.seal(context, secret), sealed)
  const others = [
    node.seal('officer/2/name', secret),
    node.seal(context, utf8('Iris Quill (inventeD)')),
    atRest(new Uint8Array(32).fill(8)).node.seal(context, secret),
  ]
  const nonces = [sealed, ...others].map((bytes) => toHex(bytes.subarray(0, 12)))
  assert.equal(new Set(nonces).size, 4)
})

test('tokens have a key of their own, and open after a rotation', () => {
  const { tokens } = atRest(nodeKey)
  const token = tokens.seal(context, secret)
  assert.notDeepEqual(token, sealed)
  assert.throws(() => node.open(context, token), /does not open/)
  assert.throws(() => tokens.open(context, sealed), /does not open/)
  const next = atRest(new Uint8Array(32).fill(8), [nodeKey])
  assert.deepEqual(next.tokens.open(context, token), secret)
  assert.notDeepEqual(next.tokens.seal(context, secret), token)
})

test('context and value cannot borrow from each other', () => {
  assert.notDeepEqual(
    node.seal('a', utf8('bc')).subarray(0, 12),
    node.seal('ab', utf8('c')).subarray(0, 12),
  )
})

test('nothing of the value shows', () => {
  assert.ok(!textFromLatin(sealed).includes('Iris'))
  assert.equal(sealed.length, secret.length + 12 + 16)
})

const unverified = { code: 'unverified' }

test('a changed byte, wherever it is, does not open', () => {
  for (const [index] of sealed.entries()) {
    const changed = sealed.with(index, (sealed[index] ?? 0) ^ 1)
    assert.throws(() => node.open(context, changed), unverified, String(index))
  }
})

const bad: readonly (readonly [string, () => unknown])[] = [
  ['another context', () => node.open('officer/2/name', sealed)],
  ['no context', () => node.open('', sealed)],
  ['another key', () => atRest(new Uint8Array(32).fill(8)).node.open(context, sealed)],
  ['a column key', () => unwrap(newKey()).open(context, sealed)],
  ['nothing', () => node.open(context, new Uint8Array(0))],
  ['less than a nonce', () => node.open(context, sealed.subarray(0, 11))],
  ['less than a tag', () => node.open(context, sealed.subarray(0, 27))],
  ['a byte less', () => node.open(context, sealed.subarray(0, -1))],
  ['a byte more', () => node.open(context, new Uint8Array([...sealed, 0]))],
  ['a wrapped key that is none', () => unwrap(sealed)],
  ['a wrapped key of another node', () => atRest(new Uint8Array(32).fill(8)).unwrap(newKey())],
]
for (const [name, act] of bad) {
  test(`does not open: ${name}`, () => assert.throws(act, unverified))
}

test('column keys are apart from each other and open by their wrapped form alone', () => {
  const [first, second] = [newKey(), newKey()]
  assert.notDeepEqual(first, second)
  const bytes = unwrap(first).seal('case/1/title', secret)
  assert.deepEqual(unwrap(first).open('case/1/title', bytes), secret)
  assert.deepEqual(atRest(nodeKey).unwrap(first).open('case/1/title', bytes), secret)
  assert.throws(() => unwrap(second).open('case/1/title', bytes), unverified)
})

test('the message of the error holds no part of the value', () => {
  try {
    node.open('officer/2/name', sealed)
    assert.fail('it opened')
  } catch (error) {
    assert.ok(!String(error).includes(textFromUtf8(secret)))
  }
})

function textFromLatin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
