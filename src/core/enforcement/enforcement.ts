/**
 * Enforcement in a case's history: the operator, the agreed decision tree, what it
 * recommended, and each rung taken, skipped, proposed, approved or refused.
 */
import type { Because } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type { CapStep } from '../law/cap-arms.ts'
import type { PackRef } from '../law/pack.ts'
import type { KnownFine, PriorFineFinding } from '../law/prior-fines.ts'
import type { DecisionTree, TreeInputs } from './decision-tree.ts'
import type { RungCode, SkipGround } from './ladder.ts'

export type OperatorRole = 'provider' | 'deployer' | 'importer' | 'distributor' | 'platform'

export type Operator = {
  readonly operatorId: string
  readonly name: string
  readonly role: OperatorRole
  /** Made up for an exercise or a demonstration. */
  readonly invented: boolean
}

/** How the end of a hearing was counted; from the law engine. */
export type HearingStep = { readonly at: string; readonly reason: string }

/** Act without a hearing: who is at risk, and why it cannot wait. */
export type Urgency = { readonly ground: string; readonly reason: string }

export type FineBasis = {
  readonly amountMinor: number
  readonly currency: string
  /** Factor to what was found about it. */
  readonly factors: { readonly [factor: string]: string }
  /** Fines of other authorities for the same conduct: what was found when looking. */
  readonly otherFines: string
  /** The statutory maximum that it was held to; left out where no tier was named. */
  readonly limit?: RecordedLimit
  /** What the law makes of the fines of others that were known. */
  readonly priorFines?: readonly PriorFineFinding[]
  /** Ids of those fines: one that is recorded later was not thought of. */
  readonly knownFines?: readonly string[]
}

/** A maximum as it was computed then, in whole minor units as text. */
export type RecordedLimit = {
  readonly tier: string
  readonly maximumMinor: string | null
  readonly currency: string | null
  readonly formula: string
  readonly steps: readonly CapStep[]
  readonly standing: string
  readonly evidence: string
  readonly source: string
  readonly pack: PackRef
}

export type EnforcementEvent =
  | ({ readonly type: 'operatorNamed' } & Operator)
  | {
      readonly type: 'decisionTreeAgreed'
      readonly treeId: string
      readonly digest: string
      readonly simulated: boolean
      readonly tree: DecisionTree
    }
  | {
      readonly type: 'measureRecommended'
      readonly tree: string
      readonly row: string
      readonly rung: RungCode
      readonly inputs: TreeInputs
    }
  | {
      readonly type: 'measureTaken'
      readonly measureId: string
      readonly rung: RungCode
      /** Citation. */
      readonly basis: string
      readonly reason: string
      readonly officers: readonly string[]
    }
  | {
      readonly type: 'rungSkipped'
      readonly rung: RungCode
      readonly ground: SkipGround
      readonly reason: string
    }
  | {
      readonly type: 'hearingOpened'
      readonly measureId: string
      readonly rung: RungCode
      readonly opensAt: Instant
      readonly endsAt: Instant
      readonly source: string
      readonly steps: readonly HearingStep[]
    }
  | {
      readonly type: 'representationReceived'
      readonly measureId: string
      /** Reference to what the operator said; the text is an exhibit. */
      readonly exhibitId: string | null
      readonly summary: string
    }
  | {
      readonly type: 'measureProposed'
      readonly measureId: string
      readonly rung: RungCode
      readonly basis: string
      readonly reason: string
      readonly proposedBy: string
      /** Whose role the proposer used, by a delegation. */
      readonly inPlaceOf?: string
      readonly urgency: Urgency | null
      readonly fine: FineBasis | null
    }
  | { readonly type: 'measureApproved'; readonly measureId: string; readonly approvedBy: string }
  | {
      readonly type: 'nonComplianceRecorded'
      readonly measureId: string
      readonly since: Instant
      readonly facts: string
    }
  | ({ readonly type: 'otherFineRecorded' } & KnownFine)
  | {
      readonly type: 'measureRefused'
      readonly measureId: string | null
      readonly rung: RungCode
      readonly why: string
      readonly because: readonly Because[]
    }

export type Hearing = {
  readonly measureId: string
  readonly rung: RungCode
  readonly opensAt: Instant
  readonly endsAt: Instant
  readonly representations: number
}

export type Measure = {
  readonly measureId: string
  readonly rung: RungCode
  readonly basis: string
  readonly reason: string
  readonly proposedBy: string
  readonly urgency: Urgency | null
  readonly fine: FineBasis | null
  readonly approvedBy: string | null
  /** Whose role the proposer used, by a delegation. */
  readonly inPlaceOf?: string
  /** null: proposed, not made. */
  readonly takenAt: Instant | null
  readonly nonCompliance: readonly { readonly since: Instant; readonly facts: string }[]
}

