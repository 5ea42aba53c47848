/**
 * The file worker: one process for one file, without network, files or children.
 *
 * Standard input: one line of JSON that says what to do, then the bytes. Standard
 * output: the bytes as they come out. Channel 3, when all has gone well: one line of
 * JSON with both digests. Whoever reads takes nothing as done without that line.
 */
import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { payloadCipher } from '../adapters/payload-cipher.ts'
import { systemRandom } from '../adapters/random.ts'
import { textFromUtf8 } from '../base/bytes.ts'
import { type ByteStream, openStream, sealStream } from '../seal/payload.ts'
import { generateIdentity, recipientOf } from '../seal/seal.ts'

/** `reseal`: from one identity to a recipient, or to a new identity where none is named. */
type Request = {
  readonly act: 'seal' | 'open' | 'reseal'
  readonly identity?: string
  readonly recipient?: string
}

const ANSWERS = 3
const LINE_MAX = 64 * 1024
const NEWLINE = 10

const input = process.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
const { request, rest } = await readRequest()
const plain = counter()
const sealed = counter()
const identity = request.act === 'open' || request.recipient ? undefined : await generateIdentity()
for await (const chunk of await workOn(request, rest)) {
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
}
await new Promise<void>((done) => process.stdout.end(() => done()))
writeSync(ANSWERS, `${JSON.stringify({ plain: plain.end(), sealed: sealed.end(), identity })}\n`)

async function workOn({ act, recipient, ...asked }: Request, bytes: ByteStream) {
  const to = recipient ?? (identity && (await recipientOf(identity)))
  const from = act === 'seal' ? undefined : asked.identity
  // What is opened to be sealed again counts as it goes out.
  const shown = from
    ? openStream(payloadCipher, from, act === 'open' ? sealed.over(bytes) : bytes)
    : bytes
  const counted = plain.over(shown)
  if (act === 'open' || to === undefined) return counted
  const salt = systemRandom.bytes(16)
  return sealed.over(sealStream(payloadCipher, { recipient: to, salt }, counted))
}

function counter() {
  const hash: Hash = createHash('sha256')
  let size = 0
  return {
    async *over(bytes: ByteStream): AsyncGenerator<Uint8Array> {
      for await (const chunk of bytes) {
        hash.update(chunk)
        size += chunk.length
        yield chunk
      }
    },
    end: () => ({ digest: hash.digest('hex'), sizeBytes: size }),
  }
}

async function readRequest(): Promise<{ request: Request; rest: ByteStream }> {
  let head = Buffer.alloc(0)
  for (;;) {
    const end = head.indexOf(NEWLINE)
    if (end >= 0) {
      const request = JSON.parse(textFromUtf8(head.subarray(0, end))) as Request
      return { request, rest: bytesAfter(head.subarray(end + 1)) }
    }
    if (head.length > LINE_MAX) throw new Error('no request')
    const { done, value } = await input.next()
    if (done) throw new Error('no request')
    head = Buffer.concat([head, value])
  }
}

async function* bytesAfter(first: Uint8Array): AsyncGenerator<Uint8Array> {
  yield first
  for (let next = await input.next(); !next.done; next = await input.next()) yield next.value
}
