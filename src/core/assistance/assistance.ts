/**
 * Requests for assistance in a case's history, on both sides: asked, received,
 * answered, delivered, fulfilled. A refusal carries codes and reasons and stays.
 */
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type { RefusalRegime } from './refusal-codes.ts'
import type { AssistanceRequest } from './request.ts'

export type AssistanceAnswer = 'full' | 'partial' | 'refused'

export type AnswerFacts = {
  readonly requestId: string
  readonly answer: AssistanceAnswer
  /** Codes of refusal or limitation; at least one unless the answer is full. */
  readonly codes: readonly string[]
  /** The instrument whose codes these are; null: the agreement alone. */
  readonly regime: RefusalRegime | null
  readonly reasons: string
}

export type AssistanceEvent =
  | { readonly type: 'assistanceRequested'; readonly request: AssistanceRequest }
  | { readonly type: 'assistanceReceived'; readonly request: AssistanceRequest }
  | ({ readonly type: 'assistanceDecided' } & AnswerFacts)
  /** On the requesting side: what the requested authority answered. */
  | ({ readonly type: 'assistanceAnswerReceived' } & AnswerFacts)
  | {
      readonly type: 'assistanceDelivered'
      readonly requestId: string
      readonly exhibitId: string
      readonly releaseId: string
    }
  | {
      readonly type: 'assistanceFulfilled'
      readonly requestId: string
      readonly exhibitId: string
      readonly verification: FulfilmentCheck
    }

/** How the requesting authority itself checked what it was given. */
export type FulfilmentCheck = {
  readonly partsRoot: string
  readonly origin: string
  readonly leafIndex: number
  readonly shownParts: number
  readonly redactedParts: number
}

export type AssistanceItem = {
  readonly side: 'requesting' | 'requested'
  readonly request: AssistanceRequest
  readonly openedAt: Instant
  readonly answer: (AnswerFacts & { readonly decidedAt: Instant; readonly by: string }) | null
  readonly deliveries: readonly {
    readonly exhibitId: string
    readonly releaseId: string
    readonly at: Instant
  }[]
  readonly fulfilment: (FulfilmentCheck & { readonly at: Instant }) | null
}

export type AssistanceState = { readonly items: readonly AssistanceItem[] }

export const noAssistance: AssistanceState = { items: [] }

const ASSISTANCE_EVENTS: Readonly<Record<AssistanceEvent['type'], true>> = {
  assistanceRequested: true,
  assistanceReceived: true,
  assistanceDecided: true,
  assistanceAnswerReceived: true,
  assistanceDelivered: true,
  assistanceFulfilled: true,
}

export function isAssistanceEvent(event: { readonly type: string }): event is AssistanceEvent {
  return Object.hasOwn(ASSISTANCE_EVENTS, event.type)
}

export function foldAssistance(
  state: AssistanceState,
  { event, at, by }: Recorded<AssistanceEvent>,
): AssistanceState {
  switch (event.type) {
    case 'assistanceRequested':
    case 'assistanceReceived': {
      const side = event.type === 'assistanceRequested' ? 'requesting' : 'requested'
      const blank = { answer: null, deliveries: [], fulfilment: null }
      return { items: [...state.items, { side, request: event.request, openedAt: at, ...blank }] }
    }
    case 'assistanceDecided':
    case 'assistanceAnswerReceived': {
      const { type: _, ...facts } = event
      return changeItem(state, event.requestId, (item) => ({
        ...item,
        answer: { ...facts, decidedAt: at, by },
      }))
    }
    case 'assistanceDelivered': {
      const { requestId, exhibitId, releaseId } = event
      return changeItem(state, requestId, (item) => ({
        ...item,
        deliveries: [...item.deliveries, { exhibitId, releaseId, at }],
      }))
    }
    case 'assistanceFulfilled':
      return changeItem(state, event.requestId, (item) => ({
        ...item,
        fulfilment: { ...event.verification, at },
      }))
    default:
      return state
  }
}

export function assistanceOf(
  state: AssistanceState,
  requestId: string,
): AssistanceItem | undefined {
  return state.items.find(({ request }) => request.requestId === requestId)
}

function changeItem(
  state: AssistanceState,
  requestId: string,
  change: (item: AssistanceItem) => AssistanceItem,
): AssistanceState {
  const isIt = ({ request }: AssistanceItem) => request.requestId === requestId
  return { items: changeWhere(state.items, isIt, change) }
}
