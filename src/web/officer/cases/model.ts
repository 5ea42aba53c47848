/** The list of cases. Filters are in the address, so that a list can be kept and shared. */
import type { Instant } from '../../../base/time.ts'
import type { AuthorityName } from '../../parts.ts'

export type CasesModel = {
  readonly filter: {
    readonly text: string
    readonly phase: string
    /** Node id of the case lead. */
    readonly lead: string
    readonly order: 'newest' | 'oldest' | 'title'
  }
  readonly phases: readonly string[]
  readonly leads: readonly AuthorityName[]
  readonly cases: readonly {
    readonly id: string
    readonly ref: string
    readonly title: string
    readonly phase: string
    readonly priority?: string
    readonly isUnderEmbargo: boolean
    readonly lead: AuthorityName
    readonly openedAt: Instant
    readonly changedAt: Instant
  }[]
  /** Before the filter. */
  readonly total: number
}
