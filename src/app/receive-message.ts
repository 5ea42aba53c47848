/**
 * What a peer's message does here. The channel has already proved who sent it,
 * its place and its content; this file decides what it means.
 *
 * A lawful no goes back as `rejected` with its rule; whatever must wait for a
 * person is `held`. Everything happens in the transaction that also stores the
 * message's receipt.
 */
import { type Decision, permit } from '../base/decision.ts'
import { type AnswerFacts, assistanceOf } from '../core/assistance/assistance.ts'
import { receiveAnswer, receiveAssistance } from '../core/assistance/decide-assistance.ts'
import type { AssistanceRequest } from '../core/assistance/request.ts'
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { answerInvitation, inviteParticipant } from '../core/disclosure/consent.ts'
import {
  initialDisclosure,
  participantOf,
  stateAfter,
} from '../core/disclosure/disclosure-state.ts'
import { teardown } from '../core/disclosure/embargo-end.ts'
import type { DisclosureEvent } from '../core/disclosure/events.ts'
import { joinByReport } from '../core/disclosure/report-joining.ts'
import { receiveRelease } from '../core/release/follow-release.ts'
import { noReleases, type ReleaseEvent } from '../core/release/release.ts'
import { type Content, type ContentOf, readContent } from '../wire/exchange/contents.ts'
import { actingAs } from './acting.ts'
import { agreementStateOf } from './agreements.ts'
import { foldCaseStream } from './case-stream.ts'
import { receiveErasureAnswer } from './erasure/receive-answer.ts'
import { receiveDutyAnswer, receiveDutyBreach, receiveDutyDischarge } from './follow-duties.ts'
import { caseLedHere, jointCase } from './joint-case.ts'
import { keepViews } from './keep-views.ts'
import type { Kernel } from './kernel.ts'
import { receiveMatchAnswer, receiveMatchQuestion } from './match-with-peer.ts'
import { introduce, receiveParticipants } from './participants.ts'
import { receiveLeadAnswer, receiveLeadOffer, receiveLeadTold } from './pass-lead.ts'
import { receiveEmergencyContact } from './people/emergency-contact.ts'
import type { MessageOutcome, ReceivedMessage } from './ports/exchange.ts'
import type { OpenStream, Unit } from './ports/streams.ts'
import {
  receiveAgreementConsent,
  receiveAgreementOffer,
  receiveAgreementSignature,
  receiveAgreementStep,
} from './receive-agreement.ts'
import { receiveExhibitAnswer } from './receive-exhibit.ts'
import { receivePeerAnswer } from './receive-peer-answer.ts'
import {
  receiveOnwardReply,
  receiveOnwardRequest,
  receiveRetraction,
  receiveRetractionDone,
} from './receive-retraction.ts'
import { receiveConsultation, receiveConsultationAnswer } from './records-consultation.ts'
import { receiveConsentWithdrawal } from './take-consent-back.ts'
import { receiveClaim, receiveDecision } from './tell-claims.ts'
import { receiveLeaving, receiveProposal, receiveTerms } from './tell-terms.ts'
import { announcedFile } from './travel/announce-file.ts'
import { receiveFileTransfer } from './travel/lend-files.ts'

export type Receiving = {
  readonly kernel: Kernel
  readonly unit: Unit
  readonly origin: string
  readonly acting: Acting
}

export async function receiveMessage(
  kernel: Kernel,
  unit: Unit,
  { origin, header, content }: ReceivedMessage,
): Promise<MessageOutcome> {
  const acting = actingAs({ id: origin, roles: [] }, kernel)
  return dispatch({ kernel, unit, origin, acting }, readContent(header.type, content))
}

