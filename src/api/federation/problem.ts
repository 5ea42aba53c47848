/**
 * Problem details (RFC 9457) of the exchange, with a stable `code`. The one table
 * from errors to statuses; nothing in a problem says anything about a case.
 */
import type { ExpectedPlace } from '../../app/ports/exchange.ts'
import type { Bytes } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { ComityError } from '../../base/errors.ts'
import { EXCHANGE_VERSIONS, VERSION_CODE } from '../../wire/exchange/version.ts'

export type Answer = {
  readonly status: number
  readonly contentType: string
  readonly body: Bytes
  readonly headers?: Readonly<Record<string, string>>
}

export type ProblemDetail = {
  readonly detail?: string
  readonly field?: string
  readonly expected?: ExpectedPlace
  /** Versions of the exchange that this node speaks. */
  readonly speaks?: readonly number[]
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Malformed',
  401: 'Not authenticated',
  403: 'Not admitted',
  404: 'Not found',
  409: 'Conflict with the channel',
  413: 'Too large',
  415: 'Media type not supported',
  421: 'Not for this node',
  429: 'Too much at once',
  500: 'Internal error',
  503: 'Try again later',
}

/** What may be asked again, and when. */
const LATER: ReadonlySet<number> = new Set([429, 503])
const RETRY_AFTER_S = '2'

export function problem(status: number, code: string, more: ProblemDetail = {}): Answer {
  const title = TITLES[status] ?? 'Error'
  const body = { type: `urn:comity:problem:${code}`, title, status, code, ...more }
  return {
    status,
    contentType: 'application/problem+json',
    body: canonicalBytes(body),
    ...(LATER.has(status) ? { headers: { 'retry-after': RETRY_AFTER_S } } : {}),
  }
}

/** `undefined` for a fault of our own, which the caller reports. */
export function problemOfError(error: unknown): Answer | undefined {
  if (!(error instanceof ComityError)) return undefined
  const status = { malformed: 400, unverified: 401, unavailable: 503 }[error.code]
  const field = error.field === undefined ? {} : { field: error.field }
  const more = error.reason === VERSION_CODE ? { speaks: EXCHANGE_VERSIONS } : {}
  return problem(status, error.reason ?? error.code, { detail: error.message, ...field, ...more })
}
