/**
 * What an officer can ask of one agreement. The same value serves the page and the API:
 * its schema makes the form, `available` says why a control is disabled and is asked again
 * before anything is decided.
 */
import { Type } from '@sinclair/typebox'
import { type Decision, permit } from '../base/decision.ts'
import { instant } from '../base/time.ts'
import type { AgreementState } from '../core/agreement/agreement.ts'
import { DISPUTE_OUTCOMES, SUSPENSION_CODES } from '../core/agreement/agreement-events.ts'
import { openDisputes } from '../core/agreement/dispute.ts'
import type { AgreementDocument } from '../core/agreement/document.ts'
import { amendmentOf, openText, unsigned } from '../core/agreement/offered-texts.ts'
import { AgreementDocumentForm } from '../wire/exchange/documents.ts'
import { type AgreementAct, days, id, nothing, oneOf, reason, time } from './agreement-act.ts'
import { admitParty, leaveAgreement } from './agreement-membership.ts'
import {
  changeDraft,
  commentOnDraft,
  dropDraft,
  offerTheDraft,
  useCarveOut,
} from './agreement-own-acts.ts'
import { stepAct } from './agreement-step-act.ts'
import { makeDispute, makeOffer, survivingClauses } from './agreement-steps.ts'
import { SIGN_AGREEMENT, signAgreement } from './agreements.ts'

const suspendAgreement = stepAct({
  name: 'suspendAgreement',
  step: 'agreementSuspended',
  hurts: true,
  input: Type.Object({
    code: oneOf(SUSPENSION_CODES),
    reason,
    clauses: Type.Array(id, { maxItems: 100 }),
    reviewAt: time,
  }),
  make:
    ({ code, reason, clauses, reviewAt }) =>
    ({ party }) => ({
      type: 'agreementSuspended',
      party,
      reason,
      code,
      reviewAt: instant(reviewAt, 'reviewAt'),
      ...(clauses.length > 0 ? { clauses } : {}),
    }),
})

const resumeAgreement = stepAct({
  name: 'resumeAgreement',
  step: 'agreementResumed',
  input: Type.Object({ reason }),
  when: ({ suspensions }, party) =>
    suspensions.some((one) => one.party === party)
      ? permit(null)
      : nothing('onlyBySuspendingParty', 'the party that suspended the agreement resumes it'),
  make:
    ({ reason }) =>
    ({ party }) => ({ type: 'agreementResumed', party, reason }),
})

const retireAgreement = stepAct({
  name: 'retireAgreement',
  step: 'agreementRetirementNotified',
  hurts: true,
  stepUp: true,
  input: Type.Object({ reason, endsAt: time }),
  make:
    ({ reason, endsAt }) =>
    ({ party, document }) => ({
      type: 'agreementRetirementNotified',
      party,
      reason,
      endsAt: instant(endsAt, 'endsAt'),
      survivingDuties: survivingClauses(document),
    }),
})

const offerText = stepAct({
  name: 'offerText',
  step: 'agreementTextOffered',
  hurts: true,
  input: Type.Object({
    document: AgreementDocumentForm,
    reason,
    signWithinDays: days(365),
    rapid: Type.Boolean(),
  }),
  when: (state, party) =>
    openText(state)?.signatures.some((one) => one.party === party)
      ? nothing('alreadySigned', 'who has signed a text offers no other one in its place')
      : permit(null),
  make: ({ document, ...more }) =>
    makeOffer({ ...more, document: document as unknown as AgreementDocument }),
})

const withdrawOffer = stepAct({
  name: 'withdrawOffer',
  step: 'agreementOfferWithdrawn',
  hurts: true,
  input: Type.Object({ reason }),
  when: (state, party) => {
    const text = openText(state)
    if (text?.offeredBy !== party) {
      return nothing('notTheOfferer', 'no text that this authority has offered waits')
    }
    return unsigned(text).includes(party)
      ? permit(null)
      : nothing('alreadySigned', 'who has signed an offer does not withdraw it')
  },
  make:
    ({ reason }) =>
    ({ party, state }) => ({
      type: 'agreementOfferWithdrawn',
      party,
      digest: openText(state)?.digest ?? '',
      reason,
    }),
})

const objectToAmendment = stepAct({
  name: 'objectToAmendment',
  step: 'agreementObjected',
  hurts: true,
  input: Type.Object({ reason }),
  when: (state, party) => {
    const text = amendmentOf(state)
    return text?.rapid && unsigned(text).includes(party)
      ? permit(null)
      : nothing('nothingOffered', 'no rapid amendment waits for this authority')
  },
  make:
    ({ reason }) =>
    ({ party, state }) => ({
      type: 'agreementObjected',
      party,
      digest: openText(state)?.digest ?? '',
      reason,
    }),
})

const openDispute = stepAct({
  name: 'openDispute',
  step: 'clauseDisputeOpened',
  hurts: true,
  input: Type.Object({ clause: id, reason }),
  make: makeDispute,
})

const ownDispute = (state: AgreementState, party: string): Decision<null> =>
  openDisputes(state).some(({ openedBy }) => openedBy === party)
    ? permit(null)
    : nothing('unknownDispute', 'no dispute that this authority has opened is open')

const recordDisputeStep = stepAct({
  name: 'recordDisputeStep',
  step: 'clauseDisputeStepTaken',
  input: Type.Object({ disputeId: id, outcome: reason }),
  when: ownDispute,
  make:
    ({ disputeId, outcome }) =>
    ({ party, state }) => {
      const dispute = state.disputes.find((one) => one.disputeId === disputeId)
      const step = dispute?.steps.findIndex(({ taken }) => taken === null) ?? -1
      return { type: 'clauseDisputeStepTaken', party, disputeId, step, outcome }
    },
})

const resolveDispute = stepAct({
  name: 'resolveDispute',
  step: 'clauseDisputeResolved',
  input: Type.Object({ disputeId: id, outcome: oneOf(DISPUTE_OUTCOMES), reason }),
  when: ownDispute,
  make:
    ({ disputeId, outcome, reason }) =>
    ({ party }) => ({ type: 'clauseDisputeResolved', party, disputeId, outcome, reason }),
})

const sign: AgreementAct = {
  name: 'signAgreement',
  summary: 'Sign the text that waits for this authority',
  action: SIGN_AGREEMENT,
  hurts: true,
  input: Type.Object({ simulated: Type.Boolean() }, { additionalProperties: false }),
  available(state, party) {
    const text = openText(state)
    if (!text) return nothing('nothingOffered', 'no text waits for signatures')
    return unsigned(text).includes(party)
      ? permit(null)
      : nothing('alreadySigned', `${party} has signed already`)
  },
  run: (kernel, agreementId, input, acting) =>
    signAgreement(kernel, agreementId, input as { simulated: boolean }, acting),
}

/** In the order of a page. */
export const agreementActs: readonly AgreementAct[] = [
  commentOnDraft,
  changeDraft,
  offerTheDraft,
  dropDraft,
  sign,
  offerText,
  withdrawOffer,
  objectToAmendment,
  suspendAgreement,
  resumeAgreement,
  retireAgreement,
  admitParty,
  leaveAgreement,
  useCarveOut,
  openDispute,
  recordDisputeStep,
  resolveDispute,
]

export function findAgreementAct(name: string): AgreementAct | undefined {
  return agreementActs.find((act) => act.name === name)
}
