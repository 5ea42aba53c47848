/** Forms of the steps that parties of an agreement tell each other. */
import { type TSchema, Type } from '@sinclair/typebox'
import { DISPUTE_OUTCOMES, SUSPENSION_CODES } from '../../core/agreement/agreement-events.ts'
import { AgreementDocumentForm } from './documents.ts'
import {
  HashForm,
  InstantForm,
  NodeIdForm,
  Signature64Form,
  strictObject,
  UuidForm,
} from './form.ts'

const Words = Type.String({ minLength: 1, maxLength: 4000 })
const ClauseId = Type.String({ minLength: 1, maxLength: 128 })
const oneOf = (words: readonly string[]) => Type.Union(words.map((word) => Type.Literal(word)))

/** Who becomes a party by a text. */
const Joining = Type.Array(NodeIdForm, { minItems: 1, maxItems: 50 })

export const StatementForm = strictObject({
  /** The node itself where a breach that the clock found opens a dispute. */
  officer: Type.Union([UuidForm, NodeIdForm]),
  at: InstantForm,
  signature: Signature64Form,
})

export const AgreementSignatureMembers = {
  party: NodeIdForm,
  officer: UuidForm,
  digest: HashForm,
  signature: Signature64Form,
  simulated: Type.Boolean(),
  signedAt: Type.Optional(InstantForm),
}

/** Of the party itself: nobody objected. */
export const ConsentForm = strictObject({
  party: NodeIdForm,
  digest: HashForm,
  signature: Signature64Form,
  signedAt: InstantForm,
  simulated: Type.Boolean(),
})

/**
 * The offer that a signature or an objection is about, as its offerer signed it: whoever has
 * not had it yet takes it from here, so that no step comes before what it is about.
 */
export const OfferForm = strictObject({
  document: AgreementDocumentForm,
  digest: HashForm,
  party: NodeIdForm,
  signBy: Type.Union([InstantForm, Type.Null()]),
  rapid: Type.Boolean(),
  reason: Type.String({ maxLength: 4000 }),
  /** The first text of the agreement. */
  isFirst: Type.Boolean(),
  joining: Type.Optional(Joining),
  statement: StatementForm,
})

const step = (type: string, members: Record<string, TSchema>) =>
  strictObject({
    type: Type.Literal(type),
    party: NodeIdForm,
    statement: StatementForm,
    ...members,
  } as Record<string, TSchema>)

const DisputeStepForm = strictObject({
  before: Type.String({ maxLength: 300 }),
  dueAt: InstantForm,
})

export const AgreementStepForm = Type.Union([
  step('agreementTextOffered', {
    document: AgreementDocumentForm,
    digest: HashForm,
    signBy: InstantForm,
    rapid: Type.Boolean(),
    reason: Words,
    joining: Type.Optional(Joining),
  }),
  step('agreementOfferWithdrawn', { digest: HashForm, reason: Words }),
  step('agreementObjected', { digest: HashForm, reason: Words }),
  step('agreementSuspended', {
    reason: Words,
    reviewAt: InstantForm,
    code: Type.Optional(oneOf(SUSPENSION_CODES)),
    clauses: Type.Optional(Type.Array(ClauseId, { maxItems: 100 })),
  }),
  step('agreementResumed', { reason: Words }),
  step('agreementRetirementNotified', {
    reason: Words,
    endsAt: InstantForm,
    survivingDuties: Type.Array(ClauseId, { maxItems: 100 }),
  }),
  step('agreementLeavingNotified', {
    reason: Words,
    endsAt: InstantForm,
    survivingDuties: Type.Array(ClauseId, { maxItems: 100 }),
  }),
  step('clauseDisputeOpened', {
    disputeId: UuidForm,
    clause: ClauseId,
    reason: Words,
    steps: Type.Array(DisputeStepForm, { maxItems: 20 }),
    suspendsClause: Type.Boolean(),
  }),
  step('clauseDisputeStepTaken', {
    disputeId: UuidForm,
    step: Type.Integer({ minimum: 0, maximum: 19 }),
    outcome: Words,
  }),
  step('clauseDisputeResolved', {
    disputeId: UuidForm,
    outcome: oneOf(DISPUTE_OUTCOMES),
    reason: Words,
  }),
])