function dispatch(receiving: Receiving, message: Content): Promise<MessageOutcome> {
  switch (message.type) {
    case 'agreementOffer':
      return receiveAgreementOffer(receiving, message.content)
    case 'agreementSignature':
      return receiveAgreementSignature(receiving, message.content)
    case 'agreementConsent':
      return receiveAgreementConsent(receiving, message.content)
    case 'agreementStep':
      return receiveAgreementStep(receiving, message.content)
    case 'invitation':
      return receiveInvitation(receiving, message.content)
    case 'invitationAnswer':
      return receiveInvitationAnswer(receiving, message.content)
    case 'participants':
      return receiveParticipants(receiving, message.content)
    case 'release':
      return receiveCaseRelease(receiving, message.content)
    case 'fileTransfer':
      return receiveFileTransfer(receiving, message.content)
    case 'assistanceRequest':
      return receiveRequest(receiving, message.content)
    case 'assistanceAnswer':
      return receiveExhibitAnswer(receiving, message.content)
    case 'assistanceTurnedAway':
      return receiveTurnedAway(receiving, message.content)
    case 'exhibitAnswer':
      return receivePeerAnswer(receiving, message.content)
    case 'emergencyContact':
      return receiveEmergencyContact(receiving, message.content)
    case 'dutyDischarge':
      return receiveDutyDischarge(receiving, message.content)
    case 'dutyAnswer':
      return receiveDutyAnswer(receiving, message.content)
    case 'dutyBreach':
      return receiveDutyBreach(receiving, message.content)
    case 'embargoTerms':
      return receiveTerms(receiving, message.content)
    case 'leadOffer':
      return receiveLeadOffer(receiving, message.content)
    case 'leadAnswer':
      return receiveLeadAnswer(receiving, message.content)
    case 'leadTold':
      return receiveLeadTold(receiving, message.content)
    case 'embargoProposal':
      return receiveProposal(receiving, message.content)
    case 'participantLeft':
      return receiveLeaving(receiving, message.content)
    case 'factClaim':
      return receiveClaim(receiving, message.content)
    case 'factClaimDecided':
      return receiveDecision(receiving, message.content)
    case 'embargoEnded':
      return receiveEmbargoEnd(receiving, message.content)
    case 'retraction':
      return receiveRetraction(receiving, message.content)
    case 'retractionDone':
      return receiveRetractionDone(receiving, message.content)
    case 'erasureAnswer':
      return receiveErasureAnswer(receiving, message.content)
    case 'onwardConsentRequest':
      return receiveOnwardRequest(receiving, message.content)
    case 'onwardConsentAnswer':
      return receiveOnwardReply(receiving, message.content)
    case 'onwardConsentWithdrawal':
      return receiveConsentWithdrawal(receiving, message.content)
    case 'matchQuestion':
      return receiveMatchQuestion(receiving, message.content)
    case 'matchAnswer':
      return receiveMatchAnswer(receiving, message.content)
    case 'recordsConsultation':
      return receiveConsultation(receiving, message.content)
    case 'recordsConsultationAnswer':
      return receiveConsultationAnswer(receiving, message.content)
  }
}

const APPLIED: MessageOutcome = { decision: 'applied' }

/** Opens this authority's own case: linked with the lead's, in a stream of its own. */
async function receiveInvitation(
  receiving: Receiving,
  { release, caseId, terms, answerBy }: ContentOf<'invitation'>,
): Promise<MessageOutcome> {
  const { kernel, unit, origin, acting } = receiving
  const known = await unit.openLinked(origin, caseId)
  if (known) return { decision: 'rejected', reason: 'object-owner', rule: 'disclosure:inviteOnce' }
  const agreement = await agreementStateOf(kernel, release.agreement.id)
  const received = receiveRelease(
    { releases: noReleases, agreement },
    releaseFrom(origin, release),
    acting,
  )
  if (received.decision === 'refuse') return rejected(received.because[0]?.rule, 'agreement')
  const opened: CaseEvent = {
    type: 'caseOpened',
    title: `Invitation by ${origin}`,
    kinds: ['disclosure'],
    lead: origin,
    leadCaseId: caseId,
    filedOn: null,
  }
  const invited: CaseEvent = {
    type: 'invitationReceived',
    from: origin,
    releaseId: release.releaseId,
    terms,
    answerBy,
  }
  const stream = await unit.create(kernel.random.uuidByTime(), 'case')
  const mirrored = terms ? invitationEvents(kernel.node.id, origin, terms, acting) : []
  const kept = await keepViews(kernel, stream.id, received.value)
  await stream.append([opened, ...kept, invited, ...mirrored], origin)
  await unit.link(stream.id, origin, caseId)
  return APPLIED
}

/** The lead's proposal and our own invitation, so that our answer is a step of our machines. */
function invitationEvents(
  self: string,
  lead: string,
  terms: NonNullable<ContentOf<'invitation'>['terms']>,
  acting: Acting,
): readonly DisclosureEvent[] {
  const proposal: DisclosureEvent[] = [
    { type: 'participantJoined', participant: lead, roles: ['coordinator', 'caseOwner'] },
    { type: 'embargoChanged', event: 'propose', from: 'none', to: 'proposed', terms },
    {
      type: 'consentChanged',
      participant: lead,
      event: 'accept',
      from: 'noEmbargo',
      to: 'signatory',
    },
  ]
  const state = stateAfter(initialDisclosure, proposal, acting.now)
  const invited = inviteParticipant(state, { participant: self, roles: ['coordinator'] }, acting)
  return invited.decision === 'permit' ? [...proposal, ...invited.value] : proposal
}