export type EnforcementState = {
  readonly operator: Operator | null
  readonly tree: DecisionTree | null
  readonly recommendation: { readonly row: string; readonly rung: RungCode } | null
  readonly measures: readonly Measure[]
  readonly hearings: readonly Hearing[]
  readonly skipped: readonly { readonly rung: RungCode; readonly ground: SkipGround }[]
  readonly refusals: readonly { readonly rung: RungCode; readonly why: string }[]
  /** Fines of others against the operator, and earlier ones of one's own, as last recorded. */
  readonly otherFines: readonly KnownFine[]
}

export const noEnforcement: EnforcementState = {
  operator: null,
  tree: null,
  recommendation: null,
  measures: [],
  hearings: [],
  skipped: [],
  refusals: [],
  otherFines: [],
}

const ENFORCEMENT_EVENTS: Readonly<Record<EnforcementEvent['type'], true>> = {
  operatorNamed: true,
  decisionTreeAgreed: true,
  measureRecommended: true,
  measureTaken: true,
  rungSkipped: true,
  hearingOpened: true,
  representationReceived: true,
  measureProposed: true,
  measureApproved: true,
  nonComplianceRecorded: true,
  otherFineRecorded: true,
  measureRefused: true,
}

export function isEnforcementEvent(event: { readonly type: string }): event is EnforcementEvent {
  return Object.hasOwn(ENFORCEMENT_EVENTS, event.type)
}

export function foldEnforcement(
  state: EnforcementState,
  recorded: Recorded<EnforcementEvent>,
): EnforcementState {
  const { event, at } = recorded
  switch (event.type) {
    case 'operatorNamed': {
      const { type: _, ...operator } = event
      return { ...state, operator }
    }
    case 'decisionTreeAgreed':
      return { ...state, tree: event.tree }
    case 'measureRecommended':
      return { ...state, recommendation: { row: event.row, rung: event.rung } }
    case 'rungSkipped': {
      const { rung, ground } = event
      return { ...state, skipped: [...state.skipped, { rung, ground }] }
    }
    case 'measureRefused': {
      const { rung, why } = event
      return { ...state, refusals: [...state.refusals, { rung, why }] }
    }
    case 'otherFineRecorded': {
      const { type: _, ...fine } = event
      const others = state.otherFines.filter(({ fineId }) => fineId !== fine.fineId)
      return { ...state, otherFines: [...others, fine] }
    }
    case 'hearingOpened': {
      const { measureId, rung, opensAt, endsAt } = event
      const hearing = { measureId, rung, opensAt, endsAt, representations: 0 }
      return { ...state, hearings: [...state.hearings, hearing] }
    }
    case 'representationReceived':
      return {
        ...state,
        hearings: changeWhere(
          state.hearings,
          ({ measureId }) => measureId === event.measureId,
          (hearing) => ({ ...hearing, representations: hearing.representations + 1 }),
        ),
      }
    case 'measureProposed':
    case 'measureTaken':
    case 'measureApproved':
    case 'nonComplianceRecorded':
      return { ...state, measures: foldMeasures(state.measures, event, at) }
    default:
      return state
  }
}

type MeasureEvent = Extract<
  EnforcementEvent,
  { type: 'measureProposed' | 'measureTaken' | 'measureApproved' | 'nonComplianceRecorded' }
>

function foldMeasures(measures: readonly Measure[], event: MeasureEvent, at: Instant) {
  const isIt = ({ measureId }: Measure) => measureId === event.measureId
  switch (event.type) {
    case 'measureProposed': {
      const { type: _, ...proposed } = event
      return [...measures, { ...proposed, approvedBy: null, takenAt: null, nonCompliance: [] }]
    }
    case 'measureApproved':
      return changeWhere(measures, isIt, (it) => ({ ...it, approvedBy: event.approvedBy }))
    case 'measureTaken': {
      if (measures.some(isIt)) {
        return changeWhere(measures, isIt, (it) => ({ ...it, takenAt: at }))
      }
      const { measureId, rung, basis, reason, officers } = event
      const alone = { proposedBy: officers[0] ?? '', approvedBy: null, urgency: null, fine: null }
      const measure = { measureId, rung, basis, reason, ...alone, takenAt: at, nonCompliance: [] }
      return [...measures, measure]
    }
    case 'nonComplianceRecorded': {
      const { since, facts } = event
      return changeWhere(measures, isIt, (it) => ({
        ...it,
        nonCompliance: [...it.nonCompliance, { since, facts }],
      }))
    }
  }
}

/** The measure of that rung that was taken, if any. */
export function takenMeasure(state: EnforcementState, rung: RungCode): Measure | undefined {
  return state.measures.find((measure) => measure.rung === rung && measure.takenAt !== null)
}
