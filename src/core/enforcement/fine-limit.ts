/**
 * What stands above a fine: the statutory maximum of the tier that it is imposed under,
 * and fines of others for the same. Both are a lawful no before anybody is fined.
 *
 * A maximum that cannot be computed is no leave: what is not certainly below it is refused.
 */
import { type Because, type Decision, type Refusal, refuse } from '../../base/decision.ts'
import { type Money, moneyWords } from '../law/money.ts'
import { cite, type PackRef } from '../law/pack.ts'
import type { PriorFineFinding } from '../law/prior-fines.ts'
import { ceilingOf, type SanctionCap, type WhyNoCap } from '../law/sanction-cap.ts'
import { no, type WhyEnforcement } from './climb-ladder.ts'
import type { EnforcementState, Measure, RecordedLimit } from './enforcement.ts'

export type FineLimit = {
  readonly tier: string
  /** `undefined`: the pack of this authority has no such tier. */
  readonly cap: Decision<SanctionCap, WhyNoCap> | undefined
  readonly pack: PackRef
}

type Bar = Refusal<WhyEnforcement> | undefined

export function limitBar(fine: Money, { tier, cap }: FineLimit): Bar {
  if (cap === undefined) return no('unknownTier', `the law pack has no tier ${tier}`)
  if (cap.decision === 'refuse') {
    const why = cap.why === 'currencyDiffers' ? 'currencyDiffers' : 'tierDoesNotApply'
    return refuse(why, ...cap.because)
  }
  const { value } = cap
  if (value.standing === 'advisory' || value.standing === 'not_yet_applicable') {
    return refuse('tierNotInForce', ...value.because)
  }
  if (value.currency !== null && value.currency !== fine.currency) {
    return refuse('currencyDiffers', {
      rule: 'law:currency',
      text: `the fine is in ${fine.currency}, the maximum of the law in ${value.currency}`,
      source: cite(value.basis),
    })
  }
  return amountBar(fine, value)
}

function amountBar(fine: Money, cap: SanctionCap): Bar {
  const { certain, isFloorOfCap } = cap
  const ceiling = ceilingOf(cap)
  const isBelow = (most: Money) => fine.minor <= most.minor
  if (ceiling !== null) {
    if (isBelow(ceiling)) return undefined
    return isFloorOfCap ? openMaximum(cap) : aboveMaximum(fine, ceiling, cap)
  }
  if (certain?.maximumIs === 'at_least' && isBelow(certain.amount)) return undefined
  if (certain?.maximumIs === 'at_most' && !isBelow(certain.amount)) {
    return aboveMaximum(fine, certain.amount, cap)
  }
  return openMaximum(cap)
}

function aboveMaximum(fine: Money, most: Money, cap: SanctionCap): Bar {
  const text = `${moneyWords(fine)} is above the statutory maximum of ${cap.tier}: ${moneyWords(most)}`
  return refuse(
    'aboveMaximum',
    { rule: 'ladder:fine', text, source: cite(cap.basis) },
    ...stepsOf(cap),
  )
}

function openMaximum(cap: SanctionCap): Bar {
  const text = cap.isFloorOfCap
    ? `${cap.tier} is only the least maximum that national law must have, and the pack does not hold that law`
    : `the maximum of ${cap.tier} is not known: ${cap.formula}`
  return refuse(
    'maximumOpen',
    { rule: 'ladder:fine', text, source: cite(cap.basis) },
    ...stepsOf(cap),
  )
}

function stepsOf({ steps, missing }: SanctionCap): readonly Because[] {
  return [
    ...steps.map(({ rule, text }) => ({ rule: `cap:${rule}`, text })),
    ...missing.map((fact) => ({ rule: 'law:facts', text: `record first whether: ${fact}` })),
  ]
}

/** A bar of the law, or a relation that nobody has assessed. */
export function priorFinesBar(findings: readonly PriorFineFinding[]): Bar {
  const bars = findings.filter(({ effect }) => effect === 'bars')
  if (bars.length > 0) return refuse('barredByOther', ...bars.map((each) => each.because))
  const open = findings.filter(({ effect }) => effect === 'open')
  if (open.length > 0) return refuse('otherFinesOpen', ...open.map((each) => each.because))
  return undefined
}

/** What the fine was held to, as the history keeps it. */
export function recordedLimit({ cap, pack }: FineLimit): RecordedLimit | undefined {
  if (cap?.decision !== 'permit') return undefined
  const { tier, formula, steps, standing, evidence, basis } = cap.value
  const ceiling = ceilingOf(cap.value)
  return {
    ...{ tier, formula, steps, standing, evidence, pack },
    maximumMinor: ceiling && `${ceiling.minor}`,
    currency: ceiling?.currency ?? cap.value.currency,
    source: cite(basis),
  }
}

export function knownFines({ otherFines }: EnforcementState): readonly string[] {
  return otherFines.map(({ fineId }) => fineId)
}

/** A fine of another that came to be known after this one was proposed. */
export function fineRecordedSince({ otherFines }: EnforcementState, { fine }: Measure): Bar {
  if (fine?.knownFines === undefined) return undefined
  const { knownFines: known } = fine
  const since = otherFines.find(
    ({ fineId, state }) => state !== 'none' && state !== 'annulled' && !known.includes(fineId),
  )
  if (since === undefined) return undefined
  const text = `a fine of ${since.authority} was recorded after the proposal: propose the fine again`
  return no('otherFinesNotChecked', text)
}
