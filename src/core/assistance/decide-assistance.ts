/**
 * Asking for assistance and answering. A request leaves complete, tested against
 * rights and under an agreement in force; an answer that gives something for which
 * the agreement wants a review needs an independent approval; a refusal needs
 * codes and reasons.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { type AgreementState, requireInForce, requireNamed } from '../agreement/agreement.ts'
import { type AgreementDocument, partyOf } from '../agreement/document.ts'
import type { Acting } from '../case/recorded.ts'
import { type EvidenceState, exhibitOf } from '../evidence/evidence.ts'
import { rejectionBar } from '../evidence/rejected.ts'
import { isSameSide, sideOf } from '../people/standing.ts'
import { permittedRelease, type ReleaseState } from '../release/release.ts'
import { requireRightsTest } from '../rights/record-rights-test.ts'
import { approvalOf, reviewerOf } from '../rights/review.ts'
import type { RightsState } from '../rights/rights.ts'
import {
  type AnswerFacts,
  type AssistanceEvent,
  type AssistanceItem,
  type AssistanceState,
  assistanceOf,
} from './assistance.ts'
import { isRefusalCode, refusalSource } from './refusal-codes.ts'
import { type AssistanceRequest, lintRequest } from './request.ts'

export type WhyAssistance =
  | 'requestExists'
  | 'requestIncomplete'
  | 'agreementNotInForce'
  | 'anotherAgreement'
  | 'recipientNotParty'
  | 'purposeNotCovered'
  | 'languageNotAccepted'
  | 'rightsTestMissing'
  | 'rightsTestFailed'
  | 'notForUs'
  | 'unknownRequest'
  | 'wrongSide'
  | 'alreadyDecided'
  | 'codesMissing'
  | 'unknownCode'
  | 'codeForeignToRegime'
  | 'reasonsMissing'
  | 'reviewMissing'
  | 'notAccepted'
  | 'releaseNotPermitted'
  | 'alreadyDelivered'
  | 'notAnswered'
  | 'notVerified'
  | 'exhibitRejected'
  | 'alreadyFulfilled'

export type AssistanceDecision = Decision<readonly AssistanceEvent[], WhyAssistance>

/** What the decisions read of the case and its agreement. */
export type AssistanceBasis = {
  readonly assistance: AssistanceState
  readonly agreement: AgreementState
  readonly rights: RightsState
  readonly releases: ReleaseState
  readonly evidence: EvidenceState
}

/** The requesting side. The rights test is about `{ kind: 'assistance', id: requestId }`. */
export function requestAssistance(
  basis: AssistanceBasis,
  { request }: { readonly request: AssistanceRequest },
  { authority, now }: Acting,
): AssistanceDecision {
  const { requestId, rightsTest } = request
  if (assistanceOf(basis.assistance, requestId)) return no('requestExists', 'asked already')
  if (request.requestingAuthority !== authority) {
    return no('wrongSide', 'a request is issued by the authority that asks')
  }
  const missing = lintRequest(request, now)
  if (missing.length > 0) return refuse('requestIncomplete', ...missing)
  const bar = agreementBar(basis.agreement, request, now)
  if (bar) return bar
  const test = requireRightsTest(basis.rights, rightsTest, { kind: 'assistance', id: requestId })
  if (test.decision === 'refuse') return test
  return permit([{ type: 'assistanceRequested', request }], ...test.because)
}

/** The requested side, after the message was verified. */
export function receiveAssistance(
  basis: AssistanceBasis,
  { request, from }: { readonly request: AssistanceRequest; readonly from: string },
  { authority, now }: Acting,
): AssistanceDecision {
  if (assistanceOf(basis.assistance, request.requestId)) {
    return no('requestExists', 'received already')
  }
  if (request.requestedAuthority !== authority || request.requestingAuthority !== from) {
    return no('notForUs', 'the request names other authorities than those it travelled between')
  }
  const missing = lintRequest(request, now)
  if (missing.length > 0) return refuse('requestIncomplete', ...missing)
  const bar = agreementBar(basis.agreement, request, now)
  return bar ?? permit([{ type: 'assistanceReceived', request }])
}

