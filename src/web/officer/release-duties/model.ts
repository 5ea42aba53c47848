/** Duties across cases: owed by this authority and owed to it. Filters are in the address. */
import type { DutySide, DutyStanding } from '../../../app/desk/duty-board.ts'
import type { Instant } from '../../../base/time.ts'
import type { CaseLine } from '../my-work/model.ts'

export type ReleaseDutiesModel = {
  readonly formToken: string
  readonly filter: { readonly side: string; readonly state: string }
  readonly sides: readonly DutySide[]
  readonly states: readonly DutyStanding[]
  readonly duties: readonly {
    /** The clause, as the release names it. */
    readonly id: string
    /** A word of the catalogue; absent in rows from before it was kept. */
    readonly kind?: string
    readonly side: DutySide
    readonly otherSide: string
    readonly state: DutyStanding
    readonly dueAt?: Instant
    readonly dischargedAt?: Instant
    readonly breachedAt?: Instant
    readonly case: CaseLine
  }[]
}
