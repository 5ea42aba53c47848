/** The steps of a request under public-records law, and the answer that two persons give. */
import type { Json } from '../../base/canonical-json.ts'
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { type CalendarDate, type Instant, instantFromMs, utcDateOf } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import type { LawState } from '../law/case-law.ts'
import { itemFaults, originatorsOf, type RecordsBasis, type WhyItem } from './records-item.ts'
import {
  type AnswerOutcome,
  type ConsultationFacts,
  type DueBasis,
  type Exemption,
  type ItemDecision,
  isSameItem,
  type RecordsAnswer,
  type RecordsAppeal,
  type RecordsRequest,
  type RecordsRequestEvent,
} from './records-request.ts'

export type WhyRecords =
  | 'requestExists'
  | 'requesterNamed'
  | 'requestFaulty'
  | 'unknownClock'
  | 'unknownRequest'
  | 'alreadyAnswered'
  | 'exemptionMissing'
  | 'exemptionUnused'
  | 'notFromPeer'
  | 'alreadyAsked'
  | 'unknownConsultation'
  | 'reasonMissing'
  | 'requestMovedOn'
  | 'notAnswered'
  | WhyItem

export type RecordsDecision = Decision<readonly RecordsRequestEvent[], WhyRecords>

type Requests = readonly RecordsRequest[]

/** A file reference: no spaces and no mail address, so that it is hardly a person's name. */
const REFERENCE = /^(?=.*\d)[A-Za-z0-9][A-Za-z0-9./_-]{2,59}$/

export function receiveRecordsRequest(
  requests: Requests,
  command: {
    readonly requestId: string
    readonly requester: string
    readonly asked: string
    readonly receivedAt: CalendarDate
    /** Null: by the clock. */
    readonly dueAt: Instant | null
    readonly dueBasis: DueBasis
  },
  { now }: Acting,
  { clocks }: Pick<LawState, 'clocks'>,
): RecordsDecision {
  if (requests.some(({ requestId }) => requestId === command.requestId)) {
    return no('requestExists', 'the request is recorded')
  }
  if (!REFERENCE.test(command.requester)) {
    const text = 'name the file reference, with a digit and without spaces, and not the person'
    return no('requesterNamed', text)
  }
  if (isBlank(command.asked)) return no('requestFaulty', 'say what is asked for')
  if (command.receivedAt > utcDateOf(now)) return no('requestFaulty', 'it has not come yet')
  const { dueBasis } = command
  const dueAt = dueBasis.kind === 'clock' ? dueByClock(clocks, dueBasis.clockId) : command.dueAt
  if (dueBasis.kind === 'clock' && (!dueAt || command.dueAt)) {
    return no('unknownClock', 'that clock of this case has no date, or a date was set beside it')
  }
  if (dueBasis.kind === 'citation' && isBlank(dueBasis.citation)) {
    return no('requestFaulty', 'a date that an officer sets names the provision that it rests on')
  }
  if (!dueAt || utcDateOf(dueAt) < command.receivedAt) {
    return no('requestFaulty', 'an answer is due on a day after the request came')
  }
  return permit([{ type: 'recordsRequestReceived', ...command, dueAt }])
}

/** Only a clock whose date binds: advice or a date to be confirmed is none. */
function dueByClock(clocks: LawState['clocks'], clockId: string): Instant | null {
  const clock = Object.hasOwn(clocks, clockId) ? clocks[clockId] : undefined
  if (clock?.state !== 'due' && clock?.state !== 'overdue') return null
  if (clock.strictDue === null) return null
  return instantFromMs(Temporal.ZonedDateTime.from(clock.strictDue).epochMilliseconds)
}

export function decideRecordsItem(
  requests: Requests,
  command: { readonly requestId: string } & ItemDecision,
  { now }: Acting,
  basis: RecordsBasis,
): RecordsDecision {
  const request = open(requests, command.requestId)
  if ('decision' in request) return request
  const { exemption, outcome } = command
  if (outcome === 'disclose' && exemption) {
    return no('exemptionUnused', 'what goes out whole has no exemption')
  }
  if (outcome !== 'disclose' && !isWhole(exemption)) {
    return no('exemptionMissing', 'what is held back names code, provision and reason')
  }
  if (outcome === 'withhold' && command.copy !== null) {
    return no('notARedactedCopy', 'what is withheld names no copy')
  }
  const [fault] = itemFaults(basis, request, command, now)
  if (fault) return refuse(fault.why, ...fault.because)
  return permit([{ type: 'recordsItemDecided', ...command }])
}

