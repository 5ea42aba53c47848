/**
 * The lower rungs: agree on a tree, ask it, warn, skip a rung, hear the operator.
 * The rungs that two officers decide are in decide-measure.ts.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import {
  type DecisionTree,
  firstHit,
  inputFaults,
  type TreeInputs,
  treeFaults,
} from './decision-tree.ts'
import {
  type EnforcementEvent,
  type EnforcementState,
  type HearingStep,
  takenMeasure,
} from './enforcement.ts'
import { type Rung, type RungCode, rungOf, type SkipGround } from './ladder.ts'

export type WhyEnforcement =
  | 'treeFaulty'
  | 'alreadyAgreed'
  | 'noTree'
  | 'inputsFaulty'
  | 'noOperator'
  | 'measureExists'
  | 'unknownMeasure'
  | 'alreadyTaken'
  | 'alreadySkipped'
  | 'rungNotReached'
  | 'notSkippable'
  | 'groundNotCoded'
  | 'reasonMissing'
  | 'basisMissing'
  | 'hearingNotOpen'
  | 'hearingTooShort'
  | 'hearingNotHeld'
  | 'urgencyNotAllowed'
  | 'secondOfficerRequired'
  | 'handOverOnly'
  | 'factorsMissing'
  | 'otherFinesNotChecked'
  | 'amountFaulty'
  | 'unknownFine'
  | 'unknownTier'
  | 'tierNotInForce'
  | 'tierDoesNotApply'
  | 'currencyDiffers'
  | 'maximumOpen'
  | 'aboveMaximum'
  | 'barredByOther'
  | 'otherFinesOpen'
  | 'notInForce'

export type EnforcementDecision = Decision<readonly EnforcementEvent[], WhyEnforcement>

/** `digest`: SHA-256 of the tree's canonical JSON, lower-case hex, computed by the caller. */
export function agreeDecisionTree(
  state: EnforcementState,
  command: {
    readonly tree: DecisionTree
    readonly digest: string
    readonly simulated: boolean
  },
  _acting: Acting,
): EnforcementDecision {
  const { tree, digest, simulated } = command
  if (state.tree !== null) return no('alreadyAgreed', 'a tree was agreed on for this case')
  const faults = treeFaults(tree)
  if (faults.length > 0) return refuse('treeFaulty', ...faults)
  return permit([{ type: 'decisionTreeAgreed', treeId: tree.treeId, digest, simulated, tree }])
}

export function recommendMeasure(
  { tree }: EnforcementState,
  { inputs }: { readonly inputs: TreeInputs },
  _acting: Acting,
): EnforcementDecision {
  if (tree === null) return no('noTree', 'no decision tree was agreed on beforehand')
  const hit = firstHit(tree, inputs)
  if (!hit) return refuse('inputsFaulty', ...inputFaults(tree, inputs))
  const because = { rule: `decisionTree:${hit.id}`, text: hit.text }
  const { treeId } = tree
  return permit(
    [{ type: 'measureRecommended', tree: treeId, row: hit.id, rung: hit.rung, inputs }],
    because,
  )
}

export type TakeMeasure = {
  readonly measureId: string
  /** Citation of the power. */
  readonly basis: string
  readonly reason: string
}

export function warn(
  state: EnforcementState,
  command: TakeMeasure,
  { officer }: Acting,
): EnforcementDecision {
  const bar = measureBar(state, 'warning', command)
  if (bar) return bar
  const { measureId, basis, reason } = command
  return permit([
    { type: 'measureTaken', measureId, rung: 'warning', basis, reason, officers: [officer] },
  ])
}

/** Skipping needs a ground that the rung knows, and a reason; it is recorded and counted. */
export function skipRung(
  state: EnforcementState,
  command: { readonly rung: RungCode; readonly ground: SkipGround; readonly reason: string },
  _acting: Acting,
): EnforcementDecision {
  const { rung: code, ground, reason } = command
  const rung = rungOf(code)
  if (rung?.skip.skip !== 'recorded') {
    return no('notSkippable', `${code} is not skipped on record`)
  }
  if (takenMeasure(state, code)) return no('alreadyTaken', `${code} was taken`)
  if (isSkipped(state, code)) return no('alreadySkipped', `${code} was skipped`)
  const { grounds, source } = rung.skip
  const cited = source === null ? {} : { source }
  if (!grounds.includes(ground)) {
    const text = `${code} is skipped only on: ${grounds.join(', ')}`
    return refuse('groundNotCoded', { rule: `ladder:${code}`, text, ...cited })
  }
  if (reason.trim() === '') return no('reasonMissing', 'skipping a rung needs a reason')
  const because = { rule: `ladder:${code}`, text: `${code} is skipped: ${ground}`, ...cited }
  return permit([{ type: 'rungSkipped', rung: code, ground, reason }], because)
}