export function decideAssistance(
  basis: AssistanceBasis,
  command: AnswerFacts,
  acting: Acting,
): AssistanceDecision {
  const { now } = acting
  const item = itemOn(basis.assistance, command.requestId, 'requested')
  if ('decision' in item) return item
  if (item.answer !== null) return no('alreadyDecided', 'the request was answered')
  const force = requireInForce(basis.agreement, now)
  if (command.answer !== 'refused') {
    if (force.decision === 'refuse') return force
    // A request ends with its agreement: another one between the two does not carry it on.
    if (force.value.ref.id !== item.request.agreement.id) {
      return no('anotherAgreement', 'the agreement that the request names is not in force')
    }
  }
  const bar = answerBar(command)
  if (bar) return bar
  if (command.answer !== 'refused' && force.decision === 'permit') {
    const review = reviewBar(basis.rights, force.value.document, item.request, acting)
    if (review) return review
  }
  const { requestId, answer, codes, regime, reasons } = command
  const because = codes.filter(isRefusalCode).map((code) => {
    const source = regime === null ? undefined : refusalSource(code, regime)
    return { rule: `refusal:${code}`, text: reasons, ...(source ? { source } : {}) }
  })
  const event = { type: 'assistanceDecided', requestId, answer, codes, regime, reasons } as const
  return permit([event], ...because)
}

/** The requesting side hears the answer. Codes that are new to us are kept as they came. */
export function receiveAnswer(
  { assistance }: Pick<AssistanceBasis, 'assistance'>,
  command: AnswerFacts,
  _acting: Acting,
): AssistanceDecision {
  const item = itemOn(assistance, command.requestId, 'requesting')
  if ('decision' in item) return item
  if (item.answer !== null) return no('alreadyDecided', 'the request was answered')
  const { requestId, answer, codes, regime, reasons } = command
  return permit([{ type: 'assistanceAnswerReceived', requestId, answer, codes, regime, reasons }])
}

/** Delivery happens only as a permitted release to the authority that asked. */
export function deliverAssistance(
  basis: AssistanceBasis,
  command: {
    readonly requestId: string
    readonly exhibitId: string
    readonly releaseId: string
  },
  _acting: Acting,
): AssistanceDecision {
  const { requestId, exhibitId, releaseId } = command
  const item = itemOn(basis.assistance, requestId, 'requested')
  if ('decision' in item) return item
  if (item.answer === null || item.answer.answer === 'refused') {
    return no('notAccepted', 'only an accepted request is delivered')
  }
  const release = permittedRelease(basis.releases, releaseId)
  if (release?.recipient !== item.request.requestingAuthority || release.kind !== 'exhibit') {
    return no('releaseNotPermitted', 'no exhibit release to the requesting authority is permitted')
  }
  if (!exhibitOf(basis.evidence, exhibitId)) {
    return no('releaseNotPermitted', 'there is no such exhibit')
  }
  if (item.deliveries.some((delivery) => delivery.releaseId === releaseId)) {
    return no('alreadyDelivered', 'the release was delivered')
  }
  return permit([{ type: 'assistanceDelivered', requestId, exhibitId, releaseId }])
}