/** Records that the originator was asked: the letter itself goes by other means. */
export function askOriginator(
  requests: Requests,
  command: { readonly requestId: string } & ConsultationFacts,
  { now }: Acting,
  basis: RecordsBasis,
): RecordsDecision {
  const request = open(requests, command.requestId)
  if ('decision' in request) return request
  if (!originatorsOf(basis, command.item).includes(command.originator)) {
    return no('notFromPeer', 'nothing of this item came from that authority')
  }
  if (isBlank(command.askedBy)) return no('reasonMissing', 'say how it was asked')
  if (command.answerBy <= now) return no('requestFaulty', 'the day for its answer lies ahead')
  const isOpen = request.consultations.some(
    (one) =>
      one.consultationId === command.consultationId ||
      (one.answer === null &&
        one.originator === command.originator &&
        isSameItem(one.item, command.item)),
  )
  if (isOpen) return no('alreadyAsked', 'it was asked, and has not answered')
  return permit([{ type: 'recordsOriginatorAsked', ...command }])
}

export function recordOriginatorAnswer(
  requests: Requests,
  command: Omit<Extract<RecordsRequestEvent, { type: 'recordsOriginatorAnswered' }>, 'type'>,
): RecordsDecision {
  const request = open(requests, command.requestId)
  if ('decision' in request) return request
  const asked = request.consultations.find(
    ({ consultationId }) => consultationId === command.consultationId,
  )
  if (!asked) return no('unknownConsultation', 'nobody was asked this')
  if (asked.answer) return no('alreadyAnswered', 'it has answered; ask again')
  if (isBlank(command.reason) || isBlank(command.reference)) {
    return no('reasonMissing', 'an answer is recorded with its reasons and what shows it')
  }
  return permit([{ type: 'recordsOriginatorAnswered', ...command }])
}

/**
 * By two persons: who decides this approves what another one proposed. `asOf` is the
 * version at which the request was read, so that what changed since is not approved.
 */
export function answerRecordsRequest(
  requests: Requests,
  command: { readonly requestId: string; readonly asOf: number } & Pick<
    RecordsAnswer,
    'reason' | 'digest'
  >,
  { now }: Acting,
  basis: RecordsBasis,
): RecordsDecision {
  const { requestId, reason, digest } = command
  const request = open(requests, requestId)
  if ('decision' in request) return request
  if (request.version !== command.asOf) {
    const text = `the request stands at version ${request.version}: read it again`
    return no('requestMovedOn', text)
  }
  if (isBlank(reason)) return no('reasonMissing', 'an answer has its reason')
  const faults = request.items.flatMap((one) => itemFaults(basis, request, one, now))
  const [first] = faults
  if (first) return refuse(first.why, ...faults.flatMap(({ because }) => because))
  const outcome = answerOutcomeOf(request)
  return permit([{ type: 'recordsRequestAnswered', requestId, outcome, reason, digest }])
}

/** By its items alone. Without any the case holds nothing of what was asked. */
export function answerOutcomeOf({ items }: Pick<RecordsRequest, 'items'>): AnswerOutcome {
  const given = new Set(items.map(({ outcome }) => outcome))
  if (given.size === 0) return 'nothingHeld'
  if (given.size > 1 || given.has('partly')) return 'partly'
  return given.has('disclose') ? 'granted' : 'refused'
}

/** What the digest of an answer is taken over: no officer, and of who asked the reference only. */
export function answerDocument(request: RecordsRequest, reason: string): Json {
  const items = request.items.map(({ item, outcome, copy, exemption }) => ({
    ...{ item, outcome, copy, exemption },
  }))
  const { requestId, requester, asked, receivedAt } = request
  const outcome = answerOutcomeOf(request)
  return { v: 1, requestId, requester, asked, receivedAt, outcome, reason, items } as Json
}

export function noteRecordsAppeal(
  requests: Requests,
  command: { readonly requestId: string } & RecordsAppeal,
  { now }: Acting,
): RecordsDecision {
  const request = requests.find(({ requestId }) => requestId === command.requestId)
  if (!request) return no('unknownRequest', 'there is no such request')
  if (!request.answered) return no('notAnswered', 'an appeal is against an answer')
  if (isBlank(command.body) || isBlank(command.reference)) {
    return no('requestFaulty', 'an appeal names where it was filed, and the reference')
  }
  const isEarly = command.filedAt < utcDateOf(request.answered.at)
  if (isEarly || command.filedAt > utcDateOf(now)) {
    return no('requestFaulty', 'an appeal is filed after the answer and not in the future')
  }
  return permit([{ type: 'recordsAppealNoted', ...command }])
}

/** Found and not yet answered; otherwise why not. */
function open(requests: Requests, requestId: string): RecordsRequest | Refusal<WhyRecords> {
  const request = requests.find((one) => one.requestId === requestId)
  if (!request) return no('unknownRequest', 'there is no such request')
  return request.answered ? no('alreadyAnswered', 'the request was answered') : request
}

function isWhole(exemption: Exemption | null): boolean {
  return exemption !== null && Object.values(exemption).every((text) => !isBlank(text))
}

const isBlank = (text: string): boolean => text.trim() === ''

function no(why: WhyRecords, text: string): Refusal<WhyRecords> {
  return refuse(why, { rule: `records:${why}`, text })
}
