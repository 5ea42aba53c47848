/** "My work": what waits for the officer who looks, the most pressing first. */
import type { DueNearness } from '../../../app/desk/due-board.ts'
import type { DutySide, DutyStanding } from '../../../app/desk/duty-board.ts'
import type { DueKind } from '../../../app/ports/registers.ts'
import type { CalendarDate, Instant } from '../../../base/time.ts'

export type CaseLine = { readonly caseId: string; readonly ref: string; readonly title: string }

export type WorkModel = {
  readonly formToken: string
  readonly tasks: readonly {
    readonly id: string
    readonly title: string
    readonly dueOn?: CalendarDate
    /** By the date of the authority's zone. */
    readonly isLate: boolean
    readonly setBy: string
    readonly case: CaseLine
  }[]
  readonly deadlines: readonly {
    readonly clock: string
    readonly state: string
    readonly dueAt: Instant
    readonly case: CaseLine
  }[]
  /** What the reader may approve as the second person, the next to expire first. */
  readonly proposals: readonly {
    readonly act: string
    readonly by: string
    readonly expiresAt: Instant
    /** Where it is answered. */
    readonly place: string
    /** Undefined for the roster of sealing keys. */
    readonly case?: CaseLine
  }[]
  /** Ours that are due or late, and discharges of others that wait for an answer. */
  readonly duties: readonly {
    readonly id: string
    readonly kind?: string
    readonly side: DutySide
    readonly state: DutyStanding
    readonly dueAt?: Instant
    readonly case: CaseLine
  }[]
  /** What else falls due within two weeks, or is late. */
  readonly dues: readonly {
    readonly kind: DueKind
    readonly nearness: DueNearness
    readonly dueAt: Instant
    readonly isToConfirm: boolean
    readonly case: CaseLine
  }[]
  readonly waiting: readonly {
    readonly what: 'invitation' | 'assistance' | 'consultation' | 'lead' | 'review'
    readonly case: CaseLine
  }[]
}
