/** Acts that consult the originator of what somebody asked for, on both sides of the question. */
import { Type } from '@sinclair/typebox'
import { permit, type Refusal, refuse } from '../../base/decision.ts'
import { invariant } from '../../base/errors.ts'
import { instant } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import {
  askOriginator,
  recordOriginatorAnswer,
} from '../../core/evidence/decide-records-request.ts'
import { decideConsultation } from '../../core/evidence/records-consultation.ts'
import { CONSULTATION_ANSWERS } from '../../core/evidence/records-request.ts'
import { caseAct } from '../act.ts'
import { sendConsultation, sendConsultationAnswer } from '../records-consultation.ts'
import { id, reason } from './fields.ts'
import {
  hasOpenRequest,
  instantText,
  itemFields,
  keeping,
  line,
  noRequest,
  recordsBasisOf,
} from './records-request-acts.ts'

const answer = Type.Union(CONSULTATION_ANSWERS.map((one) => Type.Literal(one)))

/** With a question it goes as a signed message; else this records how it was asked. */
export const askRecordsOriginator = caseAct({
  name: 'askRecordsOriginator',
  ...keeping,
  input: Type.Object({
    requestId: id,
    ...itemFields,
    originator: Type.String({ minLength: 1, maxLength: 100 }),
    question: Type.Optional(reason),
    askedBy: Type.Optional(line),
    answerBy: instantText,
  }),
  when: hasOpenRequest,
  prepare: async ({ kernel, input }) => ({
    consultationId: kernel.random.uuidByTime(),
    hasNode: kernel.peers.find(input.originator) !== undefined,
  }),
  decide: (state, input, acting, { consultationId, hasNode }) => {
    const { requestId, itemKind: kind, itemId, originator, question, askedBy } = input
    if (question && askedBy) return oneWay()
    if (question && !hasNode) return noNode()
    const how = question ? { askedBy: 'message', question } : { askedBy: askedBy ?? '' }
    const answerBy = instant(input.answerBy, 'answerBy')
    const asked = { consultationId, item: { kind, id: itemId }, originator, ...how, answerBy }
    const { requests } = state.evidence
    return askOriginator(requests, { requestId, ...asked }, acting, recordsBasisOf(state))
  },
  finish: async (step, { consultationId }) => {
    const asked = step.state.evidence.requests
      .flatMap(({ consultations }) => consultations)
      .find((one) => one.consultationId === consultationId)
    invariant(asked, 'what was asked is there')
    if (asked.question === undefined) return { consultationId }
    return { consultationId, messageId: await sendConsultation(step, asked) }
  },
})

const oneWay = (): Refusal =>
  refuse('requestFaulty', {
    rule: 'records:oneWay',
    text: 'it is asked by a message, or this records that it was asked otherwise: not both',
  })

const noNode = (): Refusal =>
  refuse('requestFaulty', {
    rule: 'records:noNode',
    text: 'no message reaches that authority: ask it otherwise, and record how',
  })

/** Of a letter. What a peer answers by a message is recorded when it comes. */
export const recordRecordsConsultation = caseAct({
  name: 'recordRecordsConsultation',
  ...keeping,
  input: Type.Object({ requestId: id, consultationId: id, answer, reason, reference: line }),
  when: ({ evidence }) =>
    evidence.requests.some(({ consultations }) => consultations.some((one) => !one.answer))
      ? permit(null)
      : noRequest('no originator was asked and has not answered'),
  decide: ({ evidence }, input) => recordOriginatorAnswer(evidence.requests, input),
})

/** To a peer that was asked for records in which content of this authority stands. */
export const answerRecordsConsultation = caseAct({
  name: 'answerRecordsConsultation',
  ...keeping,
  input: Type.Object({ consultationId: id, answer, reason }),
  when: (state) =>
    waiting(state).length > 0
      ? permit(null)
      : noRequest('no peer asks whether something may be given out'),
  decide: ({ evidence }, input) => decideConsultation(evidence.consultations, input),
  finish: async (step) => {
    const asked = step.state.evidence.consultations.find(
      ({ consultationId }) => consultationId === step.input.consultationId,
    )
    invariant(asked, 'what was answered is there')
    return { messageId: await sendConsultationAnswer(step, asked) }
  },
})

const waiting = ({ evidence }: CaseState) =>
  evidence.consultations.filter((one) => one.answer === null)
