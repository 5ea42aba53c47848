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
  answerRecordsRequest as decideAnswer,
  noteRecordsAppeal as decideAppeal,
  decideRecordsItem as decideItem,
  receiveRecordsRequest as decideReceiving,
  recordSearch,
} from '../../core/evidence/decide-records-request.ts'
import type { RecordsBasis } from '../../core/evidence/records-item.ts'
import {
  EXEMPTION_GROUNDS,
  type Exemption,
  RECORDS_ITEM_KINDS,
  RECORDS_OUTCOMES,
  type RecordsItem,
} from '../../core/evidence/records-request.ts'
import { heldContent } from '../../core/release/held.ts'
import { caseAct } from '../act.ts'
import { conflictedIn } from '../release-basis.ts'
import { id, reason } from './fields.ts'

export const keeping = { topic: 'records', group: 'keepRecords' } as const
export const line = Type.String({ minLength: 1, maxLength: 300 })
const day = Type.String({ maxLength: 10 })
export const instantText = Type.String({ maxLength: 30 })
export const itemFields = {
  itemKind: Type.Union(RECORDS_ITEM_KINDS.map((one) => Type.Literal(one))),
  itemId: Type.String({ minLength: 1, maxLength: 100 }),
}

export function recordsBasisOf(state: CaseState): RecordsBasis {
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
    ...itemFields,
    outcome: Type.Union(RECORDS_OUTCOMES.map((one) => Type.Literal(one))),
    copy: Type.Optional(id),
    exemptionCode: Type.Optional(Type.Union(EXEMPTION_GROUNDS.map((one) => Type.Literal(one)))),
    citation: Type.Optional(line),
    exemptionSource: Type.Optional(line),
    exemptionReason: Type.Optional(reason),
    harm: Type.Optional(reason),
    publicInterest: Type.Optional(reason),
  }),
  when: hasOpenRequest,
  decide: (state, input, acting) => {
    const { requestId, outcome, itemKind: kind, itemId } = input
    const exemption = exemptionOf(input)
    const decided = { item: { kind, id: itemId }, outcome, copy: input.copy || null, exemption }
    const command = { requestId, ...decided }
    return decideItem(state.evidence.requests, command, acting, recordsBasisOf(state))
  },
})

/** Empty `items`: what the case holds was looked through, and the request covers none of it. */
export const searchRecords = caseAct({
  name: 'searchRecords',
  ...keeping,
  input: Type.Object({
    requestId: id,
    how: reason,
    /** `<kind>:<id>` */
    items: Type.Array(Type.String({ maxLength: 120 }), { maxItems: 500 }),
  }),
  when: hasOpenRequest,
  decide: (state, { requestId, how, items }, _acting) => {
    const found = items.map(recordsItemOf)
    const { requests } = state.evidence
    return recordSearch(requests, { requestId, how, items: found }, recordsBasisOf(state))
  },
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
  when: hasOpenRequest,
  prepare: async ({ kernel, caseId, state, input, proposedBy }) => {
    const request = state.evidence.requests.find(({ requestId }) => requestId === input.requestId)
    const bytes = request && canonicalBytes(answerDocument(request, input.reason))
    const digest = bytes ? toHex(kernel.primitives.sha256(bytes)) : ''
    // The public is no authority with which anybody could have a conflict.
    const conflicted = await conflictedIn(kernel, state, caseId, '')
    return { digest, conflicted, proposedBy }
  },
  decide: (state, input, acting, { digest, ...persons }) => {
    const basis = { ...recordsBasisOf(state), ...persons }
    return decideAnswer(state.evidence, { ...input, digest }, acting, basis)
  },
  finish: async (_step, { digest }) => ({ digest }),
})

export const noteRecordsAppeal = caseAct({
  name: 'noteRecordsAppeal',
  ...keeping,
  input: Type.Object({ requestId: id, body: line, reference: line, filedOn: day }),
  when: ({ evidence }) =>
    evidence.requests.some(({ answered }) => answered)
      ? permit(null)
      : noRequest('no request for records was answered'),
  decide: ({ evidence }, { filedOn, ...input }, acting) =>
    decideAppeal(
      evidence.requests,
      { ...input, filedAt: calendarDate(filedOn, 'filedOn') },
      acting,
    ),
})

export function hasOpenRequest({ evidence }: CaseState) {
  return evidence.requests.some(({ answered }) => !answered)
    ? permit(null)
    : noRequest('no request for records waits for an answer')
}

export function noRequest(text: string) {
  return refuse('noRequest', { rule: 'records:none', text })
}

/** A kind that is none, or no colon: an item that no case holds. */
export function recordsItemOf(text: string): RecordsItem {
  const [name = '', ...rest] = text.split(':')
  const kind = RECORDS_ITEM_KINDS.find((one) => one === name) ?? 'document'
  return { kind, id: kind === name ? rest.join(':') : text }
}

/** Null where the form says nothing of one; what is missing in it the decision says. */
function exemptionOf(input: {
  readonly exemptionCode?: string
  readonly citation?: string
  readonly exemptionSource?: string
  readonly exemptionReason?: string
  readonly harm?: string
  readonly publicInterest?: string
}): Exemption | null {
  const { exemptionCode: code = '', citation = '', exemptionSource: source = '' } = input
  const { exemptionReason: reason = '', harm = '', publicInterest = '' } = input
  const exemption = { code, citation, source, reason, harm, publicInterest }
  return Object.values(exemption).some((text) => text !== '') ? exemption : null
}
