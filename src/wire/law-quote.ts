/** Whether a quote of a law says the number that a pack takes from it. */
import type { Period } from '../core/law/clock.ts'
import type { Basis } from '../core/law/pack.ts'
import { minorDigits, type SanctionTier } from '../core/law/sanction-tier.ts'

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
/** Not in the middle of a longer number: "twenty-four" is no four, "1.5" no five. */
const ALONE = `(?<![\\d.,])(?<!(?:${TENS.join('|')}|hundred(?: and)?)[ -])\\b`

/** The quote must say the count, in digits or as a word, and the unit; or name its numeral. */
export function saysPeriod(basis: Basis, { count, unit }: Period): boolean {
  const noun = unit.replace('calendar_', '(?:calendar )?').replace('_', '[ -]')
  const period = new RegExp(`${ALONE}${numberText(count)}[ -]${noun}s?\\b`, 'i')
  return says(
    basis,
    (quote) => period.test(quote),
    (numeral) => saysNumber(numeral, count),
  )
}

/** The quote must say every amount and the percentage of the tier; or name its numeral. */
export function saysTier(basis: Basis, tier: SanctionTier): boolean {
  const unit = 10n ** BigInt(minorDigits(tier.currency ?? ''))
  return says(
    basis,
    (quote) =>
      tier.fixed.every((amount) => saysAmount(quote, amount / unit)) &&
      (tier.basisPoints === null || saysPercent(quote, tier.basisPoints)) &&
      (tier.percentAbove === null || saysAmount(quote, tier.percentAbove / unit)) &&
      (tier.benefitTimes === null || saysWord(quote, BigInt(tier.benefitTimes), 'times')),
    (numeral) => tier.fixed.length > 0 || saysNumber(numeral, (tier.basisPoints ?? 0) / 100),
  )
}

/** The quote must say a number of anything: people, years, States; or name its numeral. */
export function saysCount(basis: Basis, count: number): boolean {
  const word = new RegExp(`${ALONE}${numberText(count)}\\b`, 'i')
  return says(
    basis,
    (quote) => word.test(quote) || saysAmount(quote, BigInt(count)) || saysScaled(quote, count),
    (numeral) => saysNumber(numeral, count),
  )
}

/** Digits before a power of ten in Chinese or Korean: 1000万, 1천만. */
function saysScaled(quote: string, count: number): boolean {
  return SCALES.some(
    ([scale, sign]) =>
      count % scale === 0 &&
      new RegExp(`(?<!\\d)${count / scale}${sign}(?![万亿만억])`).test(quote),
  )
}
const SCALES: readonly (readonly [number, string])[] = [
  [1e3, '천'],
  [1e4, '[万만]'],
  [1e7, '천만'],
  [1e8, '[亿억]'],
]

/** A number in digits, or below a hundred as an English word, too. */
function numberText(count: number): string {
  const unit = count % 10
  const tens = TENS[Math.floor(count / 10) - 2]
  const word = SMALL[count] ?? (tens && (unit === 0 ? tens : `${tens}[ -]${SMALL[unit]}`))
  return word === undefined ? `${count}` : `(?:${count}|${word})`
}

/** A numeral in digits or English must say the number; one in another language is not read. */
function saysNumber(numeral: string, count: number): boolean {
  const isRead = new RegExp(`\\d|\\b(?:${[...SMALL, ...TENS].join('|')})\\b`, 'i').test(numeral)
  return !isRead || new RegExp(`${ALONE}${numberText(count)}(?!\\d)`, 'i').test(numeral)
}

/** True without a quote: then the pack shows the number as one without a quote. */
function says(
  { quote, numeral }: Basis,
  inQuote: (quote: string) => boolean,
  inNumeral: (numeral: string) => boolean,
): boolean {
  if (quote === null) return numeral === null
  return numeral === null ? inQuote(quote) : quote.includes(numeral) && inNumeral(numeral)
}

function saysAmount(quote: string, amount: bigint): boolean {
  const digits = quote.replaceAll(/(?<=\d)[\s\u00a0\u202f.,'’](?=\d{3}(?!\d))/g, '')
  if (new RegExp(`(?<!\\d|\\d[.,])${amount}(?!\\d|[.,](?!00)\\d)`).test(digits)) return true
  return NOUNS.some(([size, noun]) => amount % size === 0n && saysWord(quote, amount / size, noun))
}

const NOUNS: readonly (readonly [bigint, string])[] = [
  [1_000_000_000n, 'billion'],
  [1_000_000n, 'million'],
  [1000n, 'thousand'],
]

function saysWord(quote: string, count: bigint, noun: string): boolean {
  return new RegExp(`${ALONE}${numberText(Number(count))}[ -]${noun}\\b`, 'i').test(quote)
}

function saysPercent(quote: string, basisPoints: number): boolean {
  const number = numberText(basisPoints / 100).replace('.', '[.,]')
  return new RegExp(`${ALONE}${number}\\s?(?:%|per ?cent\\b)`, 'i').test(quote)
}
