/**
 * Work that several people or authorities do on one case together: playbooks as checklists,
 * offers of support, task forces, the review at the end, and who deploys what is derived
 * from which model. Being named in any of this gives no right to see or do anything.
 */
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { LineageComponent, LineageEdge, NotCarried } from './lineage.ts'

export type PlaybookStarted = {
  readonly type: 'playbookStarted'
  readonly runId: string
  readonly playbook: string
  readonly version: string
  readonly title: string
  readonly items: readonly {
    readonly itemId: string
    readonly text: string
    /** Officer id. */
    readonly officer: string
    readonly dueAt: Instant
  }[]
}

export const ITEM_STEPS = ['done', 'skipped', 'reassigned', 'reopened'] as const
export type ItemStep = (typeof ITEM_STEPS)[number]

export type PlaybookItemChanged = {
  readonly type: 'playbookItemChanged'
  readonly itemId: string
  readonly step: ItemStep
  readonly reason: string | null
  /** Who answers for it from now on: an officer here, or an authority that takes part. */
  readonly officer: string | null
  readonly authority: string | null
  readonly dueAt: Instant
}

/** What the events of the case say by themselves. Nobody types it. */
export type ReviewFacts = {
  /** Public facts that came while an embargo held. */
  readonly embargoBreaches: readonly { readonly letter: string; readonly at: Instant }[]
  /** Ids of clocks that are past their day. */
  readonly overdueClocks: readonly string[]
  readonly breachedDuties: number
  /** Participants who did not answer about an embargo in time. */
  readonly silent: readonly string[]
  /** Items of playbooks that were done late or are late. */
  readonly lateItems: number
}

export type AfterActionRecorded = {
  readonly type: 'afterActionRecorded'
  readonly reviewId: string
  readonly wentWell: string
  readonly wentLate: string
  readonly lessons: string
  readonly facts: ReviewFacts
}

export type ReviewActionAdded = {
  readonly type: 'reviewActionAdded'
  readonly reviewId: string
  readonly taskId: string
  readonly text: string
  readonly officer: string
  readonly dueOn: CalendarDate
}

/** `reason`: why nobody looked back. One of the two is there. */
export type CaseClosed = {
  readonly type: 'caseClosed'
  readonly reviewId: string | null
  readonly reason: string | null
}

export const SUPPORT_KINDS = ['expertise', 'testing', 'translation', 'hosting', 'staff'] as const
export type SupportKind = (typeof SUPPORT_KINDS)[number]

export type SupportOffered = {
  readonly type: 'supportOffered'
  readonly offerId: string
  /** Node id of an authority, or id of a party of the case. */
  readonly from: string
  readonly kind: SupportKind
  readonly text: string
}

export type SupportAnswered = {
  readonly type: 'supportAnswered'
  readonly offerId: string
  readonly answer: 'accepted' | 'declined'
  readonly reason: string
}

export type TaskForceFormed = {
  readonly type: 'taskForceFormed'
  readonly taskForceId: string
  readonly name: string
  readonly mandate: string
  /** Officer ids. */
  readonly lead: string
  readonly officers: readonly string[]
  /** Ids of participants of the case. */
  readonly participants: readonly string[]
  readonly startsOn: CalendarDate
  readonly endsOn: CalendarDate
  /** The case where it was formed, if it works on this one as well. */
  readonly homeCaseId: string | null
}

/** In the case where it was formed: it works on another one, too. */
export type TaskForceCaseAdded = {
  readonly type: 'taskForceCaseAdded'
  readonly taskForceId: string
  readonly caseId: string
}

export type TaskForceEnded = {
  readonly type: 'taskForceEnded'
  readonly taskForceId: string
  readonly reason: string
}

export type LineageRecorded = {
  readonly type: 'lineageRecorded'
  readonly lineageId: string
  readonly source: string
  readonly components: readonly LineageComponent[]
  readonly edges: readonly LineageEdge[]
  readonly notCarried: readonly NotCarried[]
}

export type JointEvent =
  | PlaybookStarted
  | PlaybookItemChanged
  | AfterActionRecorded
  | ReviewActionAdded
  | CaseClosed
  | SupportOffered
  | SupportAnswered
  | TaskForceFormed
  | TaskForceCaseAdded
  | TaskForceEnded
  | LineageRecorded

const JOINT_EVENTS: Readonly<Record<JointEvent['type'], true>> = {
  playbookStarted: true,
  playbookItemChanged: true,
  afterActionRecorded: true,
  reviewActionAdded: true,
  caseClosed: true,
  supportOffered: true,
  supportAnswered: true,
  taskForceFormed: true,
  taskForceCaseAdded: true,
  taskForceEnded: true,
  lineageRecorded: true,
}

export function isJointEvent(event: { readonly type: string }): event is JointEvent {
  return Object.hasOwn(JOINT_EVENTS, event.type)
}