async function receiveInvitationAnswer(
  receiving: Receiving,
  { caseId, answer, embargoId }: ContentOf<'invitationAnswer'>,
): Promise<MessageOutcome> {
  const { kernel, unit, origin, acting } = receiving
  const stream = await caseLedHere(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (state && state.lead !== kernel.node.id) return rejected('disclosure:lead', 'object-owner')
  const participant = state?.disclosure.participants.find(({ id }) => id === origin)
  if (!stream || !state || !participant) return rejected('disclosure:participant', 'object-owner')
  const own = { participant: origin, answer }
  const decided = embargoId
    ? answerInvitation(state.disclosure, { ...own, embargoId }, acting)
    : permit(answer === 'accept' ? joinByReport(participant) : [])
  const outcome = await applyTo(stream, origin, decided)
  if (answer === 'accept' && outcome.decision === 'applied') {
    await introduce(receiving, caseId, foldCaseStream(stream.history), origin)
  }
  return outcome
}

async function receiveCaseRelease(
  receiving: Receiving,
  content: ContentOf<'release'>,
): Promise<MessageOutcome> {
  const { release, caseId } = content
  const { kernel, unit, origin, acting } = receiving
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) return rejected('release:linkedCase', 'missing-reference')
  if (participantOf(state.disclosure, origin)?.left)
    return rejected('disclosure:left', 'object-owner')
  const agreement = await agreementStateOf(kernel, release.agreement.id)
  const basis = { releases: state.releases, agreement }
  const received = receiveRelease(basis, releaseFrom(origin, release), acting)
  if (received.decision === 'refuse') return applyTo(stream, origin, received)
  const file = await announcedFile(receiving, state, content)
  if (file.decision === 'refuse') {
    return rejected(file.because[0]?.rule, file.why === 'fileMissing' ? 'schema' : 'size')
  }
  const kept = await keepViews(kernel, stream.id, received.value)
  return applyTo(stream, origin, { ...received, value: [...kept, ...file.value] })
}

export function releaseFrom(
  from: string,
  release: ContentOf<'release'>['release'],
): Omit<Extract<ReleaseEvent, { type: 'releaseReceived' }>, 'type'> {
  return { ...release, from } as Omit<Extract<ReleaseEvent, { type: 'releaseReceived' }>, 'type'>
}

async function receiveRequest(
  { kernel, unit, origin, acting }: Receiving,
  { caseId, request }: ContentOf<'assistanceRequest'>,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  const left = state && participantOf(state.disclosure, origin)?.left
  if (!stream || !state || left) return rejected('assistance:caseParty', 'object-owner')
  const agreement = await agreementStateOf(kernel, request.agreement.id)
  const basis = { ...state, agreement }
  const command = { request: request as unknown as AssistanceRequest, from: origin }
  return applyTo(stream, origin, receiveAssistance(basis, command, acting))
}

async function receiveTurnedAway(
  { unit, origin, acting }: Receiving,
  { caseId, answer }: ContentOf<'assistanceTurnedAway'>,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  const asked = state && assistanceOf(state.assistance, answer.requestId)
  if (!stream || !state || asked?.request.requestedAuthority !== origin) {
    return rejected('assistance:unknownRequest', 'object-owner')
  }
  return applyTo(stream, origin, receiveAnswer(state, answer as AnswerFacts, acting))
}

async function receiveEmbargoEnd(
  { unit, origin }: Receiving,
  { caseId, reason }: ContentOf<'embargoEnded'>,
): Promise<MessageOutcome> {
  const stream = await unit.openLinked(origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state || state.lead !== origin) return rejected('disclosure:lead', 'object-owner')
  const events = teardown(state.disclosure, reason, 'ended by the lead of the case')
  if (events.length > 0) await stream.append(events, origin)
  return APPLIED
}

export function caseStateOf(stream: OpenStream | undefined): CaseState | undefined {
  if (stream?.kind !== 'case') return undefined
  return foldCaseStream(stream.history)
}

/** Appends what was decided, or answers with the refusal's first rule. */
export async function applyTo(
  stream: OpenStream,
  by: string,
  decision: Decision<readonly CaseEvent[]>,
): Promise<MessageOutcome> {
  if (decision.decision === 'refuse') return rejected(decision.because[0]?.rule, 'marking')
  if (decision.value.length > 0) await stream.append(decision.value, by)
  return APPLIED
}

export function rejected(
  rule: string | undefined,
  reason: NonNullable<MessageOutcome['reason']>,
): MessageOutcome {
  return { decision: 'rejected', reason, ...(rule ? { rule } : {}) }
}
