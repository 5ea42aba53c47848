import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { Decrypter, Encrypter } from 'age-encryption'
import { payloadCipher } from '../adapters/payload-cipher.ts'
import { concatBytes, equalBytes } from '../base/bytes.ts'
import { type ByteStream, openStream, sealStream } from './payload.ts'
import { generateIdentity, recipientOf } from './seal.ts'

const CHUNK = 64 * 1024
const SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17]
const identity = await generateIdentity()
const recipient = await recipientOf(identity)

async function* pieces(bytes: Uint8Array, size: number): ByteStream {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function all(stream: ByteStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return concatBytes(...chunks)
}

const seal = (bytes: Uint8Array, piece = 5000) =>
  all(sealStream(payloadCipher, { recipient, salt: randomBytes(16) }, pieces(bytes, piece)))
const open = (bytes: Uint8Array, piece = 5000, key = identity) =>
  all(openStream(payloadCipher, key, pieces(bytes, piece)))

test('what is sealed here, the library opens, at every border of a chunk; and the other way', async () => {
  for (const size of SIZES) {
    const plain = new Uint8Array(randomBytes(size))
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity)
    assert.ok(equalBytes(await decrypter.decrypt(await seal(plain)), plain), `sealed ${size}`)
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    const theirs = await encrypter.encrypt(plain)
    assert.ok(equalBytes(await open(theirs), plain), `opened ${size}`)
    assert.ok(equalBytes(await open(theirs, 1 + CHUNK), plain), `in large pieces ${size}`)
  }
})

test('a hybrid identity seals and opens too', async () => {
  const hybrid = await generateIdentity('hybrid')
  const to = { recipient: await recipientOf(hybrid), salt: randomBytes(16) }
  const plain = new Uint8Array(randomBytes(70_000))
  const sealed = await all(sealStream(payloadCipher, to, pieces(plain, 4096)))
  assert.ok(equalBytes(await open(sealed, 4096, hybrid), plain))
})

test('a changed, cut, lengthened or reordered file does not open', async () => {
  const plain = new Uint8Array(randomBytes(2 * CHUNK + 100))
  const sealed = await seal(plain)
  const head = sealed.length - (plain.length + 3 * 16)
  const first = sealed.subarray(head, head + CHUNK + 16)
  const second = sealed.subarray(head + CHUNK + 16, head + 2 * (CHUNK + 16))
  const start = sealed.subarray(0, head)
  const tail = sealed.subarray(head + 2 * (CHUNK + 16))
  const table: [string, Uint8Array][] = [
    ['cut in a chunk', sealed.subarray(0, sealed.length - 1)],
    ['without its last chunk', sealed.subarray(0, sealed.length - tail.length)],
    ['without its payload', start],
    ['cut in a tag', sealed.subarray(0, head + 7)],
    ['lengthened', concatBytes(sealed, new Uint8Array(1))],
    ['with an empty chunk behind', concatBytes(sealed, new Uint8Array(16))],
    ['reordered', concatBytes(start, second, first, tail)],
    ['a chunk twice', concatBytes(start, first, first, second, tail)],
  ]
  for (const at of [head - 20, head, head + 40, sealed.length - 1]) {
    table.push([`byte ${at} changed`, sealed.with(at, ((sealed[at] ?? 0) + 1) % 256)])
  }
  for (const [name, bytes] of table) {
    await assert.rejects(open(bytes), { code: 'unverified' }, name)
  }
  await assert.rejects(open(sealed, 5000, await generateIdentity()), { code: 'unverified' })
})

test('what is no age file, and no recipient, is malformed', async () => {
  for (const bytes of [new Uint8Array(), new Uint8Array(100), new Uint8Array(200_000).fill(65)]) {
    await assert.rejects(open(bytes), { code: 'malformed' })
  }
  for (const bad of ['', 'age1x', recipient.slice(0, -1), identity]) {
    const stream = sealStream(
      payloadCipher,
      { recipient: bad, salt: randomBytes(16) },
      pieces(new Uint8Array(1), 1),
    )
    await assert.rejects(all(stream), { code: 'malformed' }, bad)
  }
})

const tool = (() => {
  try {
    return execFileSync('age', ['--version'], { encoding: 'utf8' })
  } catch {
    return undefined
  }
})()

test('the ordinary age tool opens it', {
  skip: tool ? false : 'no age tool on this machine',
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-age-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const key = join(folder, 'key.txt')
  writeFileSync(key, identity)
  for (const size of SIZES) {
    const plain = randomBytes(size)
    const input = await seal(plain)
    const shown = execFileSync('age', ['-d', '-i', key], { input, maxBuffer: 1024 * 1024 })
    assert.ok(shown.equals(plain), `${size} bytes`)
  }
})
