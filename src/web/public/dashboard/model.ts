/** Public counts. A count of 1 to 4 is withheld, with the others of its table. */
import type { CalendarDate, Instant } from '../../../base/time.ts'

/** `count` absent means withheld, never zero. */
export type Cell = { readonly label: string; readonly count?: number }

export type DashboardModel = {
  readonly asOf: Instant
  readonly figures: readonly { readonly figure: string; readonly count?: number }[]
  readonly tables: readonly {
    readonly id: string
    readonly cells: readonly Cell[]
    /** A chart of nothing but withheld counts would show nothing. */
    readonly isDrawn: boolean
  }[]
  readonly disclosure: DisclosureModel
}

/** How disclosure goes, as read on the first day of the quarter. Texts are ready to be shown. */
export type DisclosureModel = {
  readonly before: CalendarDate
  readonly hasFigures: boolean
  /** The median of each step, for the chart. */
  readonly medians: readonly Cell[]
  readonly times: readonly {
    readonly id: string
    readonly median: string
    readonly p90: string
    readonly cells: readonly Cell[]
    readonly parts: readonly {
      readonly label: string
      readonly median: string
      readonly p90: string
    }[]
  }[]
  readonly counts: readonly {
    readonly id: string
    readonly cells: readonly Cell[]
    readonly isDrawn: boolean
  }[]
  /** Share of the priorities that officers overruled; null: withheld, or nothing was decided. */
  readonly overruled: number | null
}
