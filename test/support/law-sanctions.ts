/** Sanction tiers as a pack would hold them, in whole units, for tests of the arithmetic. */
import type { CalendarDate } from '../../src/base/time.ts'
import type { Condition } from '../../src/core/law/condition.ts'
import type { Basis, EvidenceCode, Instrument, LawPack } from '../../src/core/law/pack.ts'
import { minorDigits, type SanctionTier } from '../../src/core/law/sanction-tier.ts'

export const basis = (article: string, evidence: EvidenceCode = 'P'): Basis =>
  ({
    article,
    source: 'an invented statute',
    evidence,
    retrievedOn: '2026-11-22' as CalendarDate,
    quote: null,
    numeral: null,
  }) as Basis

type Given = Partial<Omit<SanctionTier, 'fixed' | 'percentAbove' | 'basisPoints'>> & {
  readonly fixed?: readonly number[]
  readonly percent?: number
  readonly above?: number
}

/** `id` is the short one; the instrument is `xx.act`. */
export function tier(id: string, cap: SanctionTier['cap'], given: Given = {}): SanctionTier {
  const { fixed = [], percent, above, ...rest } = given
  const currency = given.currency ?? (fixed.length > 0 ? 'EUR' : null)
  const unit = 10n ** BigInt(minorDigits(currency ?? 'EUR'))
  return {
    instrument: 'xx.act',
    for: 'an infringement',
    when: null,
    persons: null,
    base: percent === undefined ? null : 'worldwide_prev_fy',
    baseNote: null,
    benefitTimes: null,
    percentWhen: null,
    isAlternative: false,
    modifies: [],
    dayDivisor: null,
    isFloorOfCap: false,
    track: 'administrative',
    appliesFrom: null,
    isBinding: true,
    note: null,
    basis: basis('9'),
    ...rest,
    id: `xx.act/${id}`,
    cap,
    currency,
    fixed: fixed.map((amount) => BigInt(amount) * unit),
    basisPoints: percent === undefined ? null : Math.round(percent * 100),
    percentAbove: above === undefined ? null : BigInt(above) * unit,
  }
}

export const isTrue = (fact: string): Condition => ({ fact, is: true })

/** A pack with one instrument; only what a question about sanctions reads. */
export function packWith(
  sanctions: readonly SanctionTier[],
  change: Partial<Instrument> = {},
): { readonly pack: LawPack; readonly instrument: Instrument } {
  const instrument = {
    id: 'xx.act',
    name: 'An invented act',
    status: 'in_force',
    statusBasis: basis('1'),
    preemptionRisk: null,
    sanctions,
    fining: null,
    ...change,
  } as Instrument
  const pack = {
    id: 'law.xx',
    version: '1.0.0',
    legalOrder: 'XX',
    members: [],
    within: [],
    asOf: '2026-11-22' as CalendarDate,
    questions: {},
    digest: 'd',
    instruments: [instrument],
  } as unknown as LawPack
  return { pack, instrument }
}