/** `endsAt` and `steps` come from the law engine, which counts working days. */
export function openHearing(
  state: EnforcementState,
  command: {
    readonly measureId: string
    readonly rung: RungCode
    readonly endsAt: Instant
    readonly steps: readonly HearingStep[]
  },
  { now }: Acting,
): EnforcementDecision {
  const { measureId, rung: code, endsAt, steps } = command
  const rung = rungOf(code)
  if (!rung?.hearing) return no('hearingNotOpen', `${code} has no hearing`)
  if (state.operator === null) return no('noOperator', 'there is no operator to hear')
  if (state.hearings.some((hearing) => hearing.measureId === measureId)) {
    return no('measureExists', 'a hearing on this measure is open')
  }
  const { workingDaysMin, source } = rung.hearing
  // Working days are never fewer than as many days: a floor, not the count itself.
  if (endsAt < addMs(now, workingDaysMin * DAY_MS)) {
    const text = `the hearing lasts at least ${workingDaysMin} working days`
    return refuse('hearingTooShort', { rule: 'hearing', text, source })
  }
  return permit(
    [{ type: 'hearingOpened', measureId, rung: code, opensAt: now, endsAt, source, steps }],
    { rule: 'hearing', text: `the operator is heard until ${endsAt}`, source },
  )
}

export function receiveRepresentation(
  state: EnforcementState,
  command: {
    readonly measureId: string
    readonly exhibitId: string | null
    readonly summary: string
  },
  _acting: Acting,
): EnforcementDecision {
  const { measureId, exhibitId, summary } = command
  if (!state.hearings.some((hearing) => hearing.measureId === measureId)) {
    return no('hearingNotOpen', 'no hearing on this measure was opened')
  }
  if (summary.trim() === '') return no('reasonMissing', 'a representation is summed up')
  return permit([{ type: 'representationReceived', measureId, exhibitId, summary }])
}

/** The event that keeps a refusal in the history. */
export function refusalEvent(
  rung: RungCode,
  measureId: string | null,
  { why, because }: Refusal,
): Extract<EnforcementEvent, { type: 'measureRefused' }> {
  return { type: 'measureRefused', measureId, rung, why, because }
}

/** What stands in the way of any measure on this rung, hearing and officers aside. */
export function measureBar(
  state: EnforcementState,
  code: RungCode,
  { measureId, basis, reason }: TakeMeasure,
): Refusal<WhyEnforcement> | undefined {
  const rung = rungOf(code)
  if (!rung) return no('rungNotReached', `${code} is not a rung`)
  if (state.operator === null) return no('noOperator', 'a measure is addressed to an operator')
  if (state.measures.some((measure) => measure.measureId === measureId)) {
    return no('measureExists', 'a measure has this id')
  }
  if (takenMeasure(state, code)) return no('alreadyTaken', `${code} was taken`)
  const bar = rungBar(state, rung)
  if (bar) return bar
  if (basis.trim() === '') return no('basisMissing', 'a measure cites its legal basis')
  if (reason.trim() === '') return no('reasonMissing', 'a measure has a reason')
  return undefined
}

function rungBar(state: EnforcementState, rung: Rung): Refusal<WhyEnforcement> | undefined {
  const untaken = rung.requires.filter((code) => !takenMeasure(state, code))
  const open = rung.after.filter((code) => !takenMeasure(state, code) && !isSkipped(state, code))
  const missing = [...untaken, ...open]
  if (missing.length === 0) return undefined
  const because = missing.map((code) => ({
    rule: `ladder:${rung.code}`,
    text: `${rung.code} comes after ${code}, which was not taken${
      untaken.includes(code) ? '' : ' or skipped on record'
    }`,
  }))
  return refuse('rungNotReached', ...because)
}

function isSkipped(state: EnforcementState, code: RungCode): boolean {
  return state.skipped.some(({ rung }) => rung === code)
}

export function no(why: WhyEnforcement, text: string): Refusal<WhyEnforcement> {
  return refuse(why, { rule: `enforcement:${why}`, text })
}
