/**
 * The originator's side of a request under public-records law: a peer that was asked for
 * records asks whether what this authority released to it may be given out. An officer
 * consents or objects, with reasons. Silence decides nothing here; at the peer it is a no.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type { ReleaseState } from '../release/release.ts'
import type { ConsultationAnswer } from './records-request.ts'

export type RecordsQuestion = {
  readonly consultationId: string
  /** Node id of the authority that was asked for the records. */
  readonly from: string
  /** The releases that brought it there. */
  readonly releaseIds: readonly string[]
  /** What may go out, in words that the peer wrote for this authority. */
  readonly question: string
  readonly answerBy: Instant
}

export type ConsultationEvent =
  | ({ readonly type: 'recordsConsultationReceived' } & RecordsQuestion)
  | {
      readonly type: 'recordsConsultationDecided'
      readonly consultationId: string
      readonly answer: ConsultationAnswer
      readonly reason: string
    }

export type AskedOfUs = RecordsQuestion & {
  readonly receivedAt: Instant
  /** Null: nobody has answered yet. */
  readonly answer: {
    readonly answer: ConsultationAnswer
    readonly reason: string
    readonly at: Instant
    readonly by: string
  } | null
}

export type WhyConsultation =
  | 'unknownRelease'
  | 'alreadyAsked'
  | 'reasonMissing'
  | 'unknownConsultation'
  | 'alreadyAnswered'
  | 'tooMany'

/** Of one peer in one case: each is an event and somebody's work. */
const WAITING_MAX = 50

type ConsultationDecision = Decision<readonly ConsultationEvent[], WhyConsultation>

/** From the peer that got the releases. What was called back is asked about no more. */
export function receiveConsultation(
  asked: readonly AskedOfUs[],
  question: RecordsQuestion,
  { permitted }: Pick<ReleaseState, 'permitted'>,
): ConsultationDecision {
  const isKnown = (id: string) =>
    permitted.some(
      ({ releaseId, recipient, withdrawn }) =>
        releaseId === id && recipient === question.from && !withdrawn,
    )
  if (question.releaseIds.length === 0 || !question.releaseIds.every(isKnown)) {
    return no('unknownRelease', 'no release that still counts went to this authority under this id')
  }
  if (asked.some(({ consultationId }) => consultationId === question.consultationId)) {
    return no('alreadyAsked', 'this was asked already')
  }
  const isWaiting = (one: AskedOfUs) => one.from === question.from && one.answer === null
  if (asked.filter(isWaiting).length >= WAITING_MAX) {
    return no('tooMany', `${WAITING_MAX} questions of this authority wait for an answer`)
  }
  if (question.question.trim() === '') return no('reasonMissing', 'a question says what is asked')
  return permit([{ type: 'recordsConsultationReceived', ...question }])
}

/** A late answer is an answer: the peer may not have decided yet. */
export function decideConsultation(
  asked: readonly AskedOfUs[],
  command: Omit<Extract<ConsultationEvent, { type: 'recordsConsultationDecided' }>, 'type'>,
): ConsultationDecision {
  const found = asked.find(({ consultationId }) => consultationId === command.consultationId)
  if (!found) return no('unknownConsultation', 'no peer asked this')
  if (found.answer) return no('alreadyAnswered', 'the question was answered')
  if (command.reason.trim() === '') {
    return no('reasonMissing', 'consent and objection are given with their reasons')
  }
  return permit([{ type: 'recordsConsultationDecided', ...command }])
}

const TYPES: Readonly<Record<ConsultationEvent['type'], true>> = {
  recordsConsultationReceived: true,
  recordsConsultationDecided: true,
}

export function isConsultationEvent(event: { readonly type: string }): event is ConsultationEvent {
  return Object.hasOwn(TYPES, event.type)
}

export function foldConsultations(
  asked: readonly AskedOfUs[],
  { event, at, by }: Recorded<ConsultationEvent>,
): readonly AskedOfUs[] {
  if (event.type === 'recordsConsultationReceived') {
    const { type: _, ...question } = event
    return [...asked, { ...question, receivedAt: at, answer: null }]
  }
  const { consultationId, answer, reason } = event
  const isIt = (one: AskedOfUs) => one.consultationId === consultationId
  return changeWhere(asked, isIt, (it) => ({ ...it, answer: { answer, reason, at, by } }))
}

function no(why: WhyConsultation, text: string): Refusal<WhyConsultation> {
  return refuse(why, { rule: `consultation:${why}`, text })
}
