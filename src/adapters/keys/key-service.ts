/**
 * A key service over HTTP: keys that sign outside the node, and a key that wraps
 * what the node must open itself. The interface is small and ours
 * (docs/operating/keys.md); a few lines in front of any service speak it.
 *
 * It trusts the service to keep keys, not to answer rightly: every signature is
 * verified by the caller, and answers have their form or are refused.
 */
import { readFile } from 'node:fs/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type Bytes, fromBase64, textFromUtf8, toBase64, utf8 } from '../../base/bytes.ts'
import { parseJson } from '../../base/canonical-json.ts'
import { malformed, unavailable, unverified } from '../../base/errors.ts'
import type { SigningAlgorithm } from './key-ring.ts'

export type KeyServiceAccess =
  | { readonly bearer: () => Promise<string> }
  | { readonly certificateFile: string; readonly keyFile: string }

export type KeyServicePlace = {
  /** Base URL; `https`, or `http` to this machine itself. */
  readonly url: string
  readonly access: KeyServiceAccess
  readonly authorityFile?: string | undefined
  readonly timeoutMs?: number | undefined
}

export type KeyService = {
  publicKey(name: string, algorithm: SigningAlgorithm): Promise<Bytes>
  sign(name: string, message: Uint8Array, algorithm: SigningAlgorithm): Promise<Bytes>
  /** `context` is bound to what is wrapped: unwrapping under another one fails. */
  wrap(context: string, secret: string): Promise<string>
  unwrap(context: string, wrapped: string): Promise<string>
}

const TIMEOUT_MS = 5_000
const ANSWER_BYTES_MAX = 64 * 1024
/** Bytes (RFC 8032, FIPS 204). */
const SIZES = {
  ed25519: { publicKey: 32, signature: 64 },
  'ml-dsa-44': { publicKey: 1312, signature: 2420 },
} as const
const WRAPPED_LENGTH_MAX = 16 * 1024
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/

/** @throws ComityError `malformed` if secrets would travel unencrypted */
export function keyService(place: KeyServicePlace): KeyService {
  const { protocol, hostname } = new URL(place.url)
  if (protocol !== 'https:' && !LOOPBACK.test(hostname)) {
    throw malformed('a key service elsewhere is reached by https', { field: 'keys.url' })
  }
  const base = place.url.replace(/\/+$/, '')
  const keyUrl = (name: string) => `${base}/v1/keys/${encodeURIComponent(name)}`
  return {
    async publicKey(name, algorithm) {
      const answer = await ask(place, 'GET', keyUrl(name))
      if (answer['algorithm'] !== algorithm) throw nonsense('algorithm')
      return bytesOf(answer, 'publicKey', SIZES[algorithm].publicKey)
    },
    async sign(name, message, algorithm) {
      const body = { message: toBase64(message) }
      return bytesOf(
        await ask(place, 'POST', `${keyUrl(name)}/sign`, body),
        'signature',
        SIZES[algorithm].signature,
      )
    },
    async wrap(context, secret) {
      const body = { context, secret: toBase64(utf8(secret)) }
      return textOf(await ask(place, 'POST', `${base}/v1/wrap`, body), 'wrapped')
    },
    async unwrap(context, wrapped) {
      const answer = await ask(place, 'POST', `${base}/v1/unwrap`, { context, wrapped })
      return textFromUtf8(bytesOf(answer, 'secret'), 'secret')
    },
  }
}

type Answer = Readonly<Record<string, unknown>>

async function ask(
  place: KeyServicePlace,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
): Promise<Answer> {
  const { status, bytes } = await exchange(place, method, url, body)
  if (status === 200) return answerOf(bytes)
  if (status === 401 || status === 403) {
    throw unverified('the key service refuses this node: look at its token or certificate', {
      reason: 'key-service-access',
    })
  }
  if (status === 404) throw unavailable('the key service has no such key', { reason: 'no-key' })
  if (status === 422) {
    throw unverified('the key service cannot unwrap that', { reason: 'not-unwrapped' })
  }
  if (status === 429 || status >= 500) {
    throw unavailable(`the key service answers ${status}`, { reason: 'key-service' })
  }
  throw malformed(`the key service answers ${status}`, { reason: 'key-service-answer' })
}

async function exchange(
  place: KeyServicePlace,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
): Promise<{ readonly status: number; readonly bytes: Bytes }> {
  const options = await optionsOf(place)
  const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; bytes: Bytes }>()
  const send = url.startsWith('https:') ? requestHttps : requestHttp
  const signal = AbortSignal.timeout(place.timeoutMs ?? TIMEOUT_MS)
  const request = send(url, { ...options, method, signal }, (answer) => {
    const parts: Buffer[] = []
    let size = 0
    answer.on('data', (part: Buffer) => {
      size += part.length
      if (size > ANSWER_BYTES_MAX) request.destroy(nonsense('length'))
      else parts.push(part)
    })
    answer.on('end', () => {
      if (!answer.complete) return
      resolve({ status: answer.statusCode ?? 0, bytes: new Uint8Array(Buffer.concat(parts)) })
    })
    answer.on('error', reject)
  })
  request.on('error', reject)
  if (content) request.setHeader('content-type', 'application/json')
  request.end(content)
  try {
    return await promise
  } catch (cause) {
    if ((cause as { code?: string }).code === 'malformed') throw cause
    throw unavailable('the key service does not answer', { reason: 'key-service', cause })
  }
}

async function optionsOf({ access, authorityFile }: KeyServicePlace) {
  const ca = authorityFile === undefined ? {} : { ca: await readFile(authorityFile) }
  const headers = { accept: 'application/json' }
  if ('bearer' in access) {
    return { ...ca, headers: { ...headers, authorization: `Bearer ${await access.bearer()}` } }
  }
  const [cert, key] = await Promise.all([
    readFile(access.certificateFile),
    readFile(access.keyFile),
  ])
  return { ...ca, cert, key, headers }
}

function answerOf(bytes: Bytes): Answer {
  let answer: unknown
  try {
    answer = parseJson(bytes)
  } catch {
    // The cause could quote a secret.
    throw nonsense('json')
  }
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) {
    return answer as Answer
  }
  throw nonsense('json')
}

function bytesOf(answer: Answer, field: string, size?: number): Bytes {
  const text = textOf(answer, field)
  let bytes: Bytes
  try {
    bytes = fromBase64(text, field)
  } catch {
    throw nonsense(field)
  }
  if (bytes.length > 0 && (size === undefined || bytes.length === size)) return bytes
  throw nonsense(field)
}

function textOf(answer: Answer, field: string): string {
  const text = answer[field]
  if (typeof text === 'string' && text !== '' && text.length <= WRAPPED_LENGTH_MAX) return text
  throw nonsense(field)
}

const nonsense = (field: string) =>
  malformed('the key service gives an answer that is none', { field, reason: 'key-service-answer' })
