/** Who works at this authority, and what an administrator has to see to. No case stands here. */
import type { Instant } from '../../../base/time.ts'
import type { Role } from '../../../core/case/recorded.ts'
import type { PeopleControl, SpanRow } from './parts.ts'

export type PeopleModel = {
  readonly people: readonly {
    readonly id: string
    readonly name: string
    readonly roles: readonly Role[]
    readonly state: 'invited' | 'active' | 'suspended' | 'leaving' | 'left'
    readonly isAbsent: boolean
    readonly isOnDuty: boolean
  }[]
  readonly isOpenToReader: boolean
  /** Invitations and sign-in are the administrators' desk. */
  readonly mayInvite: boolean
  readonly controls: readonly PeopleControl[]
  readonly gaps: readonly (SpanRow & { readonly why: string })[]
  readonly terms: readonly (SpanRow & {
    readonly officer: string
    /** Absent: every authority. */
    readonly peer?: string
    readonly successor?: string
    readonly isWanting: boolean
    readonly controls: readonly PeopleControl[]
  })[]
  readonly lookedUntil: Instant
}
