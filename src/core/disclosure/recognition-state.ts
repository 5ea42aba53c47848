/** Credit and appeals of a case, folded from its events. */
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type { ReportStateChanged } from './events.ts'
import type {
  CreditChosen,
  CreditSet,
  ReporterAppealDecided,
  ReporterAppealEscalated,
  ReporterAppealed,
  ReportReopened,
} from './recognition-events.ts'

export type RecognitionEvent =
  | CreditChosen
  | CreditSet
  | ReporterAppealed
  | ReporterAppealEscalated
  | ReporterAppealDecided

export type ReporterAppeal = Omit<ReporterAppealed, 'type'> & {
  readonly filedAt: Instant
  readonly escalated: (Omit<ReporterAppealEscalated, 'type'> & { readonly at: Instant }) | null
  readonly decided:
    | (Omit<ReporterAppealDecided, 'type'> & { readonly at: Instant; readonly by: string })
    | null
}

export type RecognitionState = {
  readonly choice: (Omit<CreditChosen, 'type'> & { readonly at: Instant }) | null
  readonly choices: number
  readonly credit: (Omit<CreditSet, 'type'> & { readonly at: Instant }) | null
  readonly appeals: readonly ReporterAppeal[]
  /** When the lead closed the report; null: it is open, or was reopened. */
  readonly closedAt: Instant | null
}

export const noRecognition: RecognitionState = {
  choice: null,
  choices: 0,
  credit: null,
  appeals: [],
  closedAt: null,
}

const RECOGNITION_EVENTS: Readonly<Record<RecognitionEvent['type'], true>> = {
  creditChosen: true,
  creditSet: true,
  reporterAppealed: true,
  reporterAppealEscalated: true,
  reporterAppealDecided: true,
}

export function isRecognitionEvent(event: { readonly type: string }): event is RecognitionEvent {
  return Object.hasOwn(RECOGNITION_EVENTS, event.type)
}

export function foldRecognition(
  state: RecognitionState,
  { event, at, by }: Recorded<RecognitionEvent>,
): RecognitionState {
  switch (event.type) {
    case 'creditChosen': {
      const { shownAs, name } = event
      return { ...state, choice: { shownAs, name, at }, choices: state.choices + 1 }
    }
    case 'creditSet': {
      const { type: _, ...credit } = event
      return { ...state, credit: { ...credit, at } }
    }
    case 'reporterAppealed': {
      const { type: _, ...facts } = event
      const appeal = { ...facts, filedAt: at, escalated: null, decided: null }
      return { ...state, appeals: [...state.appeals, appeal] }
    }
    case 'reporterAppealEscalated': {
      const { type: _, ...escalated } = event
      return withAppeal(state, event.appealId, { escalated: { ...escalated, at } })
    }
    case 'reporterAppealDecided': {
      const { type: _, ...decided } = event
      return withAppeal(state, event.appealId, { decided: { ...decided, at, by } })
    }
  }
}

/** The case ends when the lead closes its report, and begins anew when an appeal reopens it. */
export function foldCaseEnd(
  state: RecognitionState,
  lead: string,
  { event, at }: Recorded<ReportStateChanged | ReportReopened>,
): RecognitionState {
  if (event.participant !== lead) return state
  const isClosed = event.type === 'reportStateChanged' && event.to === 'closed'
  return { ...state, closedAt: isClosed ? at : null }
}

function withAppeal(
  state: RecognitionState,
  id: string,
  change: Partial<ReporterAppeal>,
): RecognitionState {
  const isIt = (one: ReporterAppeal) => one.appealId === id
  return {
    ...state,
    appeals: changeWhere(state.appeals, isIt, (one) => ({ ...one, ...change })),
  }
}
