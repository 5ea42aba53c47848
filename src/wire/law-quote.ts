/** Whether a quote of a law says the number that a pack takes from it. */
import type { Period } from '../core/law/clock.ts'
import type { Basis } from '../core/law/pack.ts'
import { minorDigits, type SanctionTier } from '../core/law/sanction-tier.ts'

const SMALL = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]

/** The quote must say the count, in digits or as a word, and the unit; or name its numeral. */
export function saysPeriod(basis: Basis, { count, unit }: Period): boolean {
  const noun = unit.replace('calendar_', '').replace('_', '[ -]')
  const number = SMALL[count] === undefined ? `${count}` : `(?:${count}|${SMALL[count]})`
  return says(basis, (quote) => new RegExp(`\\b${number}[ -]${noun}s?\\b`, 'i').test(quote))
}

/** The quote must say every amount and the percentage of the tier; or name its numeral. */
export function saysTier(basis: Basis, tier: SanctionTier): boolean {
  const unit = 10n ** BigInt(minorDigits(tier.currency ?? ''))
  return says(
    basis,
    (quote) =>
      tier.fixed.every((amount) => saysAmount(quote, amount / unit)) &&
      (tier.basisPoints === null || saysPercent(quote, tier.basisPoints)),
  )
}

/** True without a quote: then the pack shows the number as one without a quote. */
function says({ quote, numeral }: Basis, inQuote: (quote: string) => boolean): boolean {
  if (quote === null) return numeral === null
  return numeral === null ? inQuote(quote) : quote.includes(numeral)
}

function saysAmount(quote: string, amount: bigint): boolean {
  const digits = quote.replaceAll(/(?<=\d)[\s\u00a0\u202f.,'’](?=\d{3}(?!\d))/g, '')
  if (new RegExp(`(?<!\\d)${amount}(?!\\d)`).test(digits)) return true
  const [million, thousand] = [1_000_000n, 1000n]
  if (amount % million === 0n) return saysWord(quote, amount / million, 'million')
  return amount % thousand === 0n && saysWord(quote, amount / thousand, 'thousand')
}

function saysWord(quote: string, count: bigint, noun: string): boolean {
  const word = SMALL[Number(count)]
  const number = word === undefined ? `${count}` : `(?:${count}|${word})`
  return new RegExp(`\\b${number}[ -]${noun}\\b`, 'i').test(quote)
}

function saysPercent(quote: string, basisPoints: number): boolean {
  const percent = `${basisPoints / 100}`
  const number = percent.replace('.', '[.,]')
  const word = SMALL[basisPoints / 100]
  const any = word === undefined ? number : `(?:${number}|${word})`
  return new RegExp(`(?<![\\d.,])${any}\\s?(?:%|per ?cent\\b)`, 'i').test(quote)
}