/** The requesting side closes the request only on an exhibit whose derivation it verified. */
export function fulfilAssistance(
  { assistance, evidence }: Pick<AssistanceBasis, 'assistance' | 'evidence'>,
  { requestId, exhibitId }: { readonly requestId: string; readonly exhibitId: string },
  _acting: Acting,
): AssistanceDecision {
  const item = itemOn(assistance, requestId, 'requesting')
  if ('decision' in item) return item
  if (item.fulfilment !== null) return no('alreadyFulfilled', 'the request was fulfilled')
  const isAccepted = item.answer !== null && item.answer.answer !== 'refused'
  if (!isAccepted) return no('notAnswered', 'the requested authority has not accepted')
  const exhibit = exhibitOf(evidence, exhibitId)
  const derivation = exhibit?.derivation
  if (!derivation || exhibit.from !== item.request.requestedAuthority) {
    return no('notVerified', 'the exhibit received has not been verified against its original')
  }
  const rejected = rejectionBar(evidence.exhibits, exhibit)
  if (rejected) return no('exhibitRejected', rejected)
  const verification = {
    partsRoot: derivation.partsRoot,
    origin: derivation.origin,
    leafIndex: derivation.leafIndex,
    shownParts: derivation.shownParts.length,
    redactedParts: derivation.redactedParts.length,
  }
  return permit([{ type: 'assistanceFulfilled', requestId, exhibitId, verification }])
}

function agreementBar(
  agreement: AgreementState,
  request: AssistanceRequest,
  now: Acting['now'],
): Refusal<WhyAssistance> | undefined {
  const force = requireNamed(agreement, request.agreement, now)
  if (force.decision === 'refuse') return force
  const { document } = force.value
  const parties = [request.requestingAuthority, request.requestedAuthority]
  if (!parties.every((node) => partyOf(document, node))) {
    return no('recipientNotParty', 'both authorities must be parties to the agreement')
  }
  if (!document.purposes.some(({ id }) => id === request.purpose)) {
    return no('purposeNotCovered', `the agreement does not cover ${request.purpose}`)
  }
  if (!document.languageRule.accepted.includes(request.language)) {
    return refuse('languageNotAccepted', {
      rule: `clause:${document.languageRule.clause}`,
      text: `requests are accepted in ${document.languageRule.accepted.join(', ')}`,
    })
  }
  return undefined
}

function answerBar(command: AnswerFacts): Refusal<WhyAssistance> | undefined {
  const { answer, codes, regime, reasons } = command
  if (answer === 'full') return undefined
  if (codes.length === 0) return no('codesMissing', 'a refusal or limitation names its code')
  if (reasons.trim() === '') return no('reasonsMissing', 'a refusal or limitation has reasons')
  const unknown = codes.filter((code) => !isRefusalCode(code))
  if (unknown.length > 0) return no('unknownCode', `not a refusal code: ${unknown.join(', ')}`)
  if (regime === null) return undefined
  const foreign = codes.filter((code) => isRefusalCode(code) && !refusalSource(code, regime))
  if (foreign.length === 0) return undefined
  return no('codeForeignToRegime', `${foreign.join(', ')} is no ground under this instrument`)
}

function reviewBar(
  rights: RightsState,
  document: AgreementDocument,
  { requestId, dataCategories }: AssistanceRequest,
  acting: Acting,
): Refusal<WhyAssistance> | undefined {
  const free = document.categories.filter(({ reviewRequired }) => !reviewRequired)
  const guarded = dataCategories.filter((id) => !free.some((category) => category.id === id))
  if (guarded.length === 0) return undefined
  const review = approvalOf(rights, { kind: 'assistance', id: requestId })
  if (review && !isSameSide(reviewerOf(review), sideOf(acting))) return undefined
  const text = `${guarded.join(', ')} needs the approval of an independent reviewer`
  return no('reviewMissing', text)
}

function itemOn(
  state: AssistanceState,
  requestId: string,
  side: AssistanceItem['side'],
): AssistanceItem | Refusal<WhyAssistance> {
  const item = assistanceOf(state, requestId)
  if (item === undefined) return no('unknownRequest', 'there is no such request')
  if (item.side !== side) return no('wrongSide', `this is for the ${side} authority`)
  return item
}

function no(why: WhyAssistance, text: string): Refusal<WhyAssistance> {
  return refuse(why, { rule: `assistance:${why}`, text })
}
