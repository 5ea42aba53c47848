/**
 * A GET with limits, for files whose worth their signatures and hashes decide: no redirect, an
 * answer of bounded size after decoding, a bounded time for all of it.
 */
import type { Bytes } from '../../base/bytes.ts'
import { malformed, unavailable } from '../../base/errors.ts'

export type GetLimits = {
  readonly bytesMax: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export type Got = { readonly status: number; readonly body: Bytes }

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])

/**
 * Over https, or on this machine, as endpoints in node documents (protocol/spec/exchange.md).
 *
 * @throws ComityError `malformed`
 */
export function requireLogUrl(text: string, field: string): string {
  const url = URL.parse(text)
  const isLocal =
    url !== null && (LOOPBACK.has(url.hostname) || url.hostname.endsWith('.localhost'))
  const isPlain = url !== null && !url.username && !url.password && !url.search && !url.hash
  if (!isPlain || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal))) {
    throw malformed('a log is reached over https, or on this machine', { field })
  }
  return url.href.replace(/\/$/, '')
}

/** @throws ComityError `unavailable` with reason `timeout`, `too-large`, `redirect` or `unreachable` */
export async function boundedGet(url: string, limits: GetLimits): Promise<Got> {
  const timeout = AbortSignal.timeout(limits.timeoutMs)
  const signal = limits.signal ? AbortSignal.any([timeout, limits.signal]) : timeout
  try {
    const response = await fetch(url, { signal, redirect: 'manual' })
    const { status } = response
    if (status >= 300 && status < 400) {
      await response.body?.cancel()
      throw unavailable('a log led elsewhere', { reason: 'redirect' })
    }
    return { status, body: await readBounded(response, limits.bytesMax) }
  } catch (cause) {
    const { reason } = cause as { reason?: string }
    if (reason === 'redirect' || reason === 'too-large') throw cause
    throw unavailable('no complete answer', {
      reason: timeout.aborted ? 'timeout' : 'unreachable',
      cause,
    })
  }
}

async function readBounded({ body }: Response, bytesMax: number): Promise<Bytes> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body ?? []) {
    size += part.length
    if (size > bytesMax) throw unavailable('an answer is too large', { reason: 'too-large' })
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}
