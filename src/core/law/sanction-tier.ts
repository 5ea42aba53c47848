/**
 * What a law lets a fine reach, as data: one tier of one instrument.
 *
 * A tier promises what the article says and nothing about what will be imposed;
 * sanction-cap.ts turns it into a statutory maximum for given facts.
 */
import type { CalendarDate } from '../../base/time.ts'
import type { Condition } from './condition.ts'
import type { Basis, Track } from './pack.ts'

export const CAP_RULES = [
  'higher_of',
  'lower_of',
  'pct_only',
  'fixed_cap',
  'fixed_range',
  'per_violation',
  'per_day',
  'greatest_of_three',
] as const
export type CapRule = (typeof CAP_RULES)[number]

/** Whose turnover, where and when: the base of a percentage. */
export const TURNOVER_BASES = [
  'worldwide_group_prev_fy',
  'worldwide_prev_fy',
  'qualifying_worldwide_revenue',
  'domestic_revenue_prev_fy_excl_tax',
  'domestic_annual_turnover',
  'total_sales',
  'adjusted_turnover_breach_period',
  'prev_year_turnover',
  'average_daily_worldwide',
] as const
export type TurnoverBase = (typeof TURNOVER_BASES)[number]

/** Kinds of addressee for whom a law sets another maximum. */
export const PERSON_KINDS = ['sme', 'small_mid_cap', 'natural_person', 'public_body'] as const
export type PersonKind = (typeof PERSON_KINDS)[number]

export type SanctionTier = {
  /** `<instrument id>/<tier id>`. */
  readonly id: string
  readonly instrument: string
  /** The infringements it is for, in words. */
  readonly for: string
  readonly when: Condition | null
  /** `null`: for everybody. Otherwise only for addressees of this kind. */
  readonly persons: PersonKind | null
  readonly cap: CapRule
  /**
   * In minor units of `currency`, in the order of the text: none, one amount, or two. Two are
   * a range under `fixed_range` and `per_day`, and two tiers in one under `fixed_cap`.
   */
  readonly fixed: readonly bigint[]
  /** ISO 4217; `null` where the tier has no amount. */
  readonly currency: string | null
  /** 2.5 % is 250. */
  readonly basisPoints: number | null
  readonly base: TurnoverBase | null
  readonly baseNote: string | null
  /** Times the benefit gained, e.g. 3. */
  readonly benefitTimes: number | null
  /** The percentage arm exists only if this holds. */
  readonly percentWhen: Condition | null
  /** The percentage arm exists only for a turnover above this, in minor units. */
  readonly percentAbove: bigint | null
  /** "Or" without "whichever is higher": alternative maxima, both are shown. */
  readonly isAlternative: boolean
  /** Ids of tiers whose rule this one replaces, with their amounts and percentages. */
  readonly modifies: readonly string[]
  /** Days in the year of a daily base; a convention where the text names none. */
  readonly dayDivisor: number | null
  /** "A national maximum of at least": national law may go higher. */
  readonly isFloorOfCap: boolean
  readonly track: Track
  readonly appliesFrom: { readonly date: CalendarDate; readonly basis: Basis } | null
  readonly isBinding: boolean
  readonly note: string | null
  readonly basis: Basis
}

/** What must be weighed before a fine, and which of it looks at fines of others. */
export type FiningFactors = {
  readonly factors: readonly string[]
  /** Those of `factors` that ask for fines for the same infringement or conduct. */
  readonly priorFines: readonly string[]
  readonly bars: readonly FiningBar[]
  readonly basis: Basis
}

/** Under it no fine may be imposed, because another has acted on the same. */
export type FiningBar = {
  readonly id: string
  /** What the other has done: imposed a fine, or only opened proceedings. */
  readonly trigger: (typeof BAR_TRIGGERS)[number]
  readonly same: (typeof SAMENESS)[number]
  /** The other, or this authority itself, acted under this instrument; `null`: another under the same. */
  readonly instrument: string | null
  readonly when: Condition | null
  readonly text: string
  readonly basis: Basis
}
export const BAR_TRIGGERS = ['fine', 'proceedings'] as const
export const SAMENESS = ['infringement', 'conduct'] as const

/** After these years no penalty can be imposed any more. */
export type Limitation = { readonly years: number; readonly basis: Basis }

/** Digits after the point in amounts of a currency (ISO 4217); 2 where not listed. */
const WITHOUT = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ')
const THREE = 'BHD IQD JOD KWD LYD OMR TND'.split(' ')

export function minorDigits(currency: string): number {
  if (WITHOUT.includes(currency)) return 0
  return THREE.includes(currency) ? 3 : 2
}
