/**
 * age files of any length (age-encryption.org/v1), as streams: at no time more than a
 * few chunks are in memory. The header is the library's; the payload (HKDF-SHA-256 and
 * chunks of 64 KiB under ChaCha20-Poly1305, called STREAM) is written here, because the
 * cipher is passed in: a machine's own is ten times as fast as one in JavaScript.
 *
 * Opening gives out each chunk once it is authentic. That the file is whole is known
 * only when the stream has ended without an error: nobody may act on it before.
 */
import { Decrypter, Encrypter } from 'age-encryption'
import { type Bytes, concatBytes } from '../base/bytes.ts'
import { malformed, unverified } from '../base/errors.ts'
import { HEADER_BYTES_MAX, headerEnd, recipientKind, requireSmallHeader } from './seal.ts'

/**
 * Nonces have 12 bytes, keys 32, tags 16. `seal` gives pieces in their order; `open` throws
 * on bytes that were changed.
 */
export type PayloadCipher = {
  /** HKDF-SHA-256 with the label `payload`. */
  readonly payloadKey: (fileKey: Uint8Array, salt: Uint8Array) => Bytes
  readonly seal: (key: Uint8Array, nonce: Uint8Array, chunk: Uint8Array) => readonly Uint8Array[]
  readonly open: (key: Uint8Array, nonce: Uint8Array, chunk: Uint8Array) => Uint8Array
}

export type ByteStream = AsyncIterable<Uint8Array>

const CHUNK = 64 * 1024
const TAG = 16
const SALT = 16
const NONCE = 12

/**
 * @param salt 16 random bytes
 * @throws ComityError `malformed` if it is no recipient that we seal to
 */
export async function* sealStream(
  cipher: PayloadCipher,
  { recipient, salt }: { readonly recipient: string; readonly salt: Uint8Array },
  plaintext: ByteStream,
): AsyncGenerator<Uint8Array> {
  const { header, fileKey } = await newHeader(recipient)
  yield concatBytes(header, salt)
  const key = cipher.payloadKey(fileKey, salt)
  const nonce = new Uint8Array(NONCE)
  for await (const { chunk, isLast } of inChunks(plaintext, CHUNK)) {
    yield* cipher.seal(key, nonceOf(nonce, isLast), chunk)
    countUp(nonce)
  }
}

/** @throws ComityError `malformed` if it is no age file; `unverified` if it does not open */
export async function* openStream(
  cipher: PayloadCipher,
  identity: string,
  ciphertext: ByteStream,
): AsyncGenerator<Uint8Array> {
  const { header, rest } = await readHeader(ciphertext)
  const key = cipher.payloadKey(await fileKeyOf(identity, header), rest.salt)
  const nonce = new Uint8Array(NONCE)
  let isFirst = true
  for await (const { chunk, isLast } of inChunks(rest.payload, CHUNK + TAG)) {
    // An empty chunk stands only for an empty file.
    if (chunk.length < TAG || (chunk.length === TAG && !isFirst)) throw cutShort()
    const shown = opened(() => cipher.open(key, nonceOf(nonce, isLast), chunk))
    if (shown.length > 0) yield shown
    countUp(nonce)
    isFirst = false
  }
}

/** The library's own header, and the key that it wraps. */
async function newHeader(recipient: string): Promise<{ header: Uint8Array; fileKey: Uint8Array }> {
  recipientKind(recipient)
  let fileKey = new Uint8Array()
  const encrypter = new Encrypter()
  try {
    encrypter.addRecipient(recipient)
  } catch {
    throw malformed('not an age recipient', { field: 'recipient', reason: 'bad-recipient' })
  }
  encrypter.addRecipient({
    wrapFileKey: (key) => {
      fileKey = new Uint8Array(key)
      return []
    },
  })
  const empty = await encrypter.encrypt(new Uint8Array())
  return { header: empty.subarray(0, empty.length - SALT - TAG), fileKey }
}

async function fileKeyOf(identity: string, header: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  try {
    decrypter.addIdentity(identity)
  } catch {
    throw malformed('not an age identity', { field: 'identity' })
  }
  try {
    return await decrypter.decryptHeader(header)
  } catch (cause) {
    throw unverified('a sealed file does not open', { reason: 'not-opened', cause })
  }
}

type Headed = {
  readonly header: Uint8Array
  readonly rest: { readonly salt: Uint8Array; readonly payload: ByteStream }
}

async function readHeader(ciphertext: ByteStream): Promise<Headed> {
  const chunks = ciphertext[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array()
  for (;;) {
    const end = headerEnd(head)
    if (end !== undefined && head.length >= end + SALT) {
      const header = head.subarray(0, end)
      requireSmallHeader(header)
      const salt = head.subarray(end, end + SALT)
      return { header, rest: { salt, payload: after(head.subarray(end + SALT), chunks) } }
    }
    if (end === undefined && head.length > HEADER_BYTES_MAX) {
      throw malformed('an age header is too large', { reason: 'header-size' })
    }
    const { done, value } = await chunks.next()
    if (done) throw malformed('not an age file', { reason: 'not-age' })
    head = concatBytes(head, value)
  }
}

async function* after(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

/** At least one chunk, the last one marked; only the last may be shorter than `size`. */
async function* inChunks(
  bytes: ByteStream,
  size: number,
): AsyncGenerator<{ readonly chunk: Uint8Array; readonly isLast: boolean }> {
  const buffer = new Uint8Array(size)
  let used = 0
  for await (const piece of bytes) {
    let rest = piece
    while (rest.length > 0) {
      // Only now is it known that another one follows.
      if (used === size) {
        yield { chunk: buffer, isLast: false }
        used = 0
      }
      const taken = Math.min(size - used, rest.length)
      buffer.set(rest.subarray(0, taken), used)
      used += taken
      rest = rest.subarray(taken)
    }
  }
  yield { chunk: buffer.subarray(0, used), isLast: true }
}

/** Eleven bytes of a counter, and one that marks the last chunk. */
function nonceOf(counter: Uint8Array, isLast: boolean): Uint8Array {
  counter[NONCE - 1] = isLast ? 1 : 0
  return counter
}

function countUp(counter: Uint8Array): void {
  for (let at = NONCE - 2; at >= 0; at--) {
    const next = ((counter[at] ?? 0) + 1) % 256
    counter[at] = next
    if (next !== 0) return
  }
}

function opened(open: () => Uint8Array): Uint8Array {
  try {
    return open()
  } catch (cause) {
    throw unverified('a sealed file was changed or cut', { reason: 'not-opened', cause })
  }
}

function cutShort() {
  return unverified('a sealed file was changed or cut', { reason: 'not-opened' })
}
