/** What can be read from a peer's answer besides receipts: problems and pauses. */
import type { ExpectedPlace } from '../../../app/ports/exchange.ts'
import { parseJson } from '../../../base/canonical-json.ts'
import { unverified } from '../../../base/errors.ts'
import { SECOND_MS } from '../../../base/time.ts'
import { findField, type HttpResponse } from '../../../wire/http-message.ts'

const RETRY_AFTER_MAX_S = 3600

/** How long the peer asks us to wait, bounded; 0 if it does not. */
export function retryAfterMs(response: HttpResponse): number {
  const seconds = Number(field(response, 'retry-after') ?? 0)
  const bounded = seconds > 0 ? Math.min(seconds, RETRY_AFTER_MAX_S) : 0
  return bounded * SECOND_MS
}

function field(response: HttpResponse, name: string): string | undefined {
  try {
    return findField(response.headers, name)
  } catch {
    // A repeated or odd field of an answer that decides nothing.
    return undefined
  }
}

const CODE = /^[a-z0-9-]{1,64}$/

/** `undefined` if there is no code of the usual form. */
export function problemCode(response: HttpResponse): string | undefined {
  const { code } = problem(response)
  return typeof code === 'string' && CODE.test(code) ? code : undefined
}

/** Where the peer says that the channel goes on, if it says so in full. */
export function expectedPlace(response: HttpResponse): ExpectedPlace | undefined {
  const { expected } = problem(response)
  const { epoch, seq, link } = (expected ?? {}) as Partial<ExpectedPlace>
  const counts = [epoch, seq].every((each) => Number.isSafeInteger(each) && Number(each) > 0)
  return counts && typeof link === 'string' ? (expected as ExpectedPlace) : undefined
}

function problem(response: HttpResponse): { readonly code?: unknown; readonly expected?: unknown } {
  const value = parseJson(response.body, 'problem')
  if (value === null || typeof value !== 'object') {
    throw unverified('a problem is not an object', { field: 'problem' })
  }
  return value as { code?: unknown; expected?: unknown }
}
