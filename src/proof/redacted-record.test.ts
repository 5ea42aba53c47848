import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { comityError, flipped } from '../../test/support/merkle.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { toBase64, toHex, utf8 } from '../base/bytes.ts'
import { hmacSha256 } from './hmac.ts'
import {
  type RedactedPart,
  type RedactedRecord,
  redactRecord,
  rootFromRedactedRecord,
  verifyRedactedRecord,
} from './redacted-record.ts'
import { commit, openCommitment } from './salted-commitment.ts'

const turns = [
  { speaker: 'user', text: 'hello' },
  { speaker: 'companion', text: 'do it' },
  { speaker: 'user', text: 'my name is invented' },
  'aside',
  null,
]
const salts = turns.map((_, i) => new Uint8Array(32).fill(i + 1))
const root = rootFromRedactedRecord(nodePrimitives, redactRecord(nodePrimitives, turns, salts))
const copy = redactRecord(nodePrimitives, turns, salts, (index) => index !== 2)
const verify = (parts: readonly RedactedPart[]) =>
  verifyRedactedRecord(nodePrimitives, { parts }, root)

test('HMAC agrees with another implementation, for keys of all lengths', () => {
  for (const size of [0, 1, 31, 32, 63, 64, 65, 200]) {
    const key = new Uint8Array(size).fill(size)
    const message = utf8(`message ${size}`)
    const expected = createHmac('sha256', key).update(message).digest('hex')
    assert.equal(toHex(hmacSha256(nodePrimitives, key, message)), expected)
  }
})

test('a commitment opens with its content and salt only', () => {
  const salt = new Uint8Array(32).fill(9)
  const content = utf8('content')
  const commitment = commit(nodePrimitives, salt, content)
  openCommitment(nodePrimitives, commitment, salt, content)
  const wrong: [Uint8Array, Uint8Array, Uint8Array][] = [
    [flipped(commitment, 0), salt, content],
    [commitment.subarray(1), salt, content],
    [new Uint8Array(0), salt, content],
    [commitment, flipped(salt, 31), content],
    [commitment, salt, utf8('content ')],
    [commitment, salt, utf8('')],
  ]
  for (const [c, s, text] of wrong) {
    assert.throws(() => openCommitment(nodePrimitives, c, s, text), comityError('unverified'))
  }
  for (const size of [0, 16, 31, 33, 64]) {
    assert.throws(
      () => commit(nodePrimitives, new Uint8Array(size), content),
      comityError('malformed'),
    )
  }
})

test('every redaction of a record has the root of the original', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 12 }), fc.nat(), (values, mask) => {
      const parts = values.map((value) => JSON.parse(JSON.stringify(value)))
      const own = parts.map((_, i) => new Uint8Array(32).fill(i))
      const original = redactRecord(nodePrimitives, parts, own)
      const redacted = redactRecord(nodePrimitives, parts, own, (i) => (mask >> i) % 2 === 0)
      const sent = JSON.parse(JSON.stringify(redacted))
      verifyRedactedRecord(nodePrimitives, sent, rootFromRedactedRecord(nodePrimitives, original))
    }),
    { numRuns: 100 },
  )
})

test('what is left out is not in the copy', () => {
  const text = JSON.stringify(copy)
  assert(!text.includes('invented') && !text.includes(toBase64(salts[2] as Uint8Array)))
  verify(copy.parts)
})

test('a part changed, moved, added or dropped is seen', () => {
  const { parts } = copy
  const first = parts[0] as { part: Record<string, string>; salt: string }
  const hidden = parts[2] as { commitment: string }
  const changes: (readonly RedactedPart[])[] = [
    [],
    parts.slice(1),
    parts.slice(0, -1),
    [...parts, parts[0] as RedactedPart],
    [...parts, hidden],
    parts.toReversed(),
    parts.with(0, parts[1] as RedactedPart),
    parts.with(0, { ...first, part: { ...first.part, text: 'hell0' } }),
    parts.with(0, { ...first, salt: toBase64(salts[1] as Uint8Array) }),
    parts.with(2, { commitment: toBase64(new Uint8Array(32)) }),
    parts.toSpliced(2, 1),
  ]
  for (const change of changes)
    assert.throws(() => verify(change), comityError('unverified', 'wrong-root'))
})

test('a part of a wrong form is malformed', () => {
  const { parts } = copy
  const first = parts[0] as { part: Record<string, string>; salt: string }
  const hidden = parts[2] as { commitment: string }
  const forms = [
    {},
    { part: 'x' },
    { salt: first.salt },
    { ...first, ...hidden },
    { ...hidden, note: 'x' },
    { ...first, note: 'x' },
    { ...first, salt: 'AA==' },
    { ...first, salt: first.salt.replace('=', '') },
    { commitment: toBase64(new Uint8Array(31)) },
    { commitment: toBase64(new Uint8Array(64)) },
    { commitment: '' },
    { commitment: 1234 },
    { part: 'x', salt: 1234 },
    null,
    'x',
  ]
  for (const form of forms) {
    const change = parts.with(2, form as unknown as RedactedPart)
    assert.throws(() => verify(change), comityError('malformed'), JSON.stringify(form))
  }
  for (const none of [undefined, null, {}, { parts: 'x' }, []]) {
    const read = () => rootFromRedactedRecord(nodePrimitives, none as unknown as RedactedRecord)
    assert.throws(read, comityError('malformed'), JSON.stringify(none))
  }
})
