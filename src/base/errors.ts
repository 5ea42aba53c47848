/**
 * The one class that is thrown for hostile or malformed input and for outages,
 * and `invariant` for our own mistakes. A lawful no is neither: see decision.ts.
 */

/** Tells the caller what to do: reject; reject and record; retry later. */
export type ErrorCode = 'malformed' | 'unverified' | 'unavailable'

export type ErrorDetail = {
  /** Where in the input: a field name or a JSON pointer. Never the value itself. */
  readonly field?: string
  /** Stable reason for machines, kebab-case; part of an interface's contract. */
  readonly reason?: string
  readonly cause?: unknown
}

export class ComityError extends Error {
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly reason: string | undefined

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.name = 'ComityError'
    this.code = code
    this.field = detail.field
    this.reason = detail.reason
  }
}

export function malformed(message: string, detail?: ErrorDetail): ComityError {
  return new ComityError('malformed', message, detail)
}

export function unverified(message: string, detail?: ErrorDetail): ComityError {
  return new ComityError('unverified', message, detail)
}

export function unavailable(message: string, detail?: ErrorDetail): ComityError {
  return new ComityError('unavailable', message, detail)
}

/** Stops the unit of work if one of our own rules is broken. Never used on input. */
export function invariant(condition: unknown, rule: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${rule}`)
}
