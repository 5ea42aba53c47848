/**
 * A duty after the release: discharged with proof, accepted or contested by the side to
 * which it is owed, breached. Events and fold; both sides keep the same ones.
 *
 * A discharge is a claim of the one who owes. What it proves, the other side judges; a
 * discharge that is contested leaves the duty open.
 */
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type { Duty } from './release.ts'

/** What shows that a duty was done, by its kind. */
export type DutyEvidence =
  | {
      readonly kind: 'deletion'
      /** Commitment to what was shown of the case record; null: nothing of it was kept. */
      readonly view: string | null
      /** Digests of the sealed bytes whose keys were destroyed. */
      readonly exhibits: readonly { readonly exhibitId: string; readonly digest: string }[]
    }
  /** The message by which it was given back. */
  | { readonly kind: 'return'; readonly messageId: string }
  | { readonly kind: 'notice'; readonly noticeId: string }
  | { readonly kind: 'text' }

export const DUTY_ANSWERS = ['accepted', 'contested'] as const
export type DutyAnswer = (typeof DUTY_ANSWERS)[number]

export type DutyEvent =
  | {
      readonly type: 'dutyDischarged'
      readonly releaseId: string
      readonly dutyId: string
      /** In words. */
      readonly proof: string
      /** Absent before there was evidence by kind. */
      readonly evidence?: DutyEvidence
    }
  /** The other side says that it discharged what it owes. */
  | {
      readonly type: 'dutyDischargeReceived'
      readonly releaseId: string
      readonly dutyId: string
      readonly from: string
      readonly proof: string
      readonly evidence: DutyEvidence
    }
  | {
      readonly type: 'dutyDischargeAnswered'
      readonly releaseId: string
      readonly dutyId: string
      readonly answer: DutyAnswer
      readonly reason: string
    }
  | {
      readonly type: 'dutyAnswerReceived'
      readonly releaseId: string
      readonly dutyId: string
      readonly from: string
      readonly answer: DutyAnswer
      readonly reason: string
    }
  | {
      readonly type: 'dutyBreached'
      readonly releaseId: string
      readonly dutyId: string
      readonly ground: BreachGround
      readonly reason: string
      /** Node id of the side that says so. */
      readonly reportedBy: string
    }
  /** The key of what was shown of the case record is destroyed; the event that brought it stays. */
  | {
      readonly type: 'receivedViewDestroyed'
      readonly releaseId: string
      readonly commitment: string
      readonly reason: string
    }

export const BREACH_GROUNDS = ['overdue', 'reported'] as const
export type BreachGround = (typeof BREACH_GROUNDS)[number]

export type TrackedDuty = Duty & {
  readonly dischargedAt: Instant | null
  readonly discharge: {
    readonly at: Instant
    readonly proof: string
    readonly evidence: DutyEvidence | null
  } | null
  readonly answer: {
    readonly at: Instant
    readonly answer: DutyAnswer
    readonly reason: string
  } | null
  readonly breach: {
    readonly at: Instant
    readonly ground: BreachGround
    readonly reason: string
    readonly reportedBy: string
  } | null
}

export function openDuty(duty: Duty): TrackedDuty {
  return { ...duty, dischargedAt: null, discharge: null, answer: null, breach: null }
}

/** As it travels. */
export function dutyAsSent({ dutyId, kind, text, owedBy, dueAt }: Duty): Duty {
  return { dutyId, kind, text, owedBy, dueAt }
}

const DUTY_EVENTS: Readonly<Record<DutyEvent['type'], true>> = {
  dutyDischarged: true,
  dutyDischargeReceived: true,
  dutyDischargeAnswered: true,
  dutyAnswerReceived: true,
  dutyBreached: true,
  receivedViewDestroyed: true,
}

export function isDutyEvent(event: { readonly type: string }): event is DutyEvent {
  return Object.hasOwn(DUTY_EVENTS, event.type)
}

/** The one duty that the event is about, after it. */
export function foldDuty(duty: TrackedDuty, { event, at }: Recorded<DutyEvent>): TrackedDuty {
  switch (event.type) {
    case 'dutyDischarged':
    case 'dutyDischargeReceived': {
      const { proof, evidence = null } = event
      return { ...duty, dischargedAt: at, discharge: { at, proof, evidence }, answer: null }
    }
    case 'dutyDischargeAnswered':
    case 'dutyAnswerReceived': {
      const { answer, reason } = event
      const dischargedAt = answer === 'contested' ? null : duty.dischargedAt
      return { ...duty, dischargedAt, answer: { at, answer, reason } }
    }
    case 'dutyBreached': {
      const { ground, reason, reportedBy } = event
      return { ...duty, breach: duty.breach ?? { at, ground, reason, reportedBy } }
    }
    default:
      return duty
  }
}

/**
 * How a duty stands, whatever the day. `lasting`: it has no day. `ended`: it lasted as long
 * as the information was held. `breached` says that it still is not done.
 */
export const DUTY_STATES = [
  'open',
  'lasting',
  'breached',
  'discharged',
  'contested',
  'accepted',
  'ended',
] as const
export type DutyState = (typeof DUTY_STATES)[number]

export function dutyState(duty: TrackedDuty): DutyState {
  if (duty.dischargedAt !== null) return duty.answer ? 'accepted' : 'discharged'
  if (duty.breach) return 'breached'
  if (duty.answer) return 'contested'
  return duty.dueAt === null ? 'lasting' : 'open'
}
