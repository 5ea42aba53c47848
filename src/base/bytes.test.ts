import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase64, fromBase64ByHand, toBase64, toBase64ByHand, utf8 } from './bytes.ts'

test('base64 is that of RFC 4648, section 10, by hand too', () => {
  const vectors = {
    '': '',
    f: 'Zg==',
    fo: 'Zm8=',
    foo: 'Zm9v',
    foob: 'Zm9vYg==',
    fooba: 'Zm9vYmE=',
  }
  for (const [text, base64] of Object.entries(vectors)) {
    assert.equal(toBase64(utf8(text)), base64)
    assert.equal(toBase64ByHand(utf8(text)), base64)
    assert.deepEqual(fromBase64(base64), utf8(text))
    assert.deepEqual(fromBase64ByHand(base64), utf8(text))
  }
  const every = Uint8Array.from({ length: 1000 }, (_, at) => (at * 37) % 256)
  for (let length = 0; length < 70; length++) {
    const bytes = every.subarray(length, 2 * length)
    assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'))
    assert.equal(toBase64ByHand(bytes), toBase64(bytes))
    assert.deepEqual(fromBase64(toBase64(bytes)), new Uint8Array(bytes))
    assert.deepEqual(fromBase64ByHand(toBase64(bytes)), new Uint8Array(bytes))
  }
})

test('base64 that could be written otherwise is refused', () => {
  const spellings = ['Zg', 'Zg=', 'Zh==', 'Zm9=', 'Zm-v', 'Zm_v', '====', '=', 'Zg==Zg==', 'Zm9vé']
  const spaced = ['Z g==', ' Zg==', 'Zm9v\n', 'Zm9v    ', 'Zg =', '    ', 'Zm9v\t\n\f\r']
  for (const text of [...spellings, ...spaced]) {
    assert.throws(() => fromBase64(text), { code: 'malformed' }, text)
    assert.throws(() => fromBase64ByHand(text), { code: 'malformed' }, text)
  }
})
