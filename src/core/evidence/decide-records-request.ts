/** The steps of a request under public-records law, and the answer that two persons give. */
import type { Json } from '../../base/canonical-json.ts'
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { type CalendarDate, type Instant, instantFromMs, utcDateOf } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import type { LawState } from '../law/case-law.ts'
import {
  decideRecordsRelease,
  type RecordsReleaseBasis,
  type WhyRecordsRelease,
} from '../release/records-release.ts'
import { recordCustody } from './decide-evidence.ts'
import type { EvidenceEvent, EvidenceState } from './evidence.ts'
import {
  isKnown,
  itemFaults,
  originatorsOf,
  type RecordsBasis,
  releasesFrom,
} from './records-item.ts'
import {
  type AnswerOutcome,
  BY_MESSAGE,
  type ConsultationAnswer,
  type ConsultationFacts,
  type DueBasis,
  EXEMPTION_GROUNDS,
  type Exemption,
  type ItemDecision,
  isSameItem,
  type RecordsAnswer,
  type RecordsAppeal,
  type RecordsRequest,
  type RecordsRequestEvent,
  type RecordsSearch,
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
  | WhyRecordsRelease

export type RecordsDecision = Decision<readonly RecordsRequestEvent[], WhyRecords>
/** With the acts of custody on what leaves. */
export type AnswerDecision = Decision<readonly EvidenceEvent[], WhyRecords>

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

/** What was looked for, and everything found that the request covers; nothing is an answer too. */
export function recordSearch(
  requests: Requests,
  command: { readonly requestId: string } & RecordsSearch,
  basis: RecordsBasis,
): RecordsDecision {
  const request = open(requests, command.requestId)
  if ('decision' in request) return request
  if (isBlank(command.how)) return no('reasonMissing', 'say what was searched for, and where')
  const stranger = command.items.find((item) => !isKnown(basis, item))
  if (stranger) return no('unknownItem', 'this case holds no such exhibit, release or document')
  return permit([{ type: 'recordsSearched', ...command }])
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
    const text =
      'what is held back names its ground, provision and source, the harm, and the public interest'
    return no('exemptionMissing', text)
  }
  if (outcome === 'withhold' && command.copy !== null) {
    return no('notARedactedCopy', 'what is withheld names no copy')
  }
  const [fault] = itemFaults(basis, request, command, now)
  if (fault) return refuse(fault.why, ...fault.because)
  return permit([{ type: 'recordsItemDecided', ...command }])
}

/**
 * Asks the originator of an item: by a signed message, which names the releases and carries
 * the question; or this records that it was asked by other means.
 */
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
  if (command.question !== undefined && isBlank(command.question)) {
    return no('reasonMissing', 'the originator is told what would go out')
  }
  if (command.answerBy <= now) return no('requestFaulty', 'the day for its answer lies ahead')
  const isOpen = request.consultations.some(
    (one) =>
      one.consultationId === command.consultationId ||
      (one.answer === null &&
        one.originator === command.originator &&
        isSameItem(one.item, command.item)),
  )
  if (isOpen) return no('alreadyAsked', 'it was asked, and has not answered')
  if (command.question === undefined) {
    return permit([{ type: 'recordsOriginatorAsked', ...command }])
  }
  const releaseIds = releasesFrom(basis, command.item, command.originator)
  if (releaseIds.length === 0) {
    return no('notFromPeer', 'no release of that authority is known to have brought it')
  }
  return permit([{ type: 'recordsOriginatorAsked', ...command, releaseIds }])
}

/**
 * The originator's own message. Only who was asked answers, and only once. It stands above
 * what an officer wrote down of a letter.
 */
export function receiveOriginatorReply(
  requests: Requests,
  command: {
    readonly consultationId: string
    readonly answer: ConsultationAnswer
    readonly reason: string
    readonly from: string
  },
): RecordsDecision {
  const isIt = ({ consultationId }: ConsultationFacts) => consultationId === command.consultationId
  const request = requests.find(({ consultations }) => consultations.some(isIt))
  const asked = request?.consultations.find(isIt)
  if (!request || asked?.originator !== command.from) {
    return no('unknownConsultation', 'this authority was not asked')
  }
  // Heard twice it changes nothing. After the answer it still stops what has not gone out.
  if (asked.answer?.reference === BY_MESSAGE) return permit([])
  const { requestId } = request
  return permit([{ type: 'recordsOriginatorReplied', requestId, ...command }])
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
  if (isBlank(command.reason) || isBlank(command.reference) || command.reference === BY_MESSAGE) {
    return no('reasonMissing', 'an answer is recorded with its reasons and what shows it')
  }
  return permit([{ type: 'recordsOriginatorAnswered', ...command }])
}

/**
 * By two persons: who decides this approves what another one proposed. `asOf` is the
 * version at which the request was read, so that what changed since is not approved. What
 * leaves with it is decided in `core/release/records-release.ts`.
 */
export function answerRecordsRequest(
  evidence: EvidenceState,
  command: { readonly requestId: string; readonly asOf: number } & Pick<
    RecordsAnswer,
    'reason' | 'digest'
  >,
  acting: Acting,
  basis: RecordsReleaseBasis,
): AnswerDecision {
  const { requestId, reason, digest } = command
  const request = open(evidence.requests, requestId)
  if ('decision' in request) return request
  if (request.version !== command.asOf) {
    const text = `the request stands at version ${request.version}: read it again`
    return no('requestMovedOn', text)
  }
  if (isBlank(reason)) return no('reasonMissing', 'an answer has its reason')
  const decided = decideRecordsRelease(basis, request, acting)
  if (decided.decision === 'refuse') return decided
  const outcome = answerOutcomeOf(request)
  const released = decided.value
  const events: EvidenceEvent[] = [
    { type: 'recordsRequestAnswered', requestId, outcome, reason, digest },
  ]
  if (released.length > 0) events.push({ type: 'recordsReleased', requestId, released })
  const purpose = `answer to ${request.requester} under public-records law`
  for (const { exhibitId, digest: sealed } of released) {
    if (exhibitId === null || sealed === null) continue
    const left = { exhibitId, act: 'released', purpose, digest: sealed } as const
    const custody = recordCustody(evidence, left, acting)
    if (custody.decision === 'refuse') return no('destroyed', 'what would go out is not there')
    events.push(...custody.value)
  }
  return permit(events)
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
  if (!exemption) return false
  const { code, citation, reason, source = '', harm = '', publicInterest = '' } = exemption
  const isKnownGround = EXEMPTION_GROUNDS.some((one) => one === code)
  return isKnownGround && ![citation, reason, source, harm, publicInterest].some(isBlank)
}

const isBlank = (text: string): boolean => text.trim() === ''

function no(why: WhyRecords, text: string): Refusal<WhyRecords> {
  return refuse(why, { rule: `records:${why}`, text })
}
