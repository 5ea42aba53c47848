/**
 * How far a maximum can be relied on: as for clocks (standing.ts), a value binds only
 * if its text was read, two officers signed it off, and it is law on that day.
 */
import type { Because } from '../../base/decision.ts'
import type { CalendarDate } from '../../base/time.ts'
import { cite, type EvidenceCode, type Instrument } from './pack.ts'
import type { SanctionTier } from './sanction-tier.ts'
import { NOT_LAW, type Standing } from './standing.ts'

export type CapStanding = Standing & {
  /** The weakest mark of the tiers that were used. */
  readonly evidence: EvidenceCode
}

/** @param tiers the tier, and what modified it */
export function capStanding(
  instrument: Instrument,
  tiers: readonly SanctionTier[],
  on: CalendarDate,
  isSigned: boolean,
): CapStanding {
  const marks = tiers.map(({ basis }) => basis.evidence)
  const evidence = marks.includes('R') ? 'R' : marks.includes('S') ? 'S' : 'P'
  const advisory = whyAdvisory(instrument, tiers, on)
  if (advisory.length > 0) return { standing: 'advisory', because: advisory, evidence }
  const later = whyLater(instrument, tiers, on)
  if (later.length > 0) return { standing: 'not_yet_applicable', because: later, evidence }
  const doubts = whyUnsure(tiers, isSigned)
  if (doubts.length > 0) return { standing: 'confirm', because: doubts, evidence }
  const text = 'The text of the law was read and the pack is signed off.'
  return { standing: 'binding', because: [{ rule: 'law:text-read', text }], evidence }
}

function whyAdvisory(
  { status, statusBasis, preemptionRisk: risk }: Instrument,
  tiers: readonly SanctionTier[],
  on: CalendarDate,
): readonly Because[] {
  const found: Because[] = []
  if (NOT_LAW.includes(status)) {
    const text = `The instrument is not law: ${status.replaceAll('_', ' ')}.`
    found.push({ rule: 'law:not-law', text, source: cite(statusBasis) })
  }
  if (tiers.some(({ isBinding }) => !isBinding)) {
    found.push({ rule: 'law:not-binding', text: 'The pack marks it as not binding.' })
  }
  if (tiers.some(({ basis }) => basis.evidence === 'R')) {
    const text = 'The entry is recalled only and must be verified.'
    found.push({ rule: 'law:recalled-only', text })
  }
  if (risk?.level === 'enacted' && (risk.switchOffFrom === null || risk.switchOffFrom <= on)) {
    found.push({ rule: 'law:pre-empted', text: risk.note })
  }
  return found
}

function whyLater(
  { status }: Instrument,
  tiers: readonly SanctionTier[],
  on: CalendarDate,
): readonly Because[] {
  const later = tiers.flatMap(({ appliesFrom }) => (appliesFrom ? [appliesFrom] : []))
  const waits = later
    .filter(({ date }) => on < date)
    .map(({ date, basis }) => {
      const text = `The provision applies from ${date}.`
      return { rule: 'law:provision-later', text, source: cite(basis) }
    })
  if (waits.length > 0 || later.length > 0) return waits
  const isLater = status === 'enacted_future' || status === 'in_force_not_yet_applicable'
  const text = 'The instrument does not apply yet.'
  return isLater ? [{ rule: 'law:provision-later', text }] : []
}

function whyUnsure(tiers: readonly SanctionTier[], isSigned: boolean): readonly Because[] {
  const found: Because[] = []
  const secondary = tiers.find(({ basis }) => basis.evidence === 'S')
  if (secondary) {
    const text = 'Only a secondary source was read.'
    found.push({ rule: 'law:secondary-source', text, source: cite(secondary.basis) })
  }
  if (!isSigned) {
    const text = 'Two officers have not signed off this law pack.'
    found.push({ rule: 'law:not-signed-off', text })
  }
  return found
}
