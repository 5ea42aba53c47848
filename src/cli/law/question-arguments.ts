/** Amounts, and files of facts, as they are given on the command line. */
import { readFileSync } from 'node:fs'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'

/** `EUR=800000000`, in whole units of the currency. @throws ComityError `malformed` */
export function amountArgument(text: string): {
  readonly amount: string
  readonly currency: string
} {
  const [, currency, amount] = /^([A-Z]{3})=(\d{1,18}(?:\.\d{1,4})?)$/.exec(text) ?? []
  if (currency !== undefined && amount !== undefined) return { amount, currency }
  throw malformed('an amount is given as CURRENCY=AMOUNT, such as EUR=800000000', {
    field: '--turnover',
  })
}

const FILE_BYTES_MAX = 1_000_000

/** A JSON file: an object of facts, or a whole question with `facts` in it. */
export function questionFile(path: string): { readonly [name: string]: Json } {
  const bytes = readFileSync(path)
  if (bytes.length > FILE_BYTES_MAX) throw malformed('the file is too large', { field: '--facts' })
  const value = parseJson(bytes)
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw malformed('the file holds no object', { field: '--facts' })
  }
  const fields = value as { readonly [name: string]: Json }
  return isObject(fields['facts']) ? fields : { facts: fields }
}

function isObject(value: Json | undefined): boolean {
  return value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value)
}
