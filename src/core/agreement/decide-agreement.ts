/**
 * What may happen to an agreement next. The order of phases is the table in
 * agreement.ts; here are the conditions that need more than the phase.
 *
 * Used for one's own acts and for those a peer reports: whoever calls with a
 * peer's act has verified the peer's signature before.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import {
  AGREEMENT_TRANSITIONS,
  type AgreementEvent,
  type AgreementRef,
  type AgreementState,
  type PartySignature,
} from './agreement.ts'
import { type AgreementDocument, partyOf } from './document.ts'
import { documentFaults } from './document-faults.ts'

export type WhyAgreement =
  | 'wrongPhase'
  | 'documentFaulty'
  | 'notAParty'
  | 'digestMismatch'
  | 'alreadySigned'
  | 'signaturesMissing'
  | 'notYetValid'
  | 'pastSunset'
  | 'notPastSunset'
  | 'reasonMissing'
  | 'reviewDateMissing'
  | 'onlyBySuspendingParty'
  | 'notASuccessor'

export type AgreementDecision = Decision<readonly AgreementEvent[], WhyAgreement>

/** `digest`: SHA-256 of `agreementDigestInput(document)`, lower-case hex, computed by the caller. */
export function draftAgreement(
  state: AgreementState,
  { document, digest }: { readonly document: AgreementDocument; readonly digest: string },
  _acting: Acting,
): AgreementDecision {
  const phase = wrongPhase(state, 'agreementDrafted')
  if (phase) return phase
  const faults = documentFaults(document)
  if (faults.length > 0) return refuse('documentFaulty', ...faults)
  return permit([{ type: 'agreementDrafted', document, digest }])
}

export function offerAgreement(
  state: AgreementState,
  { party }: { readonly party: string },
  { now }: Acting,
): AgreementDecision {
  const { document, digest } = state
  const phase = wrongPhase(state, 'agreementOffered')
  if (phase || !document || !digest) return phase ?? no('wrongPhase', 'no draft')
  const bar = notAParty(document, party) ?? pastSunset(document, now)
  return bar ?? permit([{ type: 'agreementOffered', digest, offeredBy: party }])
}

/** Any party's signature over exactly the offered text; one per party. */
export function signAgreement(
  state: AgreementState,
  command: PartySignature,
  { now }: Acting,
): AgreementDecision {
  const { document, digest } = state
  const phase = wrongPhase(state, 'agreementSigned')
  if (phase || !document || !digest) return phase ?? no('wrongPhase', 'no offer')
  const bar = notAParty(document, command.party) ?? pastSunset(document, now)
  if (bar) return bar
  if (command.digest !== digest) return no('digestMismatch', 'another text was signed')
  if (state.signatures.some(({ party }) => party === command.party)) {
    return no('alreadySigned', `${command.party} has signed already`)
  }
  const { party, officer, signature, simulated } = command
  return permit([{ type: 'agreementSigned', party, officer, digest, signature, simulated }])
}

export function enterIntoForce(state: AgreementState, { now }: Acting): AgreementDecision {
  const { document, digest } = state
  const phase = wrongPhase(state, 'agreementEnteredIntoForce')
  if (phase || !document || !digest) return phase ?? no('wrongPhase', 'nothing was signed')
  const signed = new Set(state.signatures.map(({ party }) => party))
  const absent = document.parties.filter(({ node }) => !signed.has(node))
  if (absent.length > 0) {
    const because = absent.map(({ node }) => ({
      rule: 'agreement:allSign',
      text: `${node} has not signed`,
    }))
    return refuse('signaturesMissing', ...because)
  }
  if (now < document.validFromAt) return no('notYetValid', `starts at ${document.validFromAt}`)
  return pastSunset(document, now) ?? permit([{ type: 'agreementEnteredIntoForce', digest }])
}

