import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comityError, flipped } from '../../test/support/merkle.ts'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../adapters/node-primitives.ts'
import { concatBytes, textFromUtf8, toBase64, utf8 } from '../base/bytes.ts'
import { browserPrimitives } from '../browser/primitives.ts'
import {
  formatSignedNote,
  parseSignatureLines,
  parseSignedNote,
  signNote,
  verifySignedNote,
} from './signed-note.ts'
import { formatVkey, KEY_TYPE, noteKey, parseVkey } from './vkey.ts'

// Example of the C2SP signed-note specification (CC BY 4.0, the C2SP authors).
const VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const LINE =
  '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'
const TEXT = 'This is an example message.\n'
const NOTE = `${TEXT}\n${LINE}`

const key = parseVkey(nodePrimitives, VKEY)
const verify = (text: string, keys = [key], primitives = nodePrimitives) =>
  verifySignedNote(primitives, parseSignedNote(utf8(text)), keys)

test('the published example verifies, on both platforms', () => {
  assert.deepEqual(verify(NOTE), [key])
  assert.deepEqual(verify(NOTE, [key], browserPrimitives), [key])
  assert.equal(formatVkey(key), VKEY)
})

test('a parsed note formats to the same bytes, with blank lines and other alphabets in it', () => {
  for (const text of [NOTE, `a\n\n— b\n\n\n${LINE}`, `ἅπαξ\n\n${LINE}${LINE}`]) {
    assert.equal(textFromUtf8(formatSignedNote(parseSignedNote(utf8(text)))), text)
  }
})

test('unknown lines are ignored, wrong lines of known keys are not', () => {
  const unknown = '— example.com/bar Uw2QOkn8srV1yJGh2VYRlL1Tnagv1Q==\n'
  assert.deepEqual(verify(NOTE + unknown), [key])
  const wrong = LINE.replace('JGh2', 'JGh3')
  assert.throws(() => verify(`${TEXT}\n${wrong}`), comityError('unverified', 'bad-signature'))
  assert.throws(() => verify(NOTE + wrong), comityError('unverified', 'bad-signature'))
  assert.throws(() => verify(`${TEXT}\n${unknown}`), comityError('unverified', 'unknown-key'))
  assert.throws(() => verify(NOTE, []), comityError('unverified', 'unknown-key'))
  assert.throws(() => verify(`${TEXT} \n\n${LINE}`), comityError('unverified', 'bad-signature'))
})

test('a note of a wrong form is malformed', () => {
  const notes = [
    '',
    '\n',
    TEXT,
    `${TEXT}\n`,
    `${TEXT}${LINE}`,
    NOTE.slice(0, -1),
    `${NOTE}\n`,
    `${TEXT}\r\n\n${LINE}`,
    `a\tb\n\n${LINE}`,
    `${TEXT}\n${LINE.replace('—', '-')}`,
    `${TEXT}\n${LINE.replace('— ', '—')}`,
    `${TEXT}\n${LINE.replace('foo ', 'foo  ')}`,
    `${TEXT}\n${LINE.replace('foo', 'f+o')}`,
    `${TEXT}\n${LINE.replace('foo', 'f\u00a0o')}`,
    `${TEXT}\n${LINE.replace('example.com/foo', '')}`,
    `${TEXT}\n${LINE.replace('=', '')}`,
    `${TEXT}\n${LINE.replace('QM=', 'QN=')}`,
    `${TEXT}\n${LINE.replace('\n', ' \n')}`,
    `${TEXT}\n— example.com/foo UwQOkg==\n`,
    `${TEXT}\n${LINE.repeat(65)}`,
    'x'.repeat(200_000),
  ]
  for (const text of notes) assert.throws(() => verify(text), comityError('malformed'), text)
  const notUtf8 = concatBytes(Uint8Array.of(0xff), utf8(NOTE))
  assert.throws(() => parseSignedNote(notUtf8), comityError('malformed'))
  assert.throws(() => parseSignatureLines(''), comityError('malformed'))
})

test('a byte order mark is part of the text', () => {
  assert.throws(() => verify(`\ufeff${NOTE}`), comityError('unverified', 'bad-signature'))
})

test('every changed bit of a signature is refused, on both platforms', async () => {
  const seed = new Uint8Array(32).fill(7)
  const own = noteKey(nodePrimitives, 'n', KEY_TYPE.ed25519, publicKeyOf(seed))
  const line = await signNote({ key: own, sign: (message) => signEd25519(seed, message) }, TEXT)
  for (const primitives of [nodePrimitives, browserPrimitives]) {
    verifySignedNote(primitives, { text: TEXT, signatures: [line] }, [own])
    for (let byte = 0; byte < 64; byte += 3) {
      const signature = flipped(line.signature, byte, byte % 8)
      const note = { text: TEXT, signatures: [{ ...line, signature }] }
      assert.throws(() => verifySignedNote(primitives, note, [own]), comityError('unverified'))
    }
    for (const size of [0, 63, 65, 128]) {
      const note = { text: TEXT, signatures: [{ ...line, signature: new Uint8Array(size) }] }
      assert.throws(() => verifySignedNote(primitives, note, [own]), comityError('unverified'))
    }
  }
})

test('a verifier key of a wrong form is malformed', () => {
  const typed = (type: number, size: number) =>
    toBase64(concatBytes(Uint8Array.of(type), new Uint8Array(size)))
  const vkeys = [
    '',
    'a',
    'a+b',
    VKEY.replace('530d903a', '530d903b'),
    VKEY.replace('530d903a', '530D903A'),
    VKEY.replace('530d903a', '530d90'),
    VKEY.replace('example', 'exbmple'),
    VKEY.replace('example', 'ex mple'),
    VKEY.replace('example.com/foo', ''),
    VKEY.slice(0, -4),
    `${VKEY}=`,
    `a+00000000+${typed(1, 31)}`,
    `a+00000000+${typed(2, 32)}`,
    `a+00000000+${typed(0xff, 32)}`,
    'a+00000000+',
  ]
  for (const vkey of vkeys) {
    assert.throws(() => parseVkey(nodePrimitives, vkey), comityError('malformed'), vkey)
  }
})

test('a key of another type with the same name and id is not asked', () => {
  const cosigner = { ...key, type: KEY_TYPE.cosignature }
  assert.throws(() => verify(NOTE, [cosigner]), comityError('unverified', 'unknown-key'))
})

test('points that are no keys verify nothing and do not throw', () => {
  for (const primitives of [nodePrimitives, browserPrimitives]) {
    for (const fill of [0, 1, 2, 0xff]) {
      const publicKey = new Uint8Array(32).fill(fill)
      for (const size of [0, 32, 64]) {
        const bytes = new Uint8Array(size).fill(fill)
        assert.equal(primitives.verifyEd25519(publicKey, utf8(TEXT), bytes), false)
      }
    }
    assert.equal(primitives.verifyEd25519(new Uint8Array(31), utf8(''), new Uint8Array(64)), false)
  }
})
