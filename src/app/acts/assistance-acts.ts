/** Acts of the authority that asks a peer for assistance: asking, and closing. */
import { type Static, Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS } from '../../base/time.ts'
import { type AgreementState, requireInForce } from '../../core/agreement/agreement.ts'
import {
  fulfilAssistance as decideFulfilment,
  requestAssistance as decideRequest,
} from '../../core/assistance/decide-assistance.ts'
import {
  type AssistanceRequest,
  REQUEST_TYPES,
  type RequestType,
} from '../../core/assistance/request.ts'
import { afterEvents, type CaseEvent, type CaseState } from '../../core/case/case.ts'
import { participantOf } from '../../core/disclosure/disclosure-state.ts'
import { recordRightsTest } from '../../core/rights/record-rights-test.ts'
import { caseAct, type Step } from '../act.ts'
import { isInvited, nameOfCase } from '../joint-case.ts'
import { agreementWith } from '../release-basis.ts'
import { rightsTestOf } from '../release-to-peer.ts'
import { assistanceBasis, TRANSCRIPT } from './assistance-basis.ts'
import { id, reason, rightsReasons } from './fields.ts'

const NOTICE_REVIEW_DAYS = 10

const requestForm = Type.Object({
  requestedAuthority: Type.String({ maxLength: 100 }),
  type: Type.Union(REQUEST_TYPES.map((type) => Type.Literal(type))),
  exhibitId: id,
  purpose: Type.String({ maxLength: 60 }),
  power: reason,
  classification: reason,
  provision: reason,
  facts: reason,
  ownEnquiries: reason,
  answerWithinDays: Type.Integer({ minimum: 1, maximum: 365 }),
  ...rightsReasons,
})

export const requestAssistance = caseAct({
  name: 'requestAssistance',
  topic: 'assistance',
  group: 'askAssistance',
  input: requestForm,
  when: (state) =>
    state.leadCaseId || state.disclosure.participants.some(({ id }) => mayBeAsked(state, id))
      ? permit(null)
      : refuse('nobodyToAsk', nobodyToAsk),
  prepare: async (step) => {
    const { kernel, input } = step
    const agreement = await agreementWith(kernel, input.requestedAuthority)
    const testId = kernel.random.uuidByTime()
    const requestId = kernel.random.uuidByTime()
    return { agreement, testId, request: requestOf(step, requestId, testId, agreement) }
  },
  decide: (state, input, acting, { agreement, testId, request }) => {
    // What a participant holds of another is the lead's to ask for.
    if (!mayBeAsked(state, input.requestedAuthority)) {
      return state.leadCaseId
        ? refuse('notTheLead', notTheLead)
        : refuse('notAParticipant', notAParticipant)
    }
    const subject = { kind: 'assistance', id: request.requestId } as const
    const test = rightsTestOf(input)
    const tested = recordRightsTest(state.rights, { testId, subject, test }, acting)
    if (tested.decision === 'refuse') return tested
    const next = afterEvents(state, tested.value, acting)
    const asked = decideRequest(assistanceBasis(next, agreement), { request }, acting)
    if (asked.decision === 'refuse') return asked
    return permit<CaseEvent[]>([...tested.value, ...asked.value], ...asked.because)
  },
  finish: async ({ unit, stream, state }, { request, agreement }) => {
    const caseId = nameOfCase({ stream, state })
    await unit.send({
      destination: request.requestedAuthority,
      type: 'assistanceRequest',
      objectId: caseId,
      agreement: agreement.digest,
      content: { caseId, request },
    })
    return { requestId: request.requestId }
  },
})

/** The lead is asked by those whom it invited, and each of those by the lead. */
function mayBeAsked(state: CaseState, authority: string): boolean {
  if (state.leadCaseId) return authority === state.lead
  return isInvited(state, authority) && !participantOf(state.disclosure, authority)?.left
}

const nobodyToAsk = {
  rule: 'assistance:participant',
  text: 'no authority that could be asked takes part in this case',
}

const notAParticipant = {
  rule: 'assistance:participant',
  text: 'assistance in this case is asked of an authority that was invited and takes part in it',
}

const notTheLead = {
  rule: 'assistance:lead',
  text: 'assistance in this case is asked of the authority that leads it',
}

/** The requesting authority closes its request on the exhibit it has verified itself. */
export const fulfilAssistance = caseAct({
  name: 'fulfilAssistance',
  topic: 'assistance',
  group: 'assist',
  input: Type.Object({ requestId: id, exhibitId: id }),
  decide: (state, input, acting) => decideFulfilment(state, input, acting),
})

function requestOf(
  { kernel, input, acting }: Step<Static<typeof requestForm>>,
  requestId: string,
  rightsTest: string,
  agreement: AgreementState,
): AssistanceRequest {
  const { legalBasis, exhibitId, classification, provision, facts, answerWithinDays } = input
  const force = requireInForce(agreement, acting.now)
  const none = { id: '', version: 0, digest: '' }
  return {
    requestId,
    type: input.type as RequestType,
    requestingAuthority: kernel.node.id,
    requestedAuthority: input.requestedAuthority,
    officer: acting.officer,
    power: input.power,
    agreement: force.decision === 'permit' ? force.value.ref : none,
    purpose: input.purpose,
    legalBasis: [legalBasis],
    subject: { classification, provision, facts },
    dualLegality: { asserted: false, equivalentProvision: null },
    necessity: input.necessity,
    proportionality: input.proportionality,
    ownEnquiries: input.ownEnquiries,
    rightsTest,
    dataCategories: [TRANSCRIPT],
    identifiers: [{ kind: 'exhibit', value: exhibitId }],
    urgency: { level: 'standard', reason: null },
    answerBy: addMs(acting.now, answerWithinDays * DAY_MS),
    affectedPerson: {
      inform: 'delayed',
      ground: 'investigationWouldBeImpaired',
      reviewAt: addMs(acting.now, NOTICE_REVIEW_DAYS * DAY_MS),
    },
    conditionsOfUse: [],
    language: 'en',
  }
}
