/**
 * What every event of every stream carries besides its payload, and who acts.
 *
 * A stream is the append-only history of one case, agreement or roster. `decide`
 * functions take a state, a command and an `Acting`, and return events or a
 * refusal; `fold` functions take a state and a `Recorded` event.
 */
import type { Instant } from '../../base/time.ts'

/** Of the authority's own people. An administrator runs the node and reads no case. */
export const STAFF_ROLES = [
  'caseOfficer',
  'reviewer',
  'liaison',
  'oversight',
  'counsel',
  'auditor',
  'administrator',
] as const

/** Of people outside the authority: each sees the cases to which it was admitted, and no other. */
export const OUTSIDE_ROLES = [
  'respondent',
  'respondentCounsel',
  'affectedPerson',
  'vendor',
  'guest',
] as const

export const ROLES = [...STAFF_ROLES, ...OUTSIDE_ROLES] as const

export type Role = (typeof ROLES)[number]

/** The person who acts, for which authority (its node id), at which case time. */
export type Acting = {
  readonly officer: string
  readonly roles: readonly Role[]
  readonly authority: string
  readonly now: Instant
  /** Wire time of the session's last strong proof of who it is; absent: never. */
  readonly steppedUpAt?: Instant
  /** Whose role the officer uses for this act, by a delegation; absent: the officer's own. */
  readonly inPlaceOf?: string
}

/** An event as it stands in its stream; `event.type` is a verb in the past tense. */
export type Recorded<Event> = {
  readonly event: Event
  /** 1 for the first event of the stream, then without gaps. */
  readonly version: number
  /** Case time. */
  readonly at: Instant
  /** Officer id, or the node id where a peer's message or a timer caused the event. */
  readonly by: string
}
