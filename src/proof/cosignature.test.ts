/** Both types of cosignatures, their messages written by hand from the specification. */
import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { test } from 'node:test'
import { comityError, flipped } from '../../test/support/merkle.ts'
import {
  logSigner,
  testCosignature,
  testSignature,
  witnessSigner,
} from '../../test/support/test-log.ts'
import { nodePrimitives } from '../adapters/node-primitives.ts'
import { utf8 } from '../base/bytes.ts'
import { browserPrimitives } from '../browser/primitives.ts'
import { cosignatureLine, verifyCosignatures } from './cosignature.ts'
import { isQuorum, parsePolicy } from './policy.ts'
import type { NoteSignature, SignedNote } from './signed-note.ts'
import { formatVkey, KEY_TYPE, noteKey } from './vkey.ts'

const ROOT = Buffer.alloc(32, 7)
const TEXT = `authority.example/ledger\n258\n${ROOT.toString('base64')}\n`
const TIME = 1_800_000_000

const secret = createPrivateKey({
  key: Buffer.alloc(32, 9),
  format: 'raw-seed',
  asymmetricKeyType: 'ml-dsa-44',
})
const publicKey = new Uint8Array(createPublicKey(secret).export({ format: 'raw-public' }))
const KEY = noteKey(nodePrimitives, 'witness.example/pq', KEY_TYPE.mlDsa44Cosignature, publicKey)

type Parts = { name: string; time: number; origin: string; end: number; root: Buffer }
const PARTS: Parts = {
  name: 'witness.example/pq',
  time: TIME,
  origin: 'authority.example/ledger',
  end: 258,
  root: ROOT,
}

/** `cosigned_message` of C2SP tlog-cosignature, byte for byte. */
function messageOf({ name, time, origin, end, root }: Parts): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(BigInt(value))
    return bytes
  }
  return Buffer.concat([
    Buffer.from([0x73, 0x75, 0x62, 0x74, 0x72, 0x65, 0x65, 0x2f, 0x76, 0x31, 0x0a, 0x00]),
    Buffer.from([name.length]),
    Buffer.from(name),
    number(time),
    Buffer.from([origin.length]),
    Buffer.from(origin),
    number(0),
    number(end),
    root,
  ])
}

function lineOf(parts: Parts, timeInLine = parts.time, by: KeyObject = secret): NoteSignature {
  return cosignatureLine(KEY, timeInLine, new Uint8Array(sign(null, messageOf(parts), by)))
}

const noteWith = (...signatures: NoteSignature[]): SignedNote => ({ text: TEXT, signatures })
const verify = (note: SignedNote) => verifyCosignatures(nodePrimitives, note, [KEY])

test('a post-quantum cosignature over the message of the specification verifies', () => {
  const [found, ...more] = verify(noteWith(lineOf(PARTS)))
  assert.deepEqual([found?.key, found?.timeSeconds], [KEY, TIME])
  assert.deepEqual(more, [])
})

test('it names cosigner, time, log, size and root: none of them may be another', () => {
  const others: Partial<Parts>[] = [
    { name: 'witness.example/pw' },
    { time: TIME + 1 },
    { origin: 'authority.example/ledges' },
    { end: 257 },
    { end: 259 },
    { root: Buffer.alloc(32, 8) },
  ]
  for (const other of others) {
    const line = lineOf({ ...PARTS, ...other }, TIME)
    assert.throws(() => verify(noteWith(line)), comityError('unverified', 'bad-cosignature'))
  }
})

test('a changed byte, a cut line and a stranger’s signature are refused', () => {
  const right = lineOf(PARTS)
  const stranger = createPrivateKey({
    key: Buffer.alloc(32, 10),
    format: 'raw-seed',
    asymmetricKeyType: 'ml-dsa-44',
  })
  const wrong: Uint8Array[] = [
    ...[0, 7, 8, 1000, 2427].map((at) => flipped(right.signature, at)),
    right.signature.slice(0, -1),
    right.signature.slice(0, 8),
    new Uint8Array([...right.signature, 0]),
    lineOf(PARTS, TIME, stranger).signature,
  ]
  for (const signature of wrong) {
    const note = noteWith({ ...right, signature })
    assert.throws(() => verify(note), comityError('unverified', 'bad-cosignature'))
  }
})

test('it does not sign extension lines, and the older type does', () => {
  const text = `${TEXT}an extension\n`
  const old = testCosignature(witnessSigner, TEXT, TIME)
  const both = [KEY, witnessSigner.key]
  const found = verifyCosignatures(nodePrimitives, { text, signatures: [lineOf(PARTS)] }, both)
  assert.equal(found.length, 1)
  assert.throws(
    () => verifyCosignatures(nodePrimitives, { text, signatures: [old] }, both),
    comityError('unverified', 'bad-cosignature'),
  )
})

test('without a time it is right and counts for nothing', () => {
  const line = lineOf({ ...PARTS, time: 0 })
  assert.deepEqual(verify(noteWith(line)), [])
  const old = cosignatureLine(
    witnessSigner.key,
    0,
    witnessSigner.sign(utf8(`cosignature/v1\ntime 0\n${TEXT}`)),
  )
  assert.throws(
    () => verifyCosignatures(nodePrimitives, noteWith(old), [witnessSigner.key]),
    comityError('unverified', 'bad-cosignature'),
  )
})

test('where the platform has no ML-DSA it is a line of an unknown key', () => {
  assert.deepEqual(verifyCosignatures(browserPrimitives, noteWith(lineOf(PARTS)), [KEY]), [])
})

test('a quorum takes either type, and one that needs both is not met by one', () => {
  const policy = (quorum: string) =>
    parsePolicy(
      nodePrimitives,
      utf8(
        `log ${formatVkey(logSigner.key)}\nwitness old ${formatVkey(witnessSigner.key)}\nwitness new ${formatVkey(KEY)}\ngroup both ${quorum} old new\nquorum both\n`,
      ),
    )
  const note = noteWith(
    testSignature(logSigner, TEXT),
    testCosignature(witnessSigner, TEXT, TIME),
    lineOf(PARTS),
  )
  const keys = verifyCosignatures(nodePrimitives, note, [witnessSigner.key, KEY]).map(
    ({ key }) => key,
  )
  assert.ok(isQuorum(policy('all'), keys))
  assert.ok(isQuorum(policy('any'), [KEY]))
  assert.ok(!isQuorum(policy('all'), [KEY]))
  assert.ok(!isQuorum(policy('all'), [witnessSigner.key]))
})
