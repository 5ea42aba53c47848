import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { concatBytes, utf8 } from '../base/bytes.ts'
import {
  generateIdentity,
  openNested,
  openWith,
  recipientOf,
  sealInPieces,
  sealNested,
  sealTo,
} from './seal.ts'

const secret = utf8('a report')
const [a, b, c] = await Promise.all([generateIdentity(), generateIdentity(), generateIdentity()])
const hybrid = await generateIdentity('hybrid')
const [toA, toB, toC, toHybrid] = await Promise.all([a, b, c, hybrid].map(recipientOf))
assert.ok(a && b && c && toA && toB && toC && toHybrid)
const one = { minimumRecipients: 1 }

test('each recipient alone opens what was sealed', async () => {
  const sealed = await sealTo([toA, toB], secret, { minimumRecipients: 2 })
  assert.deepEqual(await openWith(a, sealed), secret)
  assert.deepEqual(await openWith(b, sealed), secret)
  await assert.rejects(openWith(c, sealed), { code: 'unverified' })
})

test('hybrid identities seal and open, and empty plaintext does', async () => {
  assert.deepEqual(await openWith(hybrid, await sealTo([toHybrid], secret, one)), secret)
  assert.equal((await openWith(a, await sealTo([toA], new Uint8Array(), one))).length, 0)
})

test('in pieces it is the same kind of file, and every piece is told', async () => {
  const mebibyte = 1024 * 1024
  for (const size of [0, 1, mebibyte, 2 * mebibyte + 7]) {
    const plaintext = new Uint8Array(size).fill(7)
    const told: number[] = []
    const onPiece = async (done: number) => void told.push(done)
    const sealed = await sealInPieces([toA, toB], plaintext, { minimumRecipients: 2, onPiece })
    assert.deepEqual(await openWith(b, sealed), plaintext)
    assert.equal(sealed.length, (await sealTo([toA, toB], plaintext, one)).length)
    assert.deepEqual(told, size > mebibyte ? [0, mebibyte, 2 * mebibyte] : [0])
  }
})

test('in pieces it stops where the page stops it, and refuses the same', async () => {
  const onPiece = async () => {
    throw new Error('left')
  }
  await assert.rejects(sealInPieces([toA], secret, { minimumRecipients: 1, onPiece }), /left/)
  await assert.rejects(sealInPieces([toA], secret, { minimumRecipients: 2, onPiece }), {
    code: 'malformed',
  })
})

test('two layers need both groups', async () => {
  const sealed = await sealNested({ inner: [toA], outer: [toB] }, secret, one)
  assert.deepEqual(await openNested({ inner: a, outer: b }, sealed), secret)
  await assert.rejects(openWith(a, sealed), { code: 'unverified' })
  assert.notDeepEqual(await openWith(b, sealed), secret)
})

const refused: readonly [string, readonly string[], number, string][] = [
  ['nobody', [], 0, 'too-few-recipients'],
  ['nobody, with a negative minimum', [], -1, 'too-few-recipients'],
  ['nobody, with no number as minimum', [], Number.NaN, 'too-few-recipients'],
  ['one where two are needed', [toA], 2, 'too-few-recipients'],
  ['the same twice', [toA, toA], 1, 'duplicate-recipient'],
  ['hybrid and X25519', [toA, toHybrid], 1, 'mixed-recipients'],
  ['65 recipients', Array.from({ length: 65 }, () => toA), 1, 'too-many-recipients'],
  ['an empty text', [''], 1, 'bad-recipient'],
  ['a wrong checksum', [`${toA.slice(0, -1)}${toA.endsWith('q') ? 'p' : 'q'}`], 1, 'bad-recipient'],
  ['upper case', [toA.toUpperCase()], 1, 'bad-recipient'],
  ['white space', [` ${toA}`], 1, 'bad-recipient'],
  ['an identity', [a], 1, 'bad-recipient'],
  ['a tagged recipient', [toA.replace('age1', 'age1tag1')], 1, 'bad-recipient'],
  ['a hybrid recipient cut short', [toHybrid.slice(0, -8)], 1, 'bad-recipient'],
  ['a bad one after a good one', [toA, 'age1x'], 1, 'bad-recipient'],
]

for (const [name, recipients, minimumRecipients, reason] of refused) {
  test(`sealing to ${name} is refused`, async () => {
    await assert.rejects(sealTo(recipients, secret, { minimumRecipients }), {
      code: 'malformed',
      reason,
    })
  })
}

test('nested groups share nobody, and each has its minimum', async () => {
  const nested = (inner: string[], outer: string[]) => sealNested({ inner, outer }, secret, one)
  await assert.rejects(nested([toA, toB], [toB, toC]), { reason: 'shared-recipient' })
  await assert.rejects(nested([], [toB]), { reason: 'too-few-recipients' })
  await assert.rejects(nested([toA], []), { reason: 'too-few-recipients' })
})

test('any changed byte and any truncation is noticed', async () => {
  const sealed = await sealTo([toA], secret, one)
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, x) => {
      const changed = sealed.map((byte, i) => (i === at ? byte ^ x : byte))
      await assert.rejects(openWith(a, changed), { name: 'ComityError' })
      await assert.rejects(openWith(a, sealed.subarray(0, at)), { name: 'ComityError' })
    }),
    { numRuns: 100 },
  )
})

test('foreign headers are capped before they are read', async () => {
  const sealed = await sealTo([toA], secret, one)
  const text = new TextDecoder('latin1').decode(sealed)
  const stanza = text.slice(text.indexOf('-> '), text.indexOf('--- '))
  const grown = (stanzas: string) =>
    concatBytes(Buffer.from(text.replace('-> ', `${stanzas}-> `), 'latin1'))
  await assert.rejects(openWith(a, grown(stanza.repeat(64))), { reason: 'header-stanzas' })
  await assert.rejects(openWith(a, grown(`-> x ${'y'.repeat(70_000)}\n\n`)), {
    reason: 'header-size',
  })
  await assert.rejects(openWith(a, utf8('no age file')), { reason: 'not-age' })
})

test('an error about an identity does not quote it', async () => {
  const bad = `${a.slice(0, -1)}?`
  const sealed = await sealTo([toA], secret, one)
  for (const attempt of [openWith(bad, sealed), recipientOf(bad)]) {
    const error = await attempt.then(
      () => assert.fail('opened'),
      (thrown: Error) => thrown,
    )
    assert.ok(!JSON.stringify([error.message, String(error.cause)]).includes(bad.slice(20, 30)))
  }
})
