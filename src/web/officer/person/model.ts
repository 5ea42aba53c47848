/** One person, for administrators and oversight: roles with their grounds, state, the way out. */
import type { Instant } from '../../../base/time.ts'
import type { Role } from '../../../core/case/recorded.ts'
import type { DelegationRow, PeopleControl, SpanRow } from '../people/parts.ts'

export type PersonModel = {
  readonly id: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly state: 'invited' | 'active' | 'suspended' | 'leaving' | 'left'
  /** How the roles came to be, the newest first. */
  readonly history: readonly {
    readonly at: Instant
    readonly by: string
    readonly what: AccountStep
    readonly roles?: readonly Role[]
    readonly ground?: string
    /** How many ways to sign in stayed. */
    readonly means?: number
  }[]
  readonly absences: readonly (SpanRow & { readonly end: PeopleControl })[]
  readonly delegations: readonly DelegationRow[]
  /** That there is one, never about what: an administrator reads no case. */
  readonly conflicts: readonly { readonly declaredAt: Instant; readonly end: PeopleControl }[]
  readonly openWork: readonly { readonly kind: string; readonly count: number }[]
  /** Sealed parts of reports that a former key of this person still opens. */
  readonly openable: number
  readonly leaving?: { readonly startedAt: Instant; readonly startedBy: string }
  readonly controls: readonly PeopleControl[]
}

export type AccountStep =
  | 'invited'
  | 'enrolled'
  | 'rolesChanged'
  | 'suspended'
  | 'confirmed'
  | 'wayBackGiven'
  | 'wayBackUsed'
  | 'leaving'
  | 'kept'
  | 'left'
