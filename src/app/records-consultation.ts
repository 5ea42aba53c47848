/**
 * Consultation of an originator about a request under public-records law, between two
 * nodes: the question, and the answer to it. Both are words that an officer wrote for the
 * other side; what would go out is named by the releases that brought it, and who asked for
 * the records is not named at all.
 */
import { invariant } from '../base/errors.ts'
import { instant } from '../base/time.ts'
import { receiveOriginatorReply } from '../core/evidence/decide-records-request.ts'
import {
  type AskedOfUs,
  receiveConsultation as decideReceiving,
} from '../core/evidence/records-consultation.ts'
import type { Consultation } from '../core/evidence/records-request.ts'
import type { ContentOf } from '../wire/exchange/contents.ts'
import type { Step } from './act.ts'
import { jointCase, nameOfCase } from './joint-case.ts'
import type { MessageOutcome } from './ports/exchange.ts'
import { applyTo, caseStateOf, type Receiving, rejected } from './receive-message.ts'

type Telling = Pick<Step<unknown>, 'unit' | 'stream' | 'state'>

export async function sendConsultation(
  telling: Telling,
  { consultationId, originator, question, releaseIds = [], answerBy }: Consultation,
): Promise<string> {
  const caseId = nameOfCase(telling)
  const brought = telling.state.releases.received.find(({ releaseId }) =>
    releaseIds.includes(releaseId),
  )
  return telling.unit.send({
    destination: originator,
    type: 'recordsConsultation',
    objectId: caseId,
    agreement: brought?.agreement.digest ?? null,
    content: { caseId, consultationId, releaseIds: [...releaseIds], question, answerBy },
  })
}

export async function sendConsultationAnswer(
  telling: Telling,
  { consultationId, from, answer }: AskedOfUs,
): Promise<string> {
  invariant(answer, 'an answer is sent when it is given')
  const caseId = nameOfCase(telling)
  return telling.unit.send({
    destination: from,
    type: 'recordsConsultationAnswer',
    objectId: caseId,
    agreement: null,
    content: { caseId, consultationId, answer: answer.answer, reason: answer.reason },
  })
}

export async function receiveConsultation(
  { unit, origin }: Receiving,
  { caseId, releaseIds, answerBy, ...asked }: ContentOf<'recordsConsultation'>,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) return rejected('release:linkedCase', 'missing-reference')
  const until = instant(answerBy, '/content/answerBy')
  const question = { ...asked, releaseIds, from: origin, answerBy: until }
  const { consultations } = state.evidence
  return applyTo(stream, origin, decideReceiving(consultations, question, state.releases))
}

export async function receiveConsultationAnswer(
  { unit, origin }: Receiving,
  { caseId, ...answer }: ContentOf<'recordsConsultationAnswer'>,
): Promise<MessageOutcome> {
  const stream = await jointCase(unit, origin, caseId)
  const state = caseStateOf(stream)
  if (!stream || !state) return rejected('release:linkedCase', 'missing-reference')
  const reply = { ...answer, from: origin }
  return applyTo(stream, origin, receiveOriginatorReply(state.evidence.requests, reply))
}
