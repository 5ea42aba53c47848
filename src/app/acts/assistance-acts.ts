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
import { afterEvents, type CaseEvent } from '../../core/case/case.ts'
import { recordRightsTest } from '../../core/rights/record-rights-test.ts'
import { caseAct, type Step } from '../act.ts'
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
  when: ({ leadCaseId }) =>
    leadCaseId
      ? permit(null)
      : refuse('noLead', {
          rule: 'assistance:lead',
          text: 'this case is led here; assistance is asked of the authority that leads',
        }),
  prepare: async (step) => {
    const { kernel, input } = step
    const agreement = await agreementWith(kernel, input.requestedAuthority)
    const testId = kernel.random.uuidByTime()
    const requestId = kernel.random.uuidByTime()
    return { agreement, testId, request: requestOf(step, requestId, testId, agreement) }
  },
  decide: (state, input, acting, { agreement, testId, request }) => {
    // Nobody else knows the case by that id, and what came of it is the lead's to pass on.
    if (input.requestedAuthority !== state.lead) return refuse('notTheLead', notTheLead)
    const subject = { kind: 'assistance', id: request.requestId } as const
    const test = rightsTestOf(input)
    const tested = recordRightsTest(state.rights, { testId, subject, test }, acting)
    if (tested.decision === 'refuse') return tested
    const next = afterEvents(state, tested.value, acting)
    const asked = decideRequest(assistanceBasis(next, agreement), { request }, acting)
    if (asked.decision === 'refuse') return asked
    return permit<CaseEvent[]>([...tested.value, ...asked.value], ...asked.because)
  },
  finish: async ({ unit, state }, { request, agreement }) => {
    await unit.send({
      destination: request.requestedAuthority,
      type: 'assistanceRequest',
      objectId: state.leadCaseId ?? request.requestId,
      agreement: agreement.digest,
      content: { caseId: state.leadCaseId, request },
    })
    return { requestId: request.requestId }
  },
})

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
