/**
 * What happens to an agreement, as events. Each party keeps its own stream of it.
 *
 * A step that a party takes and the others must know of is one event, the same in every
 * stream: its party signs it with its message key (`statement`), and who receives it keeps
 * exactly what was signed. What only time or the last signature brings (entry into force,
 * lapse) each node records for itself, by the same rules.
 */
import type { Because } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { AgreementRef } from './agreement.ts'
import type { CarveOut } from './clause.ts'
import type { AgreementDocument } from './document.ts'

export type PartySignature = {
  /** Node id of the party. */
  readonly party: string
  /** The node itself where the consent is a notice that nobody objected to. */
  readonly officer: string
  readonly digest: string
  /** Base64 over the digest, by the party's message key. */
  readonly signature: string
  readonly simulated: boolean
  /** Case time of the party, signed with the rest. Signatures of earlier versions have none. */
  readonly signedAt?: Instant
}

/** By whom of the party, when (its case time), and the signature of its message key over the step. */
export type StepStatement = {
  readonly officer: string
  readonly at: Instant
  /** Base64. */
  readonly signature: string
}

export const SUSPENSION_CODES = [
  'breach',
  'risksForRights',
  'lawChanged',
  'keysCompromised',
  'security',
  'other',
] as const
export type SuspensionCode = (typeof SUSPENSION_CODES)[number]

export const DISPUTE_OUTCOMES = ['settled', 'withdrawn', 'upheld', 'dismissed'] as const
export type DisputeOutcome = (typeof DISPUTE_OUTCOMES)[number]

type Stepped = { readonly statement?: StepStatement }

/** Steps of one party that every party records alike. */
export type AgreementStep = Stepped &
  (
    | {
        /** A counter-offer before the agreement binds, an amendment after. Voids earlier signatures. */
        readonly type: 'agreementTextOffered'
        readonly party: string
        readonly document: AgreementDocument
        readonly digest: string
        /** Later signatures do not count. */
        readonly signBy: Instant
        /** In force after the notice that the clause states, unless a party objects. */
        readonly rapid: boolean
        readonly reason: string
        /** Node ids of those who become parties by it; absent: nobody. */
        readonly joining?: readonly string[]
      }
    | {
        readonly type: 'agreementOfferWithdrawn'
        readonly party: string
        readonly digest: string
        readonly reason: string
      }
    | {
        /** To a rapid amendment: it needs everybody's signature then, in another offer. */
        readonly type: 'agreementObjected'
        readonly party: string
        readonly digest: string
        readonly reason: string
      }
    | {
        readonly type: 'agreementSuspended'
        readonly party: string
        readonly reason: string
        readonly reviewAt: Instant
        readonly code?: SuspensionCode
        /** Ids of the clauses that permit nothing meanwhile; absent: the whole agreement. */
        readonly clauses?: readonly string[]
      }
    | { readonly type: 'agreementResumed'; readonly party: string; readonly reason: string }
    | {
        readonly type: 'agreementRetirementNotified'
        readonly party: string
        readonly reason: string
        readonly endsAt: Instant
        /** Ids of the clauses that bind beyond the end. */
        readonly survivingDuties: readonly string[]
      }
    | {
        /** This party alone leaves; the others go on. */
        readonly type: 'agreementLeavingNotified'
        readonly party: string
        readonly reason: string
        readonly endsAt: Instant
        /** Ids of the clauses that bind it beyond the end. */
        readonly survivingDuties: readonly string[]
      }
    | {
        readonly type: 'clauseDisputeOpened'
        readonly party: string
        readonly disputeId: string
        readonly clause: string
        readonly reason: string
        readonly steps: readonly { readonly before: string; readonly dueAt: Instant }[]
        /** The clause permits nothing until the dispute is resolved. */
        readonly suspendsClause: boolean
      }
    | {
        readonly type: 'clauseDisputeStepTaken'
        readonly party: string
        readonly disputeId: string
        /** Of the steps stated when it was opened, counted from 0. */
        readonly step: number
        readonly outcome: string
      }
    | {
        readonly type: 'clauseDisputeResolved'
        readonly party: string
        readonly disputeId: string
        readonly outcome: DisputeOutcome
        readonly reason: string
      }
  )

export type AgreementEvent =
  | AgreementStep
  | {
      readonly type: 'agreementDrafted'
      readonly document: AgreementDocument
      readonly digest: string
    }
  /** On a draft, before it is offered. Stays here. */
  | { readonly type: 'agreementCommented'; readonly text: string }
  | { readonly type: 'agreementDraftDropped'; readonly reason: string }
  | {
      readonly type: 'agreementOffered'
      readonly digest: string
      readonly offeredBy: string
      readonly signBy?: Instant
      readonly statement?: StepStatement
    }
  | ({ readonly type: 'agreementSigned' } & PartySignature)
  /** Nobody of this party objected within the notice of a rapid amendment. */
  | ({ readonly type: 'agreementConsentedBySilence' } & PartySignature)
  | { readonly type: 'agreementEnteredIntoForce'; readonly digest: string }
  /** The next text takes the place of this one, in one moment. */
  | { readonly type: 'agreementAmended'; readonly successor: AgreementRef }
  /** The offered amendment was not signed in time. */
  | { readonly type: 'agreementOfferLapsed'; readonly digest: string }
  | { readonly type: 'agreementPartyLeft'; readonly party: string; readonly reason: string }
  | { readonly type: 'agreementRetired'; readonly party: string; readonly reason: string }
  | { readonly type: 'agreementLapsed'; readonly reason: 'sunset' | 'notSignedInTime' }
  /** Something a clause permits was kept back. The ground, never what. */
  | { readonly type: 'carveOutUsed'; readonly clause: string; readonly ground: CarveOut }
  /** A step that did not count, of whoever it was. */
  | {
      readonly type: 'agreementStepRefused'
      readonly step: string
      readonly party: string
      readonly why: string
      readonly because: readonly Because[]
    }

/** All its types, with whether it is a step that travels. */
export const AGREEMENT_EVENT_TYPES: Readonly<Record<AgreementEvent['type'], 'step' | 'own'>> = {
  agreementAmended: 'own',
  agreementCommented: 'own',
  agreementConsentedBySilence: 'own',
  agreementDraftDropped: 'own',
  agreementDrafted: 'own',
  agreementEnteredIntoForce: 'own',
  agreementLapsed: 'own',
  agreementLeavingNotified: 'step',
  agreementObjected: 'step',
  agreementOfferLapsed: 'own',
  agreementOfferWithdrawn: 'step',
  agreementOffered: 'own',
  agreementPartyLeft: 'own',
  agreementResumed: 'step',
  agreementRetired: 'own',
  agreementRetirementNotified: 'step',
  agreementSigned: 'own',
  agreementStepRefused: 'own',
  agreementSuspended: 'step',
  agreementTextOffered: 'step',
  carveOutUsed: 'own',
  clauseDisputeOpened: 'step',
  clauseDisputeResolved: 'step',
  clauseDisputeStepTaken: 'step',
}

export function isAgreementEvent(event: { readonly type: string }): event is AgreementEvent {
  return Object.hasOwn(AGREEMENT_EVENT_TYPES, event.type)
}

export function isAgreementStep(event: { readonly type: string }): event is AgreementStep {
  return isAgreementEvent(event) && AGREEMENT_EVENT_TYPES[event.type] === 'step'
}
