/** A signature verified in a thread of the pool counts exactly where one verified here does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodePrimitives, publicKeyOf, signEd25519, verifyEd25519Aside } from './node-primitives.ts'

const seed = new Uint8Array(32).fill(7)
const publicKey = publicKeyOf(seed)
const message = new Uint8Array([1, 2, 3])
const signature = signEd25519(seed, message)
const other = publicKeyOf(new Uint8Array(32).fill(8))

const flipped = (bytes: Uint8Array, at: number) =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))

const cases: readonly (readonly [string, Parameters<typeof verifyEd25519Aside>, boolean])[] = [
  ['as it was signed', [publicKey, message, signature], true],
  ['another key', [other, message, signature], false],
  ['another message', [publicKey, flipped(message, 1), signature], false],
  ['the first half altered', [publicKey, message, flipped(signature, 0)], false],
  ['the second half altered', [publicKey, message, flipped(signature, 40)], false],
  ['a signature cut', [publicKey, message, signature.slice(0, 63)], false],
  ['a signature too long', [publicKey, message, new Uint8Array([...signature, 0])], false],
  ['no signature', [publicKey, message, new Uint8Array()], false],
  ['a key cut', [publicKey.slice(0, 31), message, signature], false],
  ['no key', [new Uint8Array(), message, signature], false],
  ['a key that is no point', [new Uint8Array(32).fill(255), message, signature], false],
]

for (const [what, given, isRight] of cases) {
  test(`${what}: ${isRight}`, async () => {
    assert.equal(await verifyEd25519Aside(...given), isRight)
    assert.equal(nodePrimitives.verifyEd25519(...given), isRight)
  })
}

test('many at once are told apart', async () => {
  const given = Array.from({ length: 200 }, (_, n) => {
    const signed = new Uint8Array([n])
    const right = signEd25519(seed, signed)
    return { signed, signature: n % 3 === 0 ? flipped(right, n % 64) : right, isRight: n % 3 !== 0 }
  })
  const answers = await Promise.all(
    given.map(({ signed, signature: each }) => verifyEd25519Aside(publicKey, signed, each)),
  )
  assert.deepEqual(
    answers,
    given.map(({ isRight }) => isRight),
  )
})
