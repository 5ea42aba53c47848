/** What a sanction tier must hold beyond its form, so that its maximum can be computed. */
import type { CapRule, SanctionTier } from '../core/law/sanction-tier.ts'
import type { Known } from './law-pack-checks.ts'
import type { Fail } from './law-pack-error.ts'
import { saysTier } from './law-quote.ts'

type Shape = { readonly amounts: readonly number[]; readonly percent: 'yes' | 'no' | 'either' }

/** How many amounts each rule takes, and whether it takes a percentage. */
const SHAPES: Readonly<Record<CapRule, Shape>> = {
  higher_of: { amounts: [1], percent: 'yes' },
  lower_of: { amounts: [1], percent: 'yes' },
  pct_only: { amounts: [0, 1], percent: 'yes' },
  fixed_cap: { amounts: [1, 2], percent: 'no' },
  fixed_range: { amounts: [2], percent: 'no' },
  per_violation: { amounts: [1], percent: 'no' },
  per_day: { amounts: [0, 1, 2], percent: 'either' },
  greatest_of_three: { amounts: [1], percent: 'yes' },
}

export function requireSoundTier(tier: SanctionTier, known: Known, at: string, fail: Fail): void {
  const { fixed, basisPoints, currency, basis } = tier
  const unknown = tier.modifies.find((id) => !known.tiers.has(id))
  if (unknown !== undefined)
    throw fail(`${at}/modifies`, 'unknown-tier', 'no such tier in the pack')
  if (fixed.length > 0 && currency === null) {
    throw fail(`${at}/currency`, 'no-currency', 'an amount needs its currency')
  }
  const [low, high] = fixed
  if (tier.cap !== 'fixed_cap' && low !== undefined && high !== undefined && high < low) {
    throw fail(`${at}/fixed`, 'range', 'a range ends before it begins')
  }
  if (tier.modifies.length === 0) requireShape(tier, at, fail)
  if (basisPoints !== null && basisPoints < 1) {
    throw fail(`${at}/percent`, 'percent', 'a percentage is a whole number of basis points')
  }
  if (!saysTier(basis, tier)) {
    throw fail(`${at}/basis/quote`, 'quote-number', 'the quote does not hold the number')
  }
}

function requireShape(
  { cap, fixed, basisPoints, benefitTimes }: SanctionTier,
  at: string,
  fail: Fail,
) {
  const shape = SHAPES[cap]
  const hasPercent = basisPoints !== null
  const isEmpty = cap === 'per_day' && fixed.length === 0 && !hasPercent
  if (!shape.amounts.includes(fixed.length) || isEmpty) {
    throw fail(`${at}/fixed`, 'cap-shape', `the rule ${cap} takes another number of amounts`)
  }
  if (shape.percent !== 'either' && hasPercent !== (shape.percent === 'yes')) {
    throw fail(`${at}/percent`, 'cap-shape', `a percentage does not fit the rule ${cap}`)
  }
  if ((cap === 'greatest_of_three') !== (benefitTimes !== null)) {
    throw fail(`${at}/benefitTimes`, 'cap-shape', `a multiple of the benefit does not fit ${cap}`)
  }
}
