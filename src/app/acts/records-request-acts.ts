/** Acts on requests under public-records law. */
import { Type } from '@sinclair/typebox'
import { toHex } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { permit, refuse } from '../../base/decision.ts'
import { calendarDate, instant } from '../../base/time.ts'
import type { CaseState } from '../../core/case/case.ts'
import { isUnderEmbargo } from '../../core/disclosure/disclosure-state.ts'
import {
  answerDocument,
  askOriginator,
  answerRecordsRequest as decideAnswer,
  noteRecordsAppeal as decideAppeal,
  decideRecordsItem as decideItem,
  receiveRecordsRequest as decideReceiving,
  recordOriginatorAnswer,
} from '../../core/evidence/decide-records-request.ts'
import type { RecordsBasis } from '../../core/evidence/records-item.ts'
import {
  CONSULTATION_ANSWERS,
  RECORDS_ITEM_KINDS,
  RECORDS_OUTCOMES,
} from '../../core/evidence/records-request.ts'
import { heldContent } from '../../core/release/held.ts'
import { caseAct } from '../act.ts'
import { id, reason } from './fields.ts'

const keeping = { topic: 'records', group: 'keepRecords' } as const
const line = Type.String({ minLength: 1, maxLength: 300 })
const day = Type.String({ maxLength: 10 })
const instantText = Type.String({ maxLength: 30 })
const item = {
  itemKind: Type.Union(RECORDS_ITEM_KINDS.map((one) => Type.Literal(one))),
  itemId: Type.String({ minLength: 1, maxLength: 100 }),
}

function basisOf(state: CaseState): RecordsBasis {
  const { evidence, releases, rights, desk, publications } = state
  const held = heldContent(releases, evidence.exhibits)
  const { claims, reviews } = rights
  const letters = desk.letters.map(({ letterId }) => letterId)
  const documents = [...letters, ...publications.map(({ trackingId }) => trackingId)]
  const embargo = isUnderEmbargo(state.disclosure)
  return { evidence, releases, held, claims, reviews, documents, isUnderEmbargo: embargo }
}

export const recordRecordsRequest = caseAct({
  name: 'recordRecordsRequest',
  ...keeping,
  input: Type.Object({
    requester: Type.String({ minLength: 1, maxLength: 60 }),
    asked: reason,
    receivedOn: day,
    clockId: Type.Optional(Type.String({ maxLength: 100 })),
    dueAt: Type.Optional(instantText),
    citation: Type.Optional(line),
  }),
  prepare: async ({ kernel }) => kernel.random.uuidByTime(),
  decide: ({ evidence, law }, input, acting, requestId) => {
    const { requester, asked, clockId, citation = '' } = input
    if (clockId && citation) {
      const text = 'a due date rests on a clock or on a provision that is cited, not on both'
      return refuse('requestFaulty', { rule: 'records:requestFaulty', text })
    }
    const receivedAt = calendarDate(input.receivedOn, 'receivedOn')
    const dueAt = input.dueAt ? instant(input.dueAt, 'dueAt') : null
    const dueBasis = clockId
      ? ({ kind: 'clock', clockId } as const)
      : ({ kind: 'citation', citation } as const)
    const command = { requestId, requester, asked, receivedAt, dueAt, dueBasis }
    return decideReceiving(evidence.requests, command, acting, law)
  },
  finish: async (_step, requestId) => ({ requestId }),
})

export const decideRecordsItem = caseAct({
  name: 'decideRecordsItem',
  ...keeping,
  input: Type.Object({
    requestId: id,
    ...item,
    outcome: Type.Union(RECORDS_OUTCOMES.map((one) => Type.Literal(one))),
    copy: Type.Optional(id),
    exemptionCode: Type.Optional(Type.String({ maxLength: 60 })),
    citation: Type.Optional(line),
    exemptionReason: Type.Optional(reason),
  }),
  when: hasOpen,
  decide: (state, input, acting) => {
    const { requestId, outcome, itemKind: kind, itemId, exemptionCode: code } = input
    const { citation, exemptionReason } = input
    const given = code || citation || exemptionReason
    const exemption = given
      ? { code: code ?? '', citation: citation ?? '', reason: exemptionReason ?? '' }
      : null
    const decided = { item: { kind, id: itemId }, outcome, copy: input.copy || null, exemption }
    const command = { requestId, ...decided }
    return decideItem(state.evidence.requests, command, acting, basisOf(state))
  },
})

export const askRecordsOriginator = caseAct({
  name: 'askRecordsOriginator',
  ...keeping,
  input: Type.Object({
    requestId: id,
    ...item,
    originator: Type.String({ minLength: 1, maxLength: 100 }),
    askedBy: line,
    answerBy: instantText,
  }),
  when: hasOpen,
  prepare: async ({ kernel }) => kernel.random.uuidByTime(),
  decide: (state, input, acting, consultationId) => {
    const { requestId, itemKind: kind, itemId, originator, askedBy } = input
    const answerBy = instant(input.answerBy, 'answerBy')
    const asked = { consultationId, item: { kind, id: itemId }, originator, askedBy, answerBy }
    return askOriginator(state.evidence.requests, { requestId, ...asked }, acting, basisOf(state))
  },
  finish: async (_step, consultationId) => ({ consultationId }),
})

export const recordRecordsConsultation = caseAct({
  name: 'recordRecordsConsultation',
  ...keeping,
  input: Type.Object({
    requestId: id,
    consultationId: id,
    answer: Type.Union(CONSULTATION_ANSWERS.map((one) => Type.Literal(one))),
    reason,
    reference: line,
  }),
  when: ({ evidence }) =>
    evidence.requests.some(({ consultations }) => consultations.some((one) => !one.answer))
      ? permit(null)
      : none('no originator was asked and has not answered'),
  decide: ({ evidence }, input) => recordOriginatorAnswer(evidence.requests, input),
})

export const answerRecordsRequest = caseAct({
  name: 'answerRecordsRequest',
  ...keeping,
  stepUp: true,
  input: Type.Object({ requestId: id, asOf: Type.Integer({ minimum: 1 }), reason }),
  secondPerson: () => ({
    rule: 'records:answer',
    text: 'the answer to a request for records is given by two persons',
  }),
  when: hasOpen,
  prepare: async ({ kernel, state, input }) => {
    const request = state.evidence.requests.find(({ requestId }) => requestId === input.requestId)
    const bytes = request && canonicalBytes(answerDocument(request, input.reason))
    return bytes ? toHex(kernel.primitives.sha256(bytes)) : ''
  },
  decide: (state, input, acting, digest) =>
    decideAnswer(state.evidence.requests, { ...input, digest }, acting, basisOf(state)),
  finish: async (_step, digest) => ({ digest }),
})

export const noteRecordsAppeal = caseAct({
  name: 'noteRecordsAppeal',
  ...keeping,
  input: Type.Object({ requestId: id, body: line, reference: line, filedOn: day }),
  when: ({ evidence }) =>
    evidence.requests.some(({ answered }) => answered)
      ? permit(null)
      : none('no request for records was answered'),
  decide: ({ evidence }, { filedOn, ...input }, acting) =>
    decideAppeal(
      evidence.requests,
      { ...input, filedAt: calendarDate(filedOn, 'filedOn') },
      acting,
    ),
})

function hasOpen({ evidence }: CaseState) {
  return evidence.requests.some(({ answered }) => !answered)
    ? permit(null)
    : none('no request for records waits for an answer')
}

function none(text: string) {
  return refuse('noRequest', { rule: 'records:none', text })
}
