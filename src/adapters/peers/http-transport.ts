/**
 * Plain HTTP to peers, with limits: no redirects, no content coding, a bounded
 * answer, a bounded time. What an answer is worth is decided by its signature.
 *
 * Not `fetch`: that sends a request again by itself after a 421, which the peer
 * must take for a replay; and it joins repeated header fields, which must be seen.
 */
import { Agent, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as SecureAgent } from 'node:https'
import { type Bytes, concatBytes } from '../../base/bytes.ts'
import { unavailable } from '../../base/errors.ts'
import { type HttpRequest, type HttpResponse, headersFromRaw } from '../../wire/http-message.ts'

/** @throws ComityError `unavailable` if there was no complete answer */
export type Transport = (request: HttpRequest, signal?: AbortSignal) => Promise<HttpResponse>

const ANSWER_BYTES_MAX = 2 * 1024 * 1024
const IDLE_CONNECTION_MS = 4_000

export function httpTransport({ timeoutMs = 20_000 } = {}): Transport {
  const kept = { keepAlive: true, timeout: IDLE_CONNECTION_MS }
  const agents = { 'http:': new Agent(kept), 'https:': new SecureAgent(kept) }
  return async (request, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs)
    const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
    try {
      const answer = await answerTo(request, agents, either)
      return {
        status: answer.statusCode ?? 0,
        headers: headersFromRaw(answer.rawHeaders),
        body: await readBounded(answer),
      }
    } catch (cause) {
      throw unavailable('a peer does not answer', { cause })
    }
  }
}

function answerTo(
  { method, targetUri, headers, body }: HttpRequest,
  agents: { readonly 'http:': Agent; readonly 'https:': SecureAgent },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(targetUri)
  const isSecure = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const options = { method, signal, agent: agents[isSecure ? 'https:' : 'http:'] }
    const sent = (isSecure ? requestHttps : requestHttp)(url, options, resolve)
    sent.on('error', reject)
    for (const [name, value] of headers) sent.appendHeader(name, value)
    if (body.length > 0) sent.setHeader('content-length', body.length)
    sent.end(body.length > 0 ? body : undefined)
  })
}

async function readBounded(answer: IncomingMessage): Promise<Bytes> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of answer) {
    size += part.length
    if (size > ANSWER_BYTES_MAX) throw unavailable('an answer is too large')
    parts.push(part)
  }
  return concatBytes(...parts)
}
