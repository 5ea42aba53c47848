/**
 * The arms of a cap: the amount in the law, a share of a turnover, a multiple of a
 * benefit. Each with its step, so that a reader can redo it with pencil and paper.
 *
 * An arm that is not known is not zero: it has no amount, and the cap stays open.
 */
import { evaluate, type Facts, type Region } from './condition.ts'
import { type Money, moneyWords, percentWords, shareOf } from './money.ts'
import type { SanctionTier, TurnoverBase } from './sanction-tier.ts'

export type CapStep = {
  readonly rule: CapStepRule
  readonly text: string
  /** Where the law says so; `null` for what was told or is arithmetic. */
  readonly article: string | null
}
export type CapStepRule =
  | 'modifier'
  | 'currency'
  | 'amount'
  | 'turnover'
  | 'benefit'
  | 'condition'
  | 'daily'
  | 'percentage'
  | 'times'
  | 'count'
  | 'choice'
  | 'floor'

/** What is known about the infringement and its author. */
export type CapQuestion = {
  readonly turnover: Money | null
  readonly benefit: Money | null
  readonly violations: number | null
  readonly days: number | null
  readonly facts: Facts
}

export type Arm = {
  /** `open`: whether it counts depends on a fact that nobody told. */
  readonly standing: 'in' | 'open'
  /** `null`: it counts, but the turnover or the benefit is not known. */
  readonly minor: bigint | null
}

/** `undefined` arms do not exist, or do not count. */
export type Arms = {
  readonly fixed: Arm | undefined
  readonly benefit: Arm | undefined
  readonly percentage: Arm | undefined
  readonly steps: readonly CapStep[]
  /** Facts to ask for. */
  readonly missing: readonly string[]
}

export const BASE_WORDS: Readonly<Record<TurnoverBase, string>> = {
  worldwide_group_prev_fy:
    'worldwide annual turnover of the whole group in the financial year before',
  worldwide_prev_fy: 'worldwide annual turnover of the financial year before',
  qualifying_worldwide_revenue: 'qualifying worldwide revenue of the most recent accounting period',
  domestic_revenue_prev_fy_excl_tax:
    'revenue in the country, without taxes, of the financial year before',
  domestic_annual_turnover: 'annual turnover in the country',
  total_sales: 'total sales',
  adjusted_turnover_breach_period: 'adjusted turnover during the period of the breach',
  prev_year_turnover: 'turnover of the year before',
  average_daily_worldwide: 'average daily worldwide turnover',
}

/** `base` in words; a tier whose base the pack only describes says its note. */
export function baseWords({ base, baseNote }: SanctionTier): string {
  if (base !== null) return BASE_WORDS[base]
  return baseNote ?? 'turnover'
}

export function fixedMoney({ fixed, currency }: SanctionTier): readonly Money[] {
  return currency === null ? [] : fixed.map((minor) => ({ minor, currency }))
}

/** The three arms of a rule that compares them. Never for a rule that multiplies or divides. */
export function armsOf(tier: SanctionTier, question: CapQuestion, region: Region): Arms {
  const [fixed] = fixedMoney(tier)
  const benefit = benefitArm(tier, question, region)
  const percentage = percentageArm(tier, question, region)
  return {
    fixed: fixed && { standing: 'in', minor: fixed.minor },
    benefit: benefit.arm,
    percentage: percentage.arm,
    steps: [...(fixed ? [amountStep(tier, fixed)] : []), ...benefit.steps, ...percentage.steps],
    missing: percentage.missing,
  }
}

export function amountStep({ basis }: SanctionTier, amount: Money): CapStep {
  const text = `The amount in the law is ${moneyWords(amount)}.`
  return { rule: 'amount', text, article: basis.article }
}

export function turnoverStep(tier: SanctionTier, turnover: Money): CapStep {
  const text = `The turnover as told is ${moneyWords(turnover)}; what counts is the ${baseWords(tier)}.`
  return { rule: 'turnover', text, article: tier.basis.article }
}

