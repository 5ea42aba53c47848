/**
 * The eight rules by which laws limit a fine, as arithmetic on whole minor units.
 *
 * An outcome is the most that the article allows, or the range, or the list of maxima
 * that it puts side by side; never what an authority will impose. What is not known
 * leaves the formula, and what is already certain about the maximum.
 */
import {
  type Arm,
  amountStep,
  armsOf,
  baseWords,
  type CapQuestion,
  type CapStep,
  fixedMoney,
  result,
  turnoverStep,
} from './cap-arms.ts'
import type { Region } from './condition.ts'
import { type Money, moneyWords, percentWords, shareOf } from './money.ts'
import type { SanctionTier } from './sanction-tier.ts'

export type CapOutcome = {
  /** `formula`: an amount is not known. `open`: a fact is not known that decides. */
  readonly state: 'maximum' | 'range' | 'alternatives' | 'formula' | 'open'
  readonly minimum: Money | null
  readonly maximum: Money | null
  /** Maxima that stand side by side; the law does not say which. */
  readonly alternatives: readonly Money[]
  /** Without a maximum: what is certain about it. */
  readonly certain: { readonly maximumIs: 'at_least' | 'at_most'; readonly amount: Money } | null
  readonly formula: string
  readonly steps: readonly CapStep[]
  /** Facts to ask for. */
  readonly missing: readonly string[]
}

export function capOutcome(tier: SanctionTier, question: CapQuestion, region: Region): CapOutcome {
  switch (tier.cap) {
    case 'higher_of':
    case 'greatest_of_three':
    case 'lower_of':
      return chosen(tier, question, region)
    case 'pct_only':
      return percentageOnly(tier, question, region)
    case 'fixed_cap':
      return amounts(tier, question)
    case 'fixed_range':
    case 'per_violation':
      return times(tier, fixedMoney(tier), 'violation', question.violations)
    case 'per_day':
      return perDay(tier, question)
  }
}

/** The rule in words, with its numbers: what is shown when the maximum cannot be computed. */
export function formulaOf(tier: SanctionTier): string {
  const { cap, benefitTimes, basisPoints } = tier
  const fixed = fixedMoney(tier).map(moneyWords)
  const share = basisPoints === null ? [] : [percentageWords(tier)]
  switch (cap) {
    case 'higher_of':
    case 'lower_of': {
      const arms = [...fixed, ...share]
      if (arms.length < 2) return arms.join('')
      if (tier.isAlternative) return arms.join(', or ')
      return `the ${cap === 'higher_of' ? 'higher' : 'lower'} of ${arms.join(' and ')}`
    }
    case 'greatest_of_three': {
      const benefit = benefitTimes === null ? [] : [`${benefitTimes} times the benefit`]
      return `the greatest of ${[...fixed, ...benefit, ...share].join('; ')}`
    }
    case 'pct_only': {
      const instead = fixed[0] ? `; ${fixed[0]} where that cannot be determined` : ''
      return `${share.join('')}${instead}`
    }
    case 'fixed_cap':
      return fixed.join(' or ')
    case 'fixed_range':
    case 'per_violation':
      return `${fixed.join(' to ')} for each violation`
    case 'per_day':
      return `${[...fixed].join(' to ') || share.join('')} for each day`
  }
}

function percentageWords(tier: SanctionTier): string {
  const { basisPoints, dayDivisor, percentAbove, percentWhen, currency, benefitTimes } = tier
  const base = dayDivisor === null ? baseWords(tier) : `(annual turnover / ${dayDivisor})`
  const above =
    percentAbove !== null && currency !== null
      ? `, if it is above ${moneyWords({ minor: percentAbove, currency })}`
      : ''
  const when = percentWhen === null ? '' : ', under the condition of the article'
  const undetermined = percentWhen !== null && benefitTimes !== null
  const condition = undetermined ? ', only if the benefit cannot be determined' : when
  return `${percentWords(basisPoints ?? 0)} of the ${base}${above}${condition}`
}

/** The higher, or lower, of the arms; side by side where the law only says "or". */
function chosen(tier: SanctionTier, question: CapQuestion, region: Region): CapOutcome {
  const { fixed, benefit, percentage: share, steps, missing } = armsOf(tier, question, region)
  const arms = [fixed, benefit, share].filter((arm) => arm !== undefined)
  const currency = currencyOf(tier, question)
  const known = arms.flatMap(({ standing, minor }) =>
    standing === 'in' && minor !== null ? [minor] : [],
  )
  const blank = { ...blankOf(tier), steps, missing }
  if (tier.isAlternative) {
    if (arms.some(isUnknown)) return { ...blank, state: stateOf(missing) }
    const alternatives = known.map((minor) => ({ minor, currency }))
    return { ...blank, state: 'alternatives', alternatives }
  }
  const isLower = tier.cap === 'lower_of'
  const best = isLower ? least(known) : greatest(known)
  const open = arms.filter((arm) => isUnknown(arm) && couldChange(arm, best, isLower))
  if (best === undefined || open.length > 0) {
    const maximumIs = isLower ? 'at_most' : 'at_least'
    const certain = best === undefined ? null : { maximumIs, amount: { minor: best, currency } }
    return { ...blank, state: stateOf(missing), certain } as CapOutcome
  }
  const maximum = { minor: best, currency }
  const step = choiceStep(tier, arms.length, maximum)
  return { ...blank, missing: [], state: 'maximum', maximum, steps: [...steps, ...step] }
}

