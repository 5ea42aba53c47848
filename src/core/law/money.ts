/**
 * Amounts of money as whole minor units of their currency, and their words.
 *
 * Nothing here converts between currencies or rounds up: a share of an amount is
 * rounded down to the minor unit, which is always in favour of whoever pays.
 */
import { malformed } from '../../base/errors.ts'
import { minorDigits } from './sanction-tier.ts'

export type Money = {
  /** Whole minor units, e.g. cents; whole won where a currency has none. */
  readonly minor: bigint
  /** ISO 4217. */
  readonly currency: string
}

/** Longer amounts are a mistake: world output is fifteen digits of dollars. */
const WHOLE_DIGITS_MAX = 18

/**
 * Whole units as an integer, or as decimal text with as many digits after the point
 * as the currency has.
 *
 * @throws ComityError `malformed` that names the field
 */
export function moneyFrom(value: unknown, currency: string, field: string): Money {
  requireCurrency(currency, 'currency')
  const text = typeof value === 'number' ? wholeText(value, field) : value
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(String(text)) ?? []
  if (typeof text !== 'string' || whole === undefined) {
    throw malformed('not an amount of zero or more, such as 800000000 or "1250.50"', { field })
  }
  if (whole.length > WHOLE_DIGITS_MAX) {
    throw malformed(`an amount has at most ${WHOLE_DIGITS_MAX} digits`, { field })
  }
  const digits = minorDigits(currency)
  if (fraction.length > digits) {
    throw malformed(`an amount of this currency has ${digits} digits after the point`, { field })
  }
  return { minor: BigInt(whole + fraction.padEnd(digits, '0')), currency }
}

/** @throws ComityError `malformed` */
export function requireCurrency(currency: string, field: string): void {
  if (/^[A-Z]{3}$/.test(currency)) return
  throw malformed('not a currency code of three capital letters, such as EUR', { field })
}

/** Whole units as decimal text, with every digit that the currency has: `24000000.00`. */
export function decimalText({ minor, currency }: Money): string {
  const [whole, fraction] = split(minor, currency)
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** For people: `EUR 24,000,000`, with the minor units only where there are some. */
export function moneyWords({ minor, currency }: Money): string {
  const [whole, fraction] = split(minor, currency)
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return /^0*$/.test(fraction) ? `${currency} ${grouped}` : `${currency} ${grouped}.${fraction}`
}

/** 250 basis points: `2.5 %`. */
export function percentWords(basisPoints: number): string {
  return `${basisPoints / 100} %`
}

/** A fraction of an amount, rounded down, and whether anything was cut off. */
export function shareOf(minor: bigint, numerator: bigint, denominator: bigint) {
  const product = minor * numerator
  return { minor: product / denominator, isExact: product % denominator === 0n } as const
}

function wholeText(value: number, field: string): string {
  if (Number.isSafeInteger(value) && value >= 0) return `${value}`
  const text = 'as a number an amount is whole, from 0 to 2^53 - 1; others are given as text'
  throw malformed(text, { field })
}

function split(minor: bigint, currency: string): readonly [whole: string, fraction: string] {
  const digits = minorDigits(currency)
  const text = `${minor}`.padStart(digits + 1, '0')
  const point = text.length - digits
  return [text.slice(0, point), text.slice(point)]
}
