/**
 * Rights and records of a case on one page: affected persons, the other side, and how
 * long what was collected is kept. Lists are in the order in which they are shown.
 */
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { ClaimStanding } from '../../../core/rights/claims.ts'
import type { ActItem, Actor } from '../../parts.ts'
import type { CaseHead } from '../case-law/model.ts'

export const RIGHTS_TOPICS = [
  'notices',
  'challenges',
  'remedies',
  'consents',
  'letters',
  'claims',
  'commitments',
  'appeals',
  'orders',
  'holds',
  'disposal',
] as const
export type RightsTopic = (typeof RIGHTS_TOPICS)[number]

export type CaseRightsModel = {
  readonly case: CaseHead
  readonly persons: PersonsPart
  readonly otherSide: OtherSidePart
  readonly records: RecordsPart
  readonly acts: Readonly<Partial<Record<RightsTopic, readonly ActItem[]>>>
}

export type PersonsPart = {
  readonly notices: readonly {
    readonly person: string
    readonly state: 'due' | 'overdue' | 'delayed' | 'sent' | 'challenged'
    /** From when on the person must be told. */
    readonly dueAt?: Instant
    readonly delay?: {
      readonly ground: string
      readonly reason: string
      readonly reviewAt: Instant
      readonly until: Instant
      /** Lifted before its day. */
      readonly liftedAt?: Instant
      readonly review?: ReviewRow
    }
    readonly sent: readonly { readonly at: Instant; readonly channel: string }[]
  }[]
  readonly challenges: readonly {
    readonly person: string
    readonly at: Instant
    readonly text: string
    readonly state: string
    readonly review?: ReviewRow
  }[]
  readonly remedies: readonly RemedyRow[]
  readonly consents: readonly ConsentRow[]
  /** What a person wrote after the last answer. */
  readonly letters: readonly {
    readonly person: string
    readonly at: Instant
    readonly text: string
  }[]
}

export type ReviewRow = {
  readonly openedAt: Instant
  /** Nobody is assigned yet. */
  readonly reviewer?: string
  readonly outcome?: string
  readonly reason?: string
}

export type RemedyRow = {
  readonly kind: string
  readonly person?: string
  readonly text: string
  readonly responsible: string
  readonly state: 'ordered' | 'late' | 'done'
  readonly dueAt: Instant
  readonly amount?: string
  readonly reports: readonly { readonly at: Instant; readonly text: string }[]
  /** Of a retraction, one for each recipient. */
  readonly steps: readonly {
    readonly recipient: string
    readonly askedAt?: Instant
    readonly confirmedAt?: Instant
  }[]
  readonly done?: { readonly at: Instant; readonly proof: string }
  readonly followUp: {
    readonly state: 'ahead' | 'late' | 'held' | 'notHeld'
    readonly at: Instant
    readonly text?: string
  }
}

export type ConsentRow = {
  readonly person: string
  readonly state: 'asked' | 'given' | 'refused' | 'withdrawn'
  readonly recipients: readonly string[]
  readonly categories: readonly string[]
  readonly purposes: readonly string[]
  readonly question?: string
  readonly given?: { readonly at: Instant; readonly how: string; readonly shownBy: string }
  /** Refused or withdrawn. */
  readonly endedAt?: Instant
}

export type OtherSidePart = {
  readonly claims: readonly {
    readonly by: Actor
    readonly kind: string
    readonly standing: ClaimStanding
    readonly filedAt: Instant
    readonly text: string
    readonly exhibits: readonly string[]
    readonly categories: readonly string[]
    readonly decided?: { readonly at: Instant; readonly reason: string }
    /** While a rejection may still be challenged. */
    readonly windowEndsAt?: Instant
    readonly challenge?: { readonly at: Instant; readonly text: string }
    readonly review?: ReviewRow
  }[]
  readonly commitments: readonly {
    readonly by: Actor
    readonly text: string
    readonly byOn: CalendarDate
    readonly offeredAt: Instant
    readonly state: 'open' | 'accepted' | 'rejected'
    readonly reason?: string
  }[]
  readonly appeals: readonly {
    readonly by: Actor
    readonly against: string
    readonly text: string
    readonly filedAt: Instant
    readonly state: string
    readonly isClosed: boolean
    readonly outcome?: string
    /** The way that a law pack named on that day. */
    readonly route?: string
    /** As the decision's own instruction says; absent: nobody recorded it. */
    readonly period?: {
      readonly untilOn: CalendarDate
      readonly source: string
      readonly isInTime: boolean
    }
    readonly steps: readonly {
      readonly step: string
      readonly at: Instant
      readonly text: string
    }[]
  }[]
}

export type RecordsPart = {
  readonly orders: readonly {
    readonly orderedBy: string
    readonly reference: string
    readonly state: 'binding' | 'ended' | 'lifted'
    /** Absent: the whole case. */
    readonly exhibits?: readonly string[]
    readonly maySee: readonly string[]
    readonly mayReceive: readonly string[]
    readonly purposes: readonly string[]
    readonly until?: Instant
    readonly lifted?: { readonly at: Instant; readonly by: string; readonly reference: string }
  }[]
  readonly holds: readonly {
    readonly ground: string
    readonly state: 'stands' | 'reviewDue' | 'lifted'
    /** Absent: the whole case. */
    readonly exhibits?: readonly string[]
    readonly placedAt: Instant
    readonly placedBy: string
    readonly reviewAt: Instant
    readonly lifted?: { readonly at: Instant; readonly by: string; readonly reason: string }
  }[]
  /** For exhibits without a class of their own. */
  readonly caseClass?: DisposalClassRow
  readonly exhibits: readonly {
    readonly id: string
    readonly name: string
    readonly state: string
    readonly class?: DisposalClassRow
    readonly periodEndsAt?: Instant
    readonly appraisal?: {
      readonly outcome: string
      readonly reason: string
      readonly archive?: string
      readonly by: string
      readonly at: Instant
    }
    /** Only what two persons approved for it; a hold puts it off. */
    readonly destroyedFrom?: Instant
    readonly destroyedAt?: Instant
    /** Grounds of the holds that cover it. */
    readonly holds: readonly string[]
    /** Protective orders that bind it now. */
    readonly orders: readonly string[]
  }[]
}

export type DisposalClassRow = {
  readonly title: string
  readonly days: number
  readonly countedFrom: string
  readonly isOfCase: boolean
}
