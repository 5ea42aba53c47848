/** One agreement: its stream, folded, in the words of a page. Pure. */
import { canonicalText } from '../../../base/canonical-json.ts'
import type { Because } from '../../../base/decision.ts'
import type { AgreementState, EarlierText } from '../../../core/agreement/agreement.ts'
import {
  type AgreementEvent,
  isAgreementEvent,
  type PartySignature,
} from '../../../core/agreement/agreement-events.ts'
import type { Clause } from '../../../core/agreement/clause.ts'
import { diffAgreements } from '../../../core/agreement/diff/diff-agreements.ts'
import { disputedClauses } from '../../../core/agreement/dispute.ts'
import type { AgreementDocument } from '../../../core/agreement/document.ts'
import type { LintFinding } from '../../../core/agreement/lint/finding.ts'
import { type OfferedText, openText } from '../../../core/agreement/offered-texts.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import type { Names } from '../case/names.ts'
import type { AgreementModel, ShownChange } from './model.ts'

export type AgreementSight = {
  readonly state: AgreementState
  readonly document: AgreementDocument
  readonly history: readonly Recorded<AgreementEvent>[]
  readonly names: Names
  readonly findings: readonly LintFinding[]
  readonly acts: AgreementModel['acts']
}

export function agreementModel(sight: AgreementSight): AgreementModel {
  const { state, document, names, findings, acts } = sight
  const held = disputedClauses(state)
  const text = openText(state)
  const waiting = text && state.phase !== 'drafted' ? { waiting: waitingText(sight, text) } : {}
  return {
    id: document.id,
    title: document.title,
    state: state.phase,
    version: document.version,
    sha256: state.digest ?? '',
    ...(state.since ? { since: state.since } : {}),
    validFromAt: document.validFromAt,
    reviewAt: document.reviewAt,
    sunsetAt: document.sunsetAt,
    parties: partiesOf(document, state.signatures),
    ...waiting,
    suspensions: state.suspensions.map(({ party, clauses, ...rest }) => ({
      ...rest,
      party: names.authority(party).name,
      clauses: clauses ?? [],
    })),
    ...retirementOf(sight),
    departures: state.departures.map(({ party, survivingDuties, ...rest }) => ({
      ...rest,
      party: names.authority(party).name,
      clauses: survivingDuties,
    })),
    disputes: disputesOf(sight),
    carveOuts: carveOutCounts(state),
    clauses: document.clauses.map((clause) => shownClause(clause, held.has(clause.id))),
    findings: findings.map(({ severity, where, text, source }) => ({
      ...{ severity, where, text },
      ...(source ? { source } : {}),
    })),
    acts,
    versions: versionsOf(state, document),
    comments: commentsOf(sight),
    history: historyOf(sight),
  }
}

export function carveOutCounts({ carveOuts }: AgreementState): AgreementModel['carveOuts'] {
  const byGround = Map.groupBy(carveOuts, ({ ground }) => ground)
  return [...byGround].map(([ground, used]) => ({ ground, count: used.length }))
}

function waitingText(
  { state, document, names }: AgreementSight,
  text: OfferedText,
): NonNullable<AgreementModel['waiting']> {
  const { digest, offeredBy, offeredAt, signBy, rapid, reason, signatures } = text
  return {
    version: text.document.version,
    sha256: digest,
    offeredBy: names.authority(offeredBy).name,
    offeredAt,
    ...(signBy ? { signBy } : {}),
    rapid,
    reason,
    parties: partiesOf(text.document, signatures),
    ...(state.since ? { changes: changesBetween(document, text.document) } : {}),
  }
}

export function changesBetween(
  older: AgreementDocument,
  newer: AgreementDocument,
): readonly ShownChange[] {
  return diffAgreements(older, newer).changes.map(({ where, effect, text }) => ({
    ...{ where, effect, text },
  }))
}

function partiesOf({ parties }: AgreementDocument, signatures: readonly PartySignature[]) {
  return parties.map(({ node, name }) => {
    const signed = signatures.find(({ party }) => party === node)
    return {
      name,
      hasSigned: signed !== undefined,
      isSimulated: signed?.simulated ?? false,
      bySilence: signed?.officer === node,
      ...(signed?.signedAt ? { signedAt: signed.signedAt } : {}),
    }
  })
}

function retirementOf({ state, names }: AgreementSight): Pick<AgreementModel, 'retirement'> {
  if (!state.retirement) return {}
  const { party, reason, endsAt, survivingDuties: clauses } = state.retirement
  return { retirement: { party: names.authority(party).name, reason, endsAt, clauses } }
}

function disputesOf({ state, names }: AgreementSight): AgreementModel['disputes'] {
  return state.disputes.map(
    ({ clause, openedBy, openedAt, reason, suspendsClause, ...dispute }) => ({
      ...{ clause, openedAt, reason, suspendsClause },
      openedBy: names.authority(openedBy).name,
      steps: dispute.steps.map(({ before, dueAt, taken }) => ({
        ...{ before, dueAt },
        ...(taken ? { outcome: taken.outcome } : {}),
      })),
      ...(dispute.resolution
        ? {
            resolution: {
              outcome: dispute.resolution.outcome,
              reason: dispute.resolution.reason,
            },
          }
        : {}),
    }),
  )
}

/** The words of a clause, and beside them all that a machine reads of it. */
export function shownClause({ id, text, kind, ...data }: Clause, isHeld: boolean) {
  const values = Object.entries(data).map(([name, value]) => ({ name, value: plainValue(value) }))
  return { id, kind, text, isHeld, data: values }
}

function plainValue(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ')
  return typeof value === 'object' && value !== null ? canonicalText(value) : String(value)
}

/** Newest first, each with what it changed. */
function versionsOf(
  { earlier, since, digest }: AgreementState,
  document: AgreementDocument,
): AgreementModel['versions'] {
  if (!since) return []
  type Bound = Omit<EarlierText, 'signatures' | 'endedAt'> & Partial<Pick<EarlierText, 'endedAt'>>
  const all: readonly Bound[] = [...earlier, { document, digest: digest ?? '', since }]
  return all
    .map((bound, index) => {
      const before = all[index - 1]
      return {
        version: bound.document.version,
        sha256: bound.digest,
        since: bound.since,
        ...(bound.endedAt ? { endedAt: bound.endedAt } : {}),
        changes: before ? changesBetween(before.document, bound.document) : [],
      }
    })
    .reverse()
}

function commentsOf({ history, names }: AgreementSight): AgreementModel['comments'] {
  return history.flatMap(({ event, at, by }) =>
    event.type === 'agreementCommented' ? [{ at, by: names.actor(by), text: event.text }] : [],
  )
}

function historyOf({ history, names }: AgreementSight): AgreementModel['history'] {
  return history
    .filter(({ event }) => isAgreementEvent(event))
    .map(({ event, at, by }) => {
      const party = 'party' in event ? { party: names.authority(event.party).name } : {}
      return { at, by: names.actor(by), type: event.type, ...party, ...saidIn(event) }
    })
    .reverse()
}

function saidIn(event: AgreementEvent): { text?: string; because?: readonly Because[] } {
  if (event.type === 'agreementStepRefused') return { because: event.because }
  if (event.type === 'agreementLapsed') return {}
  if ('reason' in event) return { text: event.reason }
  return event.type === 'clauseDisputeStepTaken' ? { text: event.outcome } : {}
}
