/** Public counts. A count of 1 to 4 is withheld, with the others of its table. */
import type { Instant } from '../../../base/time.ts'

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
}