/** One party suffices; effective for its own releases at once. */
export function suspendAgreement(
  state: AgreementState,
  command: { readonly party: string; readonly reason: string; readonly reviewAt: Instant },
  { now }: Acting,
): AgreementDecision {
  const bar = wrongPhase(state, 'agreementSuspended') ?? byParty(state, command)
  if (bar) return bar
  const { party, reason, reviewAt } = command
  if (reviewAt <= now) return no('reviewDateMissing', 'a suspension needs a review in the future')
  return permit([{ type: 'agreementSuspended', party, reason, reviewAt }])
}

export function resumeAgreement(
  state: AgreementState,
  command: { readonly party: string; readonly reason: string },
  { now }: Acting,
): AgreementDecision {
  const bar = wrongPhase(state, 'agreementResumed') ?? byParty(state, command)
  if (bar) return bar
  if (state.suspension?.party !== command.party) {
    return no('onlyBySuspendingParty', 'the party that suspended the agreement resumes it')
  }
  const { party, reason } = command
  const late = state.document && pastSunset(state.document, now)
  return late || permit([{ type: 'agreementResumed', party, reason }])
}

/** The next version has entered into force; this one stops permitting. */
export function supersedeAgreement(
  state: AgreementState,
  { successor }: { readonly successor: AgreementRef },
  _acting: Acting,
): AgreementDecision {
  const { document } = state
  const phase = wrongPhase(state, 'agreementAmended')
  if (phase || !document) return phase ?? no('wrongPhase', 'no agreement')
  if (successor.id !== document.id || successor.version !== document.version + 1) {
    return no('notASuccessor', 'only the next version of the same agreement replaces it')
  }
  return permit([{ type: 'agreementAmended', successor }])
}

/** Duties from earlier releases survive; see release/. */
export function retireAgreement(
  state: AgreementState,
  command: { readonly party: string; readonly reason: string },
  _acting: Acting,
): AgreementDecision {
  const bar = wrongPhase(state, 'agreementRetired') ?? byParty(state, command)
  const { party, reason } = command
  return bar ?? permit([{ type: 'agreementRetired', party, reason }])
}

/** Records that the sunset has come. Before that instant nothing lapses. */
export function lapseAgreement(state: AgreementState, { now }: Acting): AgreementDecision {
  const { document } = state
  const phase = wrongPhase(state, 'agreementLapsed')
  if (phase || !document) return phase ?? no('wrongPhase', 'no agreement')
  if (now < document.sunsetAt) return no('notPastSunset', `ends at ${document.sunsetAt}`)
  const wasInForce = state.phase === 'inForce' || state.phase === 'suspended'
  return permit([{ type: 'agreementLapsed', reason: wasInForce ? 'sunset' : 'notSignedInTime' }])
}

function wrongPhase(
  { phase }: AgreementState,
  type: AgreementEvent['type'],
): Refusal<WhyAgreement> | undefined {
  if (AGREEMENT_TRANSITIONS[type].from.includes(phase)) return undefined
  return no('wrongPhase', `not possible while the agreement is ${phase}`)
}

function byParty(
  { document }: AgreementState,
  { party, reason }: { readonly party: string; readonly reason: string },
): Refusal<WhyAgreement> | undefined {
  if (document === null) return no('wrongPhase', 'no agreement')
  if (reason.trim() === '') return no('reasonMissing', 'a reason must be recorded')
  return notAParty(document, party)
}

function notAParty(document: AgreementDocument, node: string): Refusal<WhyAgreement> | undefined {
  return partyOf(document, node) ? undefined : no('notAParty', `${node} is not a party`)
}

function pastSunset(document: AgreementDocument, now: Instant): Refusal<WhyAgreement> | undefined {
  return now < document.sunsetAt ? undefined : no('pastSunset', `ended at ${document.sunsetAt}`)
}

function no(why: WhyAgreement, text: string): Refusal<WhyAgreement> {
  return refuse(why, { rule: `agreement:${why}`, text })
}
