/**
 * The rungs that two officers decide: one proposes, another approves, and only
 * then the measure is made. No order before the operator was heard, unless an
 * urgency is recorded; no fine without an order that was not obeyed.
 */
import { permit, type Refusal, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import { isSameSide, sideOf } from '../people/standing.ts'
import {
  type EnforcementDecision,
  measureBar,
  no,
  type TakeMeasure,
  type WhyEnforcement,
} from './climb-ladder.ts'
import {
  type EnforcementState,
  type FineBasis,
  type Measure,
  takenMeasure,
  type Urgency,
} from './enforcement.ts'
import {
  type FineLimit,
  fineRecordedSince,
  knownFines,
  limitBar,
  priorFinesBar,
  recordedLimit,
} from './fine-limit.ts'
import { type Rung, type RungCode, rungOf } from './ladder.ts'

const CURRENCY = /^[A-Z]{3}$/

/** Any rung that is neither a warning nor a fine; an order needs its hearing first. */
export function proposeOrder(
  state: EnforcementState,
  command: TakeMeasure & { readonly rung: RungCode; readonly urgency: Urgency | null },
  acting: Acting,
): EnforcementDecision {
  const { now } = acting
  const { measureId, rung: code, basis, reason, urgency } = command
  const rung = rungOf(code)
  if (!rung || code === 'fine' || code === 'periodicPenalty' || !rung.twoOfficers) {
    return no('rungNotReached', `${code} is not proposed as an order`)
  }
  if (rung.handOver) {
    return no('handOverOnly', `${code} is for a court or prosecutor: hand the case over`)
  }
  const bar = measureBar(state, code, command) ?? hearingBar(state, rung, command, now)
  if (bar) return bar
  const proposed = { type: 'measureProposed', measureId, rung: code, basis, reason } as const
  return permit([{ ...proposed, ...proposerOf(acting), urgency, fine: null }])
}

/** A second officer makes a proposed measure; the proposer cannot. */
export function approveOrder(
  state: EnforcementState,
  { measureId }: { readonly measureId: string },
  acting: Acting,
): EnforcementDecision {
  const { officer, now } = acting
  const measure = state.measures.find((candidate) => candidate.measureId === measureId)
  if (measure === undefined) return no('unknownMeasure', 'no measure has this id')
  if (measure.takenAt !== null) return no('alreadyTaken', 'the measure was made')
  const proposer = { officer: measure.proposedBy, inPlaceOf: measure.inPlaceOf ?? null }
  if (isSameSide(proposer, sideOf(acting))) {
    return no('secondOfficerRequired', 'two officers decide: the proposer does not approve')
  }
  const unknown = fineRecordedSince(state, measure)
  if (unknown) return unknown
  const { rung: code, basis, reason, proposedBy } = measure
  if (takenMeasure(state, code)) return no('alreadyTaken', `${code} was taken`)
  const rung = rungOf(code)
  const bar = rung && hearingBar(state, rung, measure, now)
  if (bar) return bar
  const officers = [proposedBy, officer]
  return permit([
    { type: 'measureApproved', measureId, approvedBy: officer },
    { type: 'measureTaken', measureId, rung: code, basis, reason, officers },
  ])
}

/** What the operator did not do after an order that was made. */
export function recordNonCompliance(
  state: EnforcementState,
  command: { readonly measureId: string; readonly since: Instant; readonly facts: string },
  { now }: Acting,
): EnforcementDecision {
  const { measureId, since, facts } = command
  const measure = state.measures.find((candidate) => candidate.measureId === measureId)
  if (measure?.takenAt == null) return no('unknownMeasure', 'no measure with this id was made')
  if (since < measure.takenAt || since > now) {
    return no('notInForce', 'non-compliance lies after the order and not in the future')
  }
  if (facts.trim() === '') return no('reasonMissing', 'non-compliance is stated in facts')
  return permit([{ type: 'nonComplianceRecorded', measureId, since, facts }])
}

/**
 * Proposes a fine; a second officer approves it with `approveOrder`. With a tier of the
 * law pack it stays within the statutory maximum. Never automatic.
 */
export function imposeFine(
  state: EnforcementState,
  command: TakeMeasure & Omit<FineBasis, 'limit' | 'knownFines'> & { readonly limit?: FineLimit },
  acting: Acting,
): EnforcementDecision {
  const { measureId, basis, reason, amountMinor, currency, factors, otherFines } = command
  const { limit, priorFines } = command
  const bar = measureBar(state, 'fine', command) ?? disobeyedBar(state)
  if (bar) return bar
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0 || !CURRENCY.test(currency)) {
    return no('amountFaulty', 'a fine is a whole number of minor units of a currency')
  }
  const found = Object.values(factors)
  if (found.length === 0 || found.some((text) => text.trim() === '')) {
    const source = 'Regulation (EU) 2024/1689, art. 99(7)'
    const text = 'the factors are filled in before a fine is proposed'
    return refuse('factorsMissing', { rule: 'ladder:fine', text, source })
  }
  if (otherFines.trim() === '') {
    return no('otherFinesNotChecked', 'fines of other authorities for the same conduct are checked')
  }
  const priorBar = priorFinesBar(priorFines ?? [])
  if (priorBar) return priorBar
  const above = limit && limitBar({ minor: BigInt(amountMinor), currency }, limit)
  if (above) return above
  const recorded = limit && recordedLimit(limit)
  const fine: FineBasis = {
    ...{ amountMinor, currency, factors, otherFines },
    ...(recorded ? { limit: recorded } : {}),
    ...(priorFines ? { priorFines, knownFines: knownFines(state) } : {}),
  }
  const proposed = { type: 'measureProposed', measureId, rung: 'fine', basis, reason } as const
  return permit([{ ...proposed, ...proposerOf(acting), urgency: null, fine }])
}

function proposerOf({ officer, inPlaceOf }: Acting) {
  return { proposedBy: officer, ...(inPlaceOf ? { inPlaceOf } : {}) }
}

function hearingBar(
  state: EnforcementState,
  rung: Rung,
  { measureId, urgency }: Pick<Measure, 'measureId' | 'urgency'>,
  now: Instant,
): Refusal<WhyEnforcement> | undefined {
  if (rung.hearing === null) return undefined
  const { source } = rung.hearing
  if (urgency !== null) {
    if (urgency.ground.trim() !== '' && urgency.reason.trim() !== '') return undefined
    const text = 'urgency counts only with its ground and reason on record'
    return refuse('urgencyNotAllowed', { rule: 'hearing', text, source })
  }
  const hearing = state.hearings.find(
    (candidate) => candidate.measureId === measureId && candidate.rung === rung.code,
  )
  if (hearing && hearing.endsAt <= now) return undefined
  const text = hearing
    ? `the operator is being heard until ${hearing.endsAt}`
    : 'the operator has not been heard'
  return refuse('hearingNotHeld', { rule: 'hearing', text, source })
}

function disobeyedBar(state: EnforcementState): Refusal<WhyEnforcement> | undefined {
  const order = takenMeasure(state, 'correctiveOrder')
  if (order && order.nonCompliance.length > 0) return undefined
  const text = 'a fine needs an order that was not obeyed'
  return refuse('rungNotReached', { rule: 'ladder:fine', text })
}
