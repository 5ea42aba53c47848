/**
 * Disputes about a clause: opened by a party, taken through the steps that the agreement's
 * `dispute` clause states, resolved. They decide nothing about who is right.
 */
import { addMs, DAY_MS, type Instant, instantFromMs } from '../../base/time.ts'
import type { AgreementState } from './agreement.ts'
import type { AgreementStep, DisputeOutcome } from './agreement-events.ts'
import type { ClauseOf } from './clause.ts'
import { type AgreementDocument, clauseOfKind } from './document.ts'
import type { OfferedText } from './offered-texts.ts'

export type Dispute = {
  readonly disputeId: string
  readonly clause: string
  readonly openedBy: string
  readonly openedAt: Instant
  readonly reason: string
  readonly suspendsClause: boolean
  readonly steps: readonly {
    readonly before: string
    readonly dueAt: Instant
    readonly taken: { readonly at: Instant; readonly by: string; readonly outcome: string } | null
  }[]
  readonly resolution: {
    readonly at: Instant
    readonly by: string
    readonly outcome: DisputeOutcome
    readonly reason: string
  } | null
}

type DisputeEvent = Extract<
  AgreementStep,
  { type: 'clauseDisputeOpened' | 'clauseDisputeStepTaken' | 'clauseDisputeResolved' }
>

export function foldDispute(
  disputes: readonly Dispute[],
  event: DisputeEvent,
  at: Instant,
): readonly Dispute[] {
  if (event.type === 'clauseDisputeOpened') {
    const { disputeId, clause, party, reason, suspendsClause, steps } = event
    const open = {
      disputeId,
      clause,
      openedBy: party,
      openedAt: at,
      reason,
      suspendsClause,
      steps: steps.map((step) => ({ ...step, taken: null })),
      resolution: null,
    }
    return [...disputes, open]
  }
  return disputes.map((dispute) => {
    if (dispute.disputeId !== event.disputeId) return dispute
    const { party: by, outcome } = event
    if (event.type === 'clauseDisputeResolved') {
      return { ...dispute, resolution: { at, by, outcome: event.outcome, reason: event.reason } }
    }
    const steps = dispute.steps.map((step, index) =>
      index === event.step ? { ...step, taken: { at, by, outcome } } : step,
    )
    return { ...dispute, steps }
  })
}

export function openDisputes({ disputes }: AgreementState): readonly Dispute[] {
  return disputes.filter(({ resolution }) => resolution === null)
}

/**
 * Ids of the clauses that permit nothing for now: those in a dispute that suspends its clause,
 * those that a party has suspended by themselves, and what permits only together with a duty
 * among them. They forbid and require as before.
 */
export function disputedClauses(state: AgreementState): ReadonlySet<string> {
  const disputed = openDisputes(state).filter(({ suspendsClause }) => suspendsClause)
  const out = [
    ...disputed.map(({ clause }) => clause),
    ...state.suspensions.flatMap(({ clauses }) => clauses ?? []),
  ]
  const carriers = (state.document?.clauses ?? []).filter(
    (clause) => clause.kind === 'permitRelease' && clause.duties.some((id) => out.includes(id)),
  )
  return new Set([...out, ...carriers.map(({ id }) => id)])
}

/**
 * Whether it is opened with the steps, the days and the effect of a text that binds, did a
 * short while ago, or may bind where it was opened: signed by that party and another one.
 * The days count from when its party signed it.
 */
export function isOpenedAsAgreed(state: AgreementState, opened: OpeningOfDispute): boolean {
  const { document, earlier, texts } = state
  const isSignedThere = ({ signatures }: OfferedText) =>
    signatures.length > 1 && signatures.some(({ party }) => party === opened.party)
  const known = [...earlier, ...texts.filter(isSignedThere)].map((text) => text.document)
  return [...(document ? [document] : []), ...known].some((one) => isAsIn(one, opened))
}

type OpeningOfDispute = Extract<AgreementStep, { type: 'clauseDisputeOpened' }>

function isAsIn(document: AgreementDocument, opened: OpeningOfDispute): boolean {
  const { statement } = opened
  const agreed = disputeSteps(document, statement?.at ?? NO_MOMENT)
  return (
    agreed.suspendsClause === opened.suspendsClause &&
    agreed.steps.length === opened.steps.length &&
    agreed.steps.every(({ before, dueAt }, index) => {
      const said = opened.steps[index]
      // Only one's own step has no signature yet, and its days come from the text itself.
      return said?.before === before && (!statement || said.dueAt === dueAt)
    })
  )
}

const NO_MOMENT = instantFromMs(0)

/** The steps with their dates, counted one after the other from the day it is opened. */
export function disputeSteps(document: AgreementDocument, openedAt: Instant) {
  const clause = clauseOfKind(document, 'dispute') as ClauseOf<'dispute'> | undefined
  let dueAt = openedAt
  const steps = (clause?.steps ?? []).map(({ before, withinDays }) => {
    dueAt = addMs(dueAt, withinDays * DAY_MS)
    return { before, dueAt }
  })
  return { steps, suspendsClause: clause?.suspendsClause ?? false }
}
