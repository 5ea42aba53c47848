/** The list of cases. Filters are in the address, so that a list can be kept and shared. */
import type { Instant } from '../../../base/time.ts'
import type { AuthorityName } from '../../parts.ts'
import type { Due } from '../case/model.ts'

export type CasesModel = {
  readonly filter: {
    readonly text: string
    readonly phase: string
    readonly kind: string
    readonly order: string
  }
  readonly phases: readonly string[]
  readonly cases: readonly {
    readonly id: string
    readonly ref: string
    readonly title: string
    readonly phase: string
    readonly priority?: string
    readonly lead: AuthorityName
    readonly openedAt: Instant
    readonly next?: { readonly name: string; readonly state: string; readonly due: Due }
  }[]
  /** Before the filter. */
  readonly total: number
}