/** A percentage of an amount, rounded down to the minor unit. */
export function percentage(tier: SanctionTier, of: Money): { money: Money; step: CapStep } {
  const points = tier.basisPoints ?? 0
  const { minor, isExact } = shareOf(of.minor, BigInt(points), 10_000n)
  const money = { minor, currency: of.currency }
  const text = `${percentWords(points)} of ${moneyWords(of)} is ${result(money, isExact)}.`
  return { money, step: { rule: 'percentage', text, article: tier.basis.article } }
}

/** `EUR 5 exactly`, or `EUR 0.33, rounded down to the minor unit (EUR 0.01)`. */
export function result(money: Money, isExact: boolean): string {
  if (isExact) return moneyWords(money)
  const unit = moneyWords({ minor: 1n, currency: money.currency })
  return `${moneyWords(money)}, rounded down to the minor unit (${unit})`
}

type Made = {
  readonly arm: Arm | undefined
  readonly steps: readonly CapStep[]
  readonly missing: readonly string[]
}
const NONE: Made = { arm: undefined, steps: [], missing: [] }

function benefitArm(tier: SanctionTier, question: CapQuestion, region: Region): Made {
  const { benefitTimes, basis } = tier
  if (benefitTimes === null) return NONE
  const { benefit } = question
  if (benefit === null) {
    // Where the percentage stands in for a benefit that cannot be determined, there is no third arm.
    const isUndetermined = conditionOf(tier, question, region) === 'yes'
    if (isUndetermined) return NONE
    return { ...NONE, arm: { standing: 'in', minor: null } }
  }
  const minor = benefit.minor * BigInt(benefitTimes)
  const product = moneyWords({ minor, currency: benefit.currency })
  const text = `${benefitTimes} times the benefit of ${moneyWords(benefit)} is ${product}.`
  const step: CapStep = { rule: 'times', text, article: basis.article }
  return { ...NONE, arm: { standing: 'in', minor }, steps: [step] }
}

function percentageArm(tier: SanctionTier, question: CapQuestion, region: Region): Made {
  const { basisPoints, percentWhen } = tier
  if (basisPoints === null) return NONE
  const { turnover, facts } = question
  const condition = conditionOf(tier, question, region)
  if (condition === 'no') return { ...NONE, steps: [conditionStep(tier, question)] }
  const missing =
    condition === 'unknown' && percentWhen ? evaluate(percentWhen, facts, region).missing : []
  const standing = condition === 'unknown' ? 'open' : 'in'
  if (turnover === null) return { arm: { standing, minor: null }, steps: [], missing }
  const share = percentage(tier, turnover)
  const steps = [turnoverStep(tier, turnover), share.step]
  return { arm: { standing, minor: share.money.minor }, steps, missing }
}

/**
 * Does the percentage count? A stated benefit was determined, so a percentage that stands
 * in for it does not; stated sales were calculated, so an amount that stands in for them
 * does not. A law that names a turnover to exceed is answered by the turnover.
 */
function conditionOf(
  tier: SanctionTier,
  { turnover, benefit, facts }: CapQuestion,
  region: Region,
): 'yes' | 'no' | 'unknown' {
  const { percentAbove, percentWhen, benefitTimes, cap } = tier
  if (percentAbove !== null && turnover !== null && turnover.minor <= percentAbove) return 'no'
  if (percentWhen === null) return 'yes'
  const { answer } = evaluate(percentWhen, facts, region)
  if (answer !== 'unknown') return answer
  if (benefitTimes !== null && benefit !== null) return 'no'
  if (cap === 'pct_only' && turnover !== null) return 'yes'
  return 'unknown'
}

function conditionStep(tier: SanctionTier, { turnover, benefit }: CapQuestion): CapStep {
  const { percentAbove, benefitTimes, currency, basis } = tier
  const why =
    percentAbove !== null && turnover !== null && turnover.minor <= percentAbove
      ? `the turnover of ${moneyWords(turnover)} is not above ${moneyWords({ minor: percentAbove, currency: currency ?? turnover.currency })}`
      : benefitTimes !== null && benefit !== null
        ? 'the benefit is known'
        : 'its condition is not met'
  const text = `The percentage does not count: ${why}.`
  return { rule: 'condition', text, article: basis.article }
}
