/**
 * Tree sizes, indexes and times as text: ASCII decimal without leading zeros
 * (C2SP). Numbers that JavaScript cannot hold exactly are refused.
 */
import { malformed } from '../base/errors.ts'

const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/

/** @throws ComityError `malformed` */
export function parseDecimal(text: string, field: string): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw malformed('not a decimal number', { field })
  return value
}
