/**
 * Blobs in a bucket of any store that speaks S3: path-style addresses, AWS signature
 * version 4 over headers and the digest of each body.
 *
 * A blob's name is known only when its stream has ended, so it is first a file of this
 * machine, and then goes up in parts. The store is not trusted: what is read back is
 * compared with its digest by whoever opens it.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { unavailable } from '../../base/errors.ts'
import { SECOND_MS } from '../../base/time.ts'
import type { BlobFacts, BlobStore } from './blob-store.ts'
import { blobPath, removeSpooled, spool } from './folder-blobs.ts'

export type Bucket = {
  /** Without a path, e.g. `https://s3.example`. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  /** Before every name, e.g. `meridia/`. */
  readonly prefix: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export type S3Options = {
  /** A folder of this machine for what is on its way. */
  readonly folder: string
  /** Bytes of a part; S3 wants at least 5 MiB for all but the last. */
  readonly partBytes?: number
  readonly triesMax?: number
}

const PART_BYTES = 8 * 1024 * 1024
/** S3 allows 10,000. */
const PARTS_MAX = 9_000
const TRIES_MAX = 4
const ANSWER_MS = 120 * SECOND_MS
const ANSWER_CHARS_MAX = 64 * 1024

export function s3Blobs(bucket: Bucket, options: S3Options): BlobStore {
  const { folder, partBytes = PART_BYTES } = options
  const call = (request: Call) => callBucket(bucket, options, request)
  return {
    async keep(bytes) {
      const { file, ...facts } = await spool(folder, bytes)
      const handle = await open(file, 'r')
      try {
        const size = Math.max(partBytes, Math.ceil(facts.sizeBytes / PARTS_MAX))
        const upload = facts.sizeBytes <= size ? putWhole : putInParts
        await upload(call, { ...facts, handle, partBytes: size })
        return facts
      } finally {
        await handle.close()
        await rm(file, { force: true })
      }
    },
    async read(digest) {
      const { body } = await call({ method: 'GET', key: keyOf(digest) })
      if (!body) throw unavailable('the store sent no bytes')
      return body as unknown as AsyncIterable<Uint8Array>
    },
    async has(digest) {
      const { status } = await call({ method: 'HEAD', key: keyOf(digest), mayBeAbsent: true })
      return status === 200
    },
    async remove(digest) {
      await settle(await call({ method: 'DELETE', key: keyOf(digest), mayBeAbsent: true }))
    },
    removeUnfinished: () => removeSpooled(folder),
  }
}

const keyOf = (digest: string) => blobPath(digest).join('/')

type Upload = BlobFacts & { readonly handle: FileHandle; readonly partBytes: number }
type Calls = (request: Call) => Promise<Response>

async function putWhole(call: Calls, { digest, sizeBytes, handle }: Upload): Promise<void> {
  const body = await blockOf(handle, 0, sizeBytes)
  await settle(await call({ method: 'PUT', key: keyOf(digest), body }))
}

async function putInParts(call: Calls, upload: Upload): Promise<void> {
  const key = keyOf(upload.digest)
  const begun = await textOf(await call({ method: 'POST', key, query: { uploads: '' } }))
  const uploadId = /<UploadId>([^<]{1,2000})<\/UploadId>/.exec(begun)?.[1]
  if (uploadId === undefined) throw unavailable('the store began no upload')
  const query = { uploadId: plainOf(uploadId) }
  try {
    const parts = await putParts(call, key, query, upload)
    const xml = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
    const answer = await textOf(await call({ method: 'POST', key, query, body: Buffer.from(xml) }))
    // It may answer 200 first and find its mistake later.
    if (!answer.includes('CompleteMultipartUploadResult')) {
      throw unavailable('the store did not finish the upload')
    }
  } catch (error) {
    await call({ method: 'DELETE', key, query, mayBeAbsent: true }).then(settle, () => {})
    throw error
  }
}

async function putParts(
  call: Calls,
  key: string,
  query: Readonly<Record<string, string>>,
  { sizeBytes, handle, partBytes }: Upload,
): Promise<readonly string[]> {
  const parts: string[] = []
  for (let at = 0; at < sizeBytes; at += partBytes) {
    const partNumber = String(parts.length + 1)
    const body = await blockOf(handle, at, Math.min(partBytes, sizeBytes - at))
    const answer = await call({ method: 'PUT', key, query: { partNumber, ...query }, body })
    const etag = answer.headers.get('etag')
    await settle(answer)
    if (!etag || !/^"?[\w-]{1,100}"?$/.test(etag)) throw unavailable('the store named no part')
    const quoted = etag.replaceAll('"', '&quot;')
    parts.push(`<Part><PartNumber>${partNumber}</PartNumber><ETag>${quoted}</ETag></Part>`)
  }
  return parts
}

async function blockOf(handle: FileHandle, at: number, size: number): Promise<Buffer> {
  const block = Buffer.alloc(size)
  for (let read = 0; read < size; ) {
    const { bytesRead } = await handle.read(block, read, size - read, at + read)
    if (bytesRead === 0) throw unavailable('a file was cut while it was sent')
    read += bytesRead
  }
  return block
}

type Call = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Buffer
  /** Then 404 is an answer too. */
  readonly mayBeAbsent?: boolean
}

async function callBucket(
  bucket: Bucket,
  { triesMax = TRIES_MAX }: S3Options,
  call: Call,
): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const answer = await once(bucket, call).catch((cause: Error) => cause)
    const isAnswer = answer instanceof Response
    if (isAnswer && (answer.ok || (call.mayBeAbsent && answer.status === 404))) return answer
    const mayPass = !isAnswer || answer.status >= 500 || answer.status === 429
    if (isAnswer) await settle(answer)
    if (mayPass && tries < triesMax) {
      await pause(2 ** tries * 100)
      continue
    }
    // The address, with the bucket's name, stays out of the message.
    const what = isAnswer ? `answered ${answer.status}` : 'cannot be reached'
    throw unavailable(`the store of sealed files ${what}`, isAnswer ? {} : { cause: answer })
  }
}

async function once(bucket: Bucket, { method, key, query = {}, body }: Call): Promise<Response> {
  const { endpoint, accessKeyId, secretAccessKey, region } = bucket
  const url = new URL(`${endpoint}/${bucket.bucket}/${bucket.prefix}${key}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  const digest = createHash('sha256')
    .update(body ?? '')
    .digest('hex')
  const signer = new AwsV4Signer({
    ...{ method, accessKeyId, secretAccessKey, region },
    service: 's3',
    url: url.href,
    headers: { 'x-amz-content-sha256': digest },
  })
  const signed = await signer.sign()
  // A read may take as long as it flows; everything else has a limit.
  const limit = method === 'GET' ? {} : { signal: AbortSignal.timeout(ANSWER_MS) }
  return fetch(signed.url, {
    method,
    headers: signed.headers,
    redirect: 'error',
    ...limit,
    ...(body ? { body: new Uint8Array(body.buffer, body.byteOffset, body.length) } : {}),
  } as RequestInit)
}

async function textOf(answer: Response): Promise<string> {
  const text = await answer.text()
  if (text.length > ANSWER_CHARS_MAX) throw unavailable('the store says too much')
  return text
}

async function settle(answer: Response): Promise<void> {
  await answer.body?.cancel()
}

function plainOf(xml: string): string {
  return xml
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}
