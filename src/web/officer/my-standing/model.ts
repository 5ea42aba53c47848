/** How the reader stands: conflicts, absences, delegations, duty. Theirs alone. */
import type { Instant } from '../../../base/time.ts'
import type { DelegationRow, PeopleControl, SpanRow } from '../people/parts.ts'

export type MyStandingModel = {
  readonly conflicts: readonly {
    readonly kind: string
    readonly subject: string
    readonly ground: string
    readonly declaredAt: Instant
    readonly endedAt?: Instant
  }[]
  readonly absences: readonly (SpanRow & { readonly end: PeopleControl })[]
  readonly given: readonly DelegationRow[]
  readonly got: readonly DelegationRow[]
  readonly shifts: readonly (SpanRow & {
    readonly state: string
    readonly controls: readonly PeopleControl[]
  })[]
  readonly controls: readonly PeopleControl[]
}
