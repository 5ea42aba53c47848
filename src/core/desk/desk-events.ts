/**
 * What the work around a case leaves in its history: a period that was passed to a
 * deputy, a letter that was made, a release handed over by hand.
 *
 * Letters and packages themselves are kept apart, sealed; their digests stand here.
 */
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'

export type EscalationGround = 'absent' | 'silent' | 'left'

export type DeadlineEscalated = {
  readonly type: 'deadlineEscalated'
  readonly clock: string
  readonly dueAt: Instant
  /** Officer ids. */
  readonly owner: string
  readonly deputy: string
  readonly ground: EscalationGround
}

export type LetterMade = {
  readonly type: 'letterMade'
  readonly letterId: string
  readonly template: string
  readonly templateVersion: number
  readonly to: string
  readonly subject: string
  /** SHA-256, lower-case hex. The PDF is null where its font could not show the text. */
  readonly docxDigest: string
  readonly pdfDigest: string | null
  /** What it answers, where it was made of that: the id of a request for records. */
  readonly about?: string
}

/** A permitted release leaves as a package, for a counterpart that no message reaches. */
export type HandOverMade = {
  readonly type: 'handOverMade'
  readonly handOverId: string
  readonly releaseId: string
  readonly recipient: string
  /** SHA-256 of the archive, lower-case hex. */
  readonly digest: string
  readonly sizeBytes: number
  /** Of the released file, sealed to a key of the recipient; absent: no file was released. */
  readonly file?: HandedFile
}

/** How the recipient's key was compared with what the recipient says itself. */
export const KEY_MEANS = ['inPerson', 'phone', 'video', 'signedLetter'] as const

export type HandedFile = {
  /** Of the sealed bytes: SHA-256, lower-case hex. */
  readonly digest: string
  readonly sizeBytes: number
  /** An age recipient. */
  readonly recipientKey: string
  /** Office or function at the recipient that confirmed it. */
  readonly keyConfirmedBy: string
  readonly keyMeans: (typeof KEY_MEANS)[number]
}

/** Somebody acknowledged by hand. Who, is kept sealed; its digest stands here. */
export type HandOverReceived = {
  readonly type: 'handOverReceived'
  readonly handOverId: string
  readonly receivedOn: CalendarDate
  readonly form: 'typed' | 'scanned'
  readonly receiptDigest: string
}

/** An answer went into the reporter's mailbox, sealed in the officer's browser. */
export type ReporterWritten = {
  readonly type: 'reporterWritten'
  readonly messageId: string
  readonly kind: string
  /** SHA-256 of the age file, lower-case hex. It stays when the reporter deletes the file. */
  readonly digest: string
}

export type DeskEvent =
  | ReporterWritten
  | RetaliationReported
  | DeadlineEscalated
  | LetterMade
  | HandOverMade
  | HandOverReceived

export type Letter = Omit<LetterMade, 'type'> & { readonly madeAt: Instant; readonly by: string }

/** By a follow-up in the mailbox: somebody is treated badly because of the report. */
export type RetaliationReported = {
  readonly type: 'retaliationReported'
  readonly messageId: string
  /** Until when the authority says what it does to protect: its own period, of no law. */
  readonly dueAt: Instant
}

export type HandOver = Omit<HandOverMade, 'type'> & {
  readonly madeAt: Instant
  readonly by: string
  readonly receipt: (Omit<HandOverReceived, 'type' | 'handOverId'> & { readonly by: string }) | null
}

export type DeskState = {
  readonly answers: readonly (Omit<ReporterWritten, 'type'> & { readonly at: Instant })[]
  readonly retaliations: readonly (Omit<RetaliationReported, 'type'> & {
    readonly reportedAt: Instant
  })[]
  readonly escalations: readonly (Omit<DeadlineEscalated, 'type'> & { readonly at: Instant })[]
  readonly letters: readonly Letter[]
  readonly handOvers: readonly HandOver[]
}

export const noDesk: DeskState = {
  answers: [],
  retaliations: [],
  escalations: [],
  letters: [],
  handOvers: [],
}

const DESK_EVENTS: Readonly<Record<DeskEvent['type'], true>> = {
  reporterWritten: true,
  retaliationReported: true,
  deadlineEscalated: true,
  letterMade: true,
  handOverMade: true,
  handOverReceived: true,
}

export function isDeskEvent(event: { readonly type: string }): event is DeskEvent {
  return Object.hasOwn(DESK_EVENTS, event.type)
}

export function foldDesk(state: DeskState, { event, at, by }: Recorded<DeskEvent>): DeskState {
  switch (event.type) {
    case 'reporterWritten': {
      const { type: _, ...facts } = event
      return { ...state, answers: [...state.answers, { ...facts, at }] }
    }
    case 'retaliationReported': {
      const { type: _, ...facts } = event
      return { ...state, retaliations: [...state.retaliations, { ...facts, reportedAt: at }] }
    }
    case 'deadlineEscalated': {
      const { type: _, ...facts } = event
      return { ...state, escalations: [...state.escalations, { ...facts, at }] }
    }
    case 'letterMade': {
      const { type: _, ...facts } = event
      return { ...state, letters: [...state.letters, { ...facts, madeAt: at, by }] }
    }
    case 'handOverMade': {
      const { type: _, ...facts } = event
      const made = { ...facts, madeAt: at, by, receipt: null }
      return { ...state, handOvers: [...state.handOvers, made] }
    }
    case 'handOverReceived': {
      const { type: _, handOverId, ...facts } = event
      const handOvers = state.handOvers.map((one) =>
        one.handOverId === handOverId ? { ...one, receipt: { ...facts, by } } : one,
      )
      return { ...state, handOvers }
    }
    default:
      return state
  }
}
