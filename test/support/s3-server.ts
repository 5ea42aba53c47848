/**
 * A small store that speaks S3 on loopback. It checks every signature by the rules of
 * AWS Signature Version 4, written here from the rules and not with the client's
 * library, and the digest of every body.
 */
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export type SignedRequest = {
  readonly method: string
  /** Path and query, as on the request line. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly signedHeaders: readonly string[]
  readonly bodyDigest: string
  readonly region: string
  readonly secret: string
}

const hex = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex')
const mac = (key: string | Uint8Array, text: string) =>
  createHmac('sha256', key).update(text).digest()
const strict = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** The signature that a request of the service `s3` must carry. */
export function signatureOf(request: SignedRequest): string {
  const { method, target, headers, signedHeaders, bodyDigest, region, secret } = request
  const [path = '', search = ''] = target.split('?')
  const query = [...new URLSearchParams(search)]
    .map(([name, value]) => `${strict(name)}=${strict(value)}`)
    .sort()
    .join('&')
  const lines = signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join('')
  const plainPath = path
    .split('/')
    .map((part) => strict(decodeURIComponent(part)))
    .join('/')
  const canonical = [method, plainPath, query, lines, signedHeaders.join(';'), bodyDigest].join(
    '\n',
  )
  const at = headers['x-amz-date'] ?? ''
  const scope = `${at.slice(0, 8)}/${region}/s3/aws4_request`
  const key = scope
    .split('/')
    .reduce<string | Uint8Array>((k, part) => mac(k, part), `AWS4${secret}`)
  return mac(key, ['AWS4-HMAC-SHA256', at, scope, hex(canonical)].join('\n')).toString('hex')
}

export type S3Server = {
  readonly endpoint: string
  readonly objects: Map<string, Buffer>
  readonly uploads: Map<string, Map<number, Buffer>>
  /** The next so many requests are answered 503. */
  failNext: number
  /** Bytes of every body that came, by method and query. */
  readonly seen: string[]
}

export async function s3Server(
  t: Pick<TestContext, 'after'>,
  keys: { readonly accessKeyId: string; readonly secret: string; readonly region: string },
): Promise<S3Server> {
  const state = { objects: new Map(), uploads: new Map(), failNext: 0, seen: [] as string[] }
  const server = createServer((request, response) => {
    answer(state as unknown as S3Server, keys, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  return Object.assign(state, { endpoint: `http://127.0.0.1:${port}` }) as unknown as S3Server
}

async function answer(
  store: S3Server,
  keys: { readonly accessKeyId: string; readonly secret: string; readonly region: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const { method = '', url = '' } = request
  const say = (status: number, text = '', headers = {}) =>
    response.writeHead(status, headers).end(text)
  if (store.failNext > 0) {
    store.failNext -= 1
    return void say(503)
  }
  const headers = request.headers as Record<string, string>
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
  const [, id, , region, signed = '', signature] = form.exec(headers['authorization'] ?? '') ?? []
  const bodyDigest = headers['x-amz-content-sha256'] ?? ''
  const right = signatureOf({
    ...{ method, target: url, headers, bodyDigest, secret: keys.secret, region: keys.region },
    signedHeaders: signed.split(';'),
  })
  const mustBeSigned = ['host', 'x-amz-content-sha256', 'x-amz-date']
  const isSigned = mustBeSigned.every((name) => signed.split(';').includes(name))
  const isOurs = id === keys.accessKeyId && region === keys.region && isSigned
  if (!isOurs || signature !== right || bodyDigest !== hex(body)) return void say(403)
  const { pathname, searchParams } = new URL(url, 'http://store')
  const uploadId = searchParams.get('uploadId')
  store.seen.push(`${method} ${uploadId ? 'part' : ''}${body.length}`)
  if (method === 'POST' && searchParams.has('uploads')) {
    const begun = `up-${store.uploads.size + 1}+/=`
    store.uploads.set(begun, new Map())
    return void say(
      200,
      `<InitiateMultipartUploadResult><UploadId>${begun}</UploadId></InitiateMultipartUploadResult>`,
    )
  }
  if (uploadId !== null) {
    const parts = store.uploads.get(uploadId)
    if (!parts) return void say(404)
    if (method === 'PUT') {
      parts.set(Number(searchParams.get('partNumber')), body)
      return void say(200, '', { etag: `"${hex(body).slice(0, 32)}"` })
    }
    store.uploads.delete(uploadId)
    if (method === 'DELETE') return void say(204)
    const named = [
      ...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>&quot;(\w+)&quot;/g),
    ]
    const joined = named.map(([, number, etag]) => {
      const part = parts.get(Number(number))
      return part && hex(part).startsWith(etag ?? '-') ? part : Buffer.alloc(0)
    })
    store.objects.set(pathname, Buffer.concat(joined))
    return void say(200, '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
  }
  if (method === 'PUT') {
    store.objects.set(pathname, body)
    return void say(200)
  }
  const object = store.objects.get(pathname)
  if (method === 'DELETE') {
    store.objects.delete(pathname)
    return void say(204)
  }
  if (!object) return void say(404)
  response.writeHead(200, { 'content-length': object.length }).end(method === 'HEAD' ? '' : object)
}
