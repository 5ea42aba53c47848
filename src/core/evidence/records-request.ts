/**
 * Requests under public-records law: events, state and fold. What may be given out is
 * decided in `records-item.ts`, the steps of a request in `decide-records-request.ts`.
 *
 * The person who asks is named by the reference of the authority's own file, never by name.
 */
import { changeWhere } from '../../base/lists.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'

export const RECORDS_ITEM_KINDS = ['exhibit', 'release', 'document'] as const

export type RecordsItem = {
  /** `document`: a letter, or an advisory. */
  readonly kind: (typeof RECORDS_ITEM_KINDS)[number]
  readonly id: string
}

/** Of the due date: a clock of a law pack that this case follows, or what the officer cites. */
export type DueBasis =
  | { readonly kind: 'clock'; readonly clockId: string }
  | { readonly kind: 'citation'; readonly citation: string }

export type RecordsRequestFacts = {
  readonly requestId: string
  /** Reference in the authority's own file. */
  readonly requester: string
  readonly asked: string
  readonly receivedAt: CalendarDate
  readonly dueAt: Instant
  readonly dueBasis: DueBasis
}

/**
 * Kinds of grounds on which records are held back, as such statutes group them. Which
 * provision it is, its citation says; none of them is a rule of law by itself.
 */
export const EXEMPTION_GROUNDS = [
  'personalData',
  'foreignRelations',
  'investigation',
  'confidentialBusiness',
  'legalPrivilege',
  'security',
  'deliberation',
  'protectedReporter',
  'otherLaw',
] as const
export type ExemptionGround = (typeof EXEMPTION_GROUNDS)[number]

export type Exemption = {
  /** One of `EXEMPTION_GROUNDS`; in older events any word. */
  readonly code: string
  /** The provision of the statute. */
  readonly citation: string
  readonly reason: string
  /** Where the provision can be read. Older events have none of these three. */
  readonly source?: string
  /** What harm disclosure would do, and to whom. */
  readonly harm?: string
  /** Why that outweighs the public's interest in disclosure. */
  readonly publicInterest?: string
}

export const RECORDS_OUTCOMES = ['disclose', 'partly', 'withhold'] as const

export type ItemDecision = {
  readonly item: RecordsItem
  readonly outcome: (typeof RECORDS_OUTCOMES)[number]
  /** Of what is disclosed in part: the redacted copy that goes out. */
  readonly copy: string | null
  /** Of whatever is held back, in whole or in part. */
  readonly exemption: Exemption | null
}

export type ConsultationFacts = {
  readonly consultationId: string
  readonly item: RecordsItem
  /** Node id of the authority that it came from. */
  readonly originator: string
  /** How it was asked, and the reference of the letter. */
  readonly askedBy: string
  readonly answerBy: Instant
  /** Where it was asked by a signed message: the releases that brought the item. */
  readonly releaseIds?: readonly string[]
  /** What it was asked then. */
  readonly question?: string
}

export const CONSULTATION_ANSWERS = ['consents', 'objects'] as const
export type ConsultationAnswer = (typeof CONSULTATION_ANSWERS)[number]

/** Instead of a letter's reference: the originator said it itself. */
export const BY_MESSAGE = 'message'

export const ANSWER_OUTCOMES = ['granted', 'partly', 'refused', 'nothingHeld'] as const
export type AnswerOutcome = (typeof ANSWER_OUTCOMES)[number]

export type RecordsAnswer = {
  readonly outcome: AnswerOutcome
  readonly reason: string
  /** SHA-256 of the canonical answer, lower-case hex. */
  readonly digest: string
}

/** What was looked for, where, and what of it the request covers. */
export type RecordsSearch = {
  readonly how: string
  readonly items: readonly RecordsItem[]
}

/** One thing that goes out to whoever asked: a release of its own kind. */
export type RecordsReleased = {
  readonly item: RecordsItem
  /** The exhibit that leaves, the redacted copy where there is one; null: no exhibit. */
  readonly exhibitId: string | null
  /** SHA-256 of its sealed bytes, lower-case hex. */
  readonly digest: string | null
}

export type RecordsAppeal = {
  /** Court or body. */
  readonly body: string
  readonly reference: string
  readonly filedAt: CalendarDate
}

