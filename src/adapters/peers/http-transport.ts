/**
 * Plain HTTP to peers, with limits: no redirects, no content coding, a bounded
 * answer, a bounded time. What an answer is worth is decided by its signature.
 */
import type { Bytes } from '../../base/bytes.ts'
import { concatBytes } from '../../base/bytes.ts'
import { unavailable } from '../../base/errors.ts'
import type { HttpRequest, HttpResponse } from '../../wire/http-message.ts'

/** @throws ComityError `unavailable` if there was no complete answer */
export type Transport = (request: HttpRequest, signal?: AbortSignal) => Promise<HttpResponse>

const ANSWER_BYTES_MAX = 2 * 1024 * 1024

export function httpTransport({ timeoutMs = 20_000 } = {}): Transport {
  return async (request, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(request.targetUri, {
        method: request.method,
        headers: [
          ...request.headers.map(([name, value]): [string, string] => [name, value]),
          ['accept-encoding', 'identity'],
        ],
        redirect: 'manual',
        signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
        ...(request.body.length > 0 ? { body: new Uint8Array(request.body) } : {}),
      })
      const body = await readBounded(response)
      return { status: response.status, headers: [...response.headers], body }
    } catch (cause) {
      throw unavailable('a peer does not answer', { cause })
    }
  }
}

async function readBounded(response: Response): Promise<Bytes> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > ANSWER_BYTES_MAX) throw unavailable('an answer is too large')
    parts.push(part)
  }
  return concatBytes(...parts)
}
