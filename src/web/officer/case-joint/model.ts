/** What several people or authorities do on a case together. */
import type { CalendarDate, Instant } from '../../../base/time.ts'
import type { ReviewFacts, SupportKind } from '../../../core/joint/events.ts'
import type { ComponentKind, EdgeKind, NotCarried } from '../../../core/joint/lineage.ts'
import type { ActItem } from '../../parts.ts'
import type { CaseHead } from '../case-law/model.ts'

export type CaseJointModel = {
  readonly case: CaseHead
  readonly playbooks: readonly {
    readonly title: string
    readonly version: string
    readonly startedAt: Instant
    readonly done: number
    readonly items: readonly {
      readonly itemId: string
      readonly text: string
      readonly owner: string
      readonly dueAt: Instant
      readonly state: 'open' | 'overdue' | 'done' | 'skipped'
      readonly reason: string | null
    }[]
  }[]
  /** As the events say now. */
  readonly facts: ReviewFacts
  readonly reviews: readonly {
    readonly at: Instant
    readonly wentWell: string
    readonly wentLate: string
    readonly lessons: string
    readonly facts: ReviewFacts
    readonly actions: readonly {
      readonly text: string
      readonly owner: string
      readonly dueOn: CalendarDate
    }[]
  }[]
  readonly closed: { readonly at: Instant; readonly reason: string | null } | null
  readonly offers: readonly {
    readonly from: string
    readonly kind: SupportKind
    readonly text: string
    readonly state: 'waits' | 'accepted' | 'declined'
    readonly reason: string | null
  }[]
  readonly taskForces: readonly {
    readonly name: string
    readonly mandate: string
    readonly lead: string
    readonly members: readonly string[]
    readonly startsOn: CalendarDate
    readonly endsOn: CalendarDate
    readonly ended: { readonly at: Instant; readonly reason: string } | null
  }[]
  readonly lineage: {
    readonly components: readonly {
      readonly id: string
      readonly kind: ComponentKind
      readonly name: string
      readonly version: string | null
    }[]
    readonly sources: readonly {
      readonly source: string
      readonly at: Instant
      readonly notCarried: readonly NotCarried[]
    }[]
    /** The affected one that was asked about. */
    readonly affected: string | null
    readonly toTell: readonly {
      readonly name: string
      readonly as: Exclude<EdgeKind, 'derivedFrom'>
      readonly path: readonly string[]
      readonly isParticipant: boolean
    }[]
  }
  readonly acts: readonly ActItem[]
}