export type RecordsRequestEvent =
  | ({ readonly type: 'recordsRequestReceived' } & RecordsRequestFacts)
  | ({ readonly type: 'recordsItemDecided'; readonly requestId: string } & ItemDecision)
  | ({ readonly type: 'recordsOriginatorAsked'; readonly requestId: string } & ConsultationFacts)
  | {
      readonly type: 'recordsOriginatorAnswered'
      readonly requestId: string
      readonly consultationId: string
      readonly answer: ConsultationAnswer
      readonly reason: string
      /** Of what shows the answer. */
      readonly reference: string
    }
  | {
      /** Of a peer that was asked by a message. */
      readonly type: 'recordsOriginatorReplied'
      readonly from: string
      readonly requestId: string
      readonly consultationId: string
      readonly answer: ConsultationAnswer
      readonly reason: string
    }
  | ({ readonly type: 'recordsSearched'; readonly requestId: string } & RecordsSearch)
  | {
      readonly type: 'recordsReleased'
      readonly requestId: string
      readonly released: readonly RecordsReleased[]
    }
  | ({ readonly type: 'recordsRequestAnswered'; readonly requestId: string } & RecordsAnswer)
  | ({ readonly type: 'recordsAppealNoted'; readonly requestId: string } & RecordsAppeal)

export type Consultation = ConsultationFacts & {
  readonly askedAt: Instant
  /** Null: it has not answered, and so has not consented. */
  readonly answer: {
    readonly answer: ConsultationAnswer
    readonly reason: string
    readonly reference: string
    readonly at: Instant
  } | null
}

export type RecordsRequest = RecordsRequestFacts & {
  /** Version of the case at the last event about it: an approval is for exactly that. */
  readonly version: number
  /** The last search; null: none is on record. */
  readonly search: (RecordsSearch & { readonly at: Instant; readonly by: string }) | null
  /** What went out with the answer. */
  readonly released: readonly RecordsReleased[]
  /** The last decision on each item. */
  readonly items: readonly (ItemDecision & { readonly by: string })[]
  readonly consultations: readonly Consultation[]
  readonly answered: (RecordsAnswer & { readonly at: Instant; readonly by: string }) | null
  readonly appeals: readonly RecordsAppeal[]
}

const TYPES: Readonly<Record<RecordsRequestEvent['type'], true>> = {
  recordsRequestReceived: true,
  recordsItemDecided: true,
  recordsOriginatorAsked: true,
  recordsOriginatorAnswered: true,
  recordsOriginatorReplied: true,
  recordsSearched: true,
  recordsReleased: true,
  recordsRequestAnswered: true,
  recordsAppealNoted: true,
}

export function isRecordsRequestEvent(event: {
  readonly type: string
}): event is RecordsRequestEvent {
  return Object.hasOwn(TYPES, event.type)
}

export function foldRecordsRequests(
  requests: readonly RecordsRequest[],
  recorded: Recorded<RecordsRequestEvent>,
): readonly RecordsRequest[] {
  const { event, version } = recorded
  if (event.type === 'recordsRequestReceived') {
    const { type: _, ...facts } = event
    const empty = { items: [], consultations: [], answered: null, appeals: [] }
    return [...requests, { ...facts, ...empty, search: null, released: [], version }]
  }
  const isIt = ({ requestId }: RecordsRequest) => requestId === event.requestId
  return changeWhere(requests, isIt, (it) => ({ ...changed(it, { ...recorded, event }), version }))
}

type LaterEvent = Exclude<RecordsRequestEvent, { type: 'recordsRequestReceived' }>

function changed(request: RecordsRequest, { event, at, by }: Recorded<LaterEvent>): RecordsRequest {
  switch (event.type) {
    case 'recordsItemDecided': {
      const { type: _, requestId: __, ...decided } = event
      const others = request.items.filter(({ item }) => !isSameItem(item, decided.item))
      return { ...request, items: [...others, { ...decided, by }] }
    }
    case 'recordsOriginatorAsked': {
      const { type: _, requestId: __, ...asked } = event
      const consultation = { ...asked, askedAt: at, answer: null }
      return { ...request, consultations: [...request.consultations, consultation] }
    }
    case 'recordsSearched': {
      const { how, items } = event
      return { ...request, search: { how, items, at, by } }
    }
    case 'recordsReleased':
      return { ...request, released: event.released }
    case 'recordsOriginatorReplied':
    case 'recordsOriginatorAnswered': {
      const { consultationId, answer, reason } = event
      const reference = 'reference' in event ? event.reference : BY_MESSAGE
      const isIt = (one: Consultation) => one.consultationId === consultationId
      const answered = { answer, reason, reference, at }
      const consultations = changeWhere(request.consultations, isIt, (it) => ({
        ...it,
        answer: answered,
      }))
      return { ...request, consultations }
    }
    case 'recordsRequestAnswered': {
      const { outcome, reason, digest } = event
      return { ...request, answered: { outcome, reason, digest, at, by } }
    }
    case 'recordsAppealNoted': {
      const { body, reference, filedAt } = event
      return { ...request, appeals: [...request.appeals, { body, reference, filedAt }] }
    }
  }
}

export function isSameItem(a: RecordsItem, b: RecordsItem): boolean {
  return a.kind === b.kind && a.id === b.id
}
