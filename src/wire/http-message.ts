/**
 * HTTP messages as the exchange reads them: header fields in a list, so that a
 * repeated field is seen, and the body as the exact bytes received.
 */
import { unverified } from '../base/errors.ts'

/** Names in any case, in the order received. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

export type HttpRequest = {
  readonly method: string
  /** Public base URL of the receiving node ‖ raw path and query. */
  readonly targetUri: string
  readonly headers: HeaderList
  readonly body: Uint8Array
}

export type HttpResponse = {
  readonly status: number
  readonly headers: HeaderList
  readonly body: Uint8Array
}

/** Visible ASCII and single spaces: no control characters, nothing folded. */
const FIELD_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** @throws ComityError `unverified` if the field is missing, repeated or has odd characters */
export function requireField(headers: HeaderList, name: string): string {
  const value = findField(headers, name)
  if (value === undefined) {
    throw unverified('a header field is missing', { field: name, reason: 'field-missing' })
  }
  return value
}

/** `undefined` if there is none. @throws ComityError `unverified` as `requireField` */
export function findField(headers: HeaderList, name: string): string | undefined {
  const values = headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
  if (values.length > 1) {
    throw unverified('a header field is repeated', { field: name, reason: 'field-repeated' })
  }
  const value = values[0]
  if (value !== undefined && !FIELD_VALUE.test(value)) {
    throw unverified('a header field holds odd characters', { field: name, reason: 'field-form' })
  }
  return value
}

/** `rawHeaders` of Node: name, value, name, value. */
export function headersFromRaw(raw: readonly string[]): HeaderList {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i] ?? '', raw[i + 1] ?? ''])
  return pairs
}
