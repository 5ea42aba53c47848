/** The clocks of all cases on one board. Filters are in the address, so that a view can be kept. */
import type { BoardDue, DueNearness } from '../../../app/desk/due-board.ts'
import type { Instant } from '../../../base/time.ts'
import type { Due } from '../case/model.ts'
import type { CaseLine } from '../my-work/model.ts'

export type ClocksModel = {
  readonly formToken: string
  readonly filter: {
    readonly legalOrder: string
    readonly state: string
    readonly isComplete: boolean
  }
  readonly legalOrders: readonly string[]
  readonly states: readonly string[]
  readonly clocks: readonly {
    readonly id: string
    readonly name: string
    readonly legalOrder: string
    readonly state: string
    /** How near the date is; a word beside the colour. */
    readonly nearness: 'passed' | 'strictPassed' | 'day' | 'week' | 'later' | 'undated'
    readonly strictDue?: Due
    readonly legalDue?: Due
    /** IANA zone in which the dates count. */
    readonly zone?: string
    readonly case: CaseLine
  }[]
  /** What else falls due: open, the next day first, whatever the filter says. */
  readonly others: readonly {
    readonly kind: BoardDue['kind']
    readonly nearness: DueNearness
    readonly dueAt: Instant
    readonly isToConfirm: boolean
    readonly case: CaseLine
  }[]
}