function percentageOnly(tier: SanctionTier, question: CapQuestion, region: Region): CapOutcome {
  const { fixed, percentage: share, steps, missing } = armsOf(tier, question, region)
  const currency = currencyOf(tier, question)
  const shareSteps = steps.filter(({ rule }) => rule !== 'amount')
  const blank = { ...blankOf(tier), missing }
  if (share === undefined) {
    // The percentage does not count: what the law puts in its place, if anything.
    if (fixed?.minor == null) return { ...blank, steps, state: 'formula' }
    return { ...blank, steps, state: 'maximum', maximum: { minor: fixed.minor, currency } }
  }
  if (isUnknown(share)) return { ...blank, steps: shareSteps, state: stateOf(missing) }
  const maximum = { minor: share.minor as bigint, currency }
  return { ...blank, steps: shareSteps, state: 'maximum', maximum }
}

/** One amount, or two that stand for two kinds of infringement. */
function amounts(tier: SanctionTier, { violations }: CapQuestion): CapOutcome {
  const fixed = fixedMoney(tier)
  const steps = fixed.map((amount) => amountStep(tier, amount))
  const counted = violations === null || violations === 1 ? [] : [notCounted(tier)]
  const blank = { ...blankOf(tier), steps: [...steps, ...counted] }
  const [only] = fixed
  if (only === undefined) return { ...blank, state: 'formula' }
  if (fixed.length === 1) return { ...blank, state: 'maximum', maximum: only }
  return { ...blank, state: 'alternatives', alternatives: fixed }
}

function perDay(tier: SanctionTier, question: CapQuestion): CapOutcome {
  const fixed = fixedMoney(tier)
  if (fixed.length > 0) return times(tier, fixed, 'day', question.days)
  const { turnover, days } = question
  const { dayDivisor, basis } = tier
  const blank = blankOf(tier)
  if (turnover === null || dayDivisor === null || tier.basisPoints === null) {
    return { ...blank, state: 'formula' }
  }
  const points = BigInt(tier.basisPoints)
  const day = shareOf(turnover.minor, 1n, BigInt(dayDivisor))
  const daily = { minor: day.minor, currency: turnover.currency }
  const share = shareOf(turnover.minor, points, 10_000n * BigInt(dayDivisor))
  const money = { minor: share.minor, currency: turnover.currency }
  const per = percentWords(tier.basisPoints)
  const steps: CapStep[] = [
    turnoverStep(tier, turnover),
    {
      rule: 'daily',
      text: `A day of it is ${moneyWords(turnover)} / ${dayDivisor} = ${result(daily, day.isExact)}; the ${dayDivisor} days are a convention of the pack.`,
      article: null,
    },
    {
      rule: 'percentage',
      text: `${per} of ${moneyWords(turnover)} / ${dayDivisor} is ${result(money, share.isExact)}.`,
      article: basis.article,
    },
  ]
  return times(tier, [money], 'day', days, steps)
}

/** Each amount times the count of violations or days; one where none was told. */
function times(
  tier: SanctionTier,
  each: readonly Money[],
  noun: 'violation' | 'day',
  told: number | null,
  before: readonly CapStep[] = each.map((amount) => amountStep(tier, amount)),
): CapOutcome {
  const blank = blankOf(tier)
  const count = told ?? 1
  const totals = each.map(({ minor, currency }) => ({ minor: minor * BigInt(count), currency }))
  const [low, high = low] = totals
  if (low === undefined || high === undefined) return { ...blank, state: 'formula' }
  const text =
    told === null
      ? `For one ${noun}: their number was not told.`
      : `Times ${count} ${noun}${count === 1 ? '' : 's'}: ${totals.map(moneyWords).join(' to ')}.`
  const steps = [...before, { rule: 'count', text, article: null } as const]
  if (each.length === 1) return { ...blank, steps, state: 'maximum', maximum: high }
  return { ...blank, steps, state: 'range', minimum: low, maximum: high }
}

function blankOf(tier: SanctionTier): Omit<CapOutcome, 'state'> {
  const none = { minimum: null, maximum: null, alternatives: [], certain: null }
  return { ...none, formula: formulaOf(tier), steps: [], missing: [] }
}

function choiceStep({ cap, basis }: SanctionTier, arms: number, of: Money): readonly CapStep[] {
  if (arms < 2) return []
  const word = { higher_of: 'higher', lower_of: 'lower', greatest_of_three: 'greatest' } as const
  const which = word[cap as keyof typeof word]
  return [{ rule: 'choice', text: `The ${which} is ${moneyWords(of)}.`, article: basis.article }]
}

function notCounted({ basis }: SanctionTier): CapStep {
  const text = 'The article does not multiply its amount by the number of violations.'
  return { rule: 'count', text, article: basis.article }
}

function isUnknown({ standing, minor }: Arm): boolean {
  return standing === 'open' || minor === null
}

/** An open arm that is known, and on the wrong side of what is certain, changes nothing. */
function couldChange({ minor }: Arm, best: bigint | undefined, isLower: boolean): boolean {
  if (minor === null || best === undefined) return true
  return isLower ? minor < best : minor > best
}

function stateOf(missing: readonly string[]): 'open' | 'formula' {
  return missing.length > 0 ? 'open' : 'formula'
}

function currencyOf({ currency }: SanctionTier, { turnover }: CapQuestion): string {
  return currency ?? turnover?.currency ?? ''
}

function least(amounts: readonly bigint[]): bigint | undefined {
  return amounts.reduce<bigint | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined)
}

function greatest(amounts: readonly bigint[]): bigint | undefined {
  return amounts.reduce<bigint | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined)
}
