/**
 * What happens to people, as events of the authority stream: who may act, who must
 * not, who is away, who stands in, who is on duty.
 *
 * The stream travels in evidence packages, so it holds ids, roles and times. What a
 * conflict is about, and why somebody leaves or changes, stands here as the digest of
 * a salted note that stays with the node.
 */
import type { Instant } from '../../base/time.ts'
import type { Role } from '../case/recorded.ts'

/** SHA-256 of a salted note, lower-case hex: see `note.ts`. */
export type NoteDigest = string

/** From `fromAt`, up to and without `untilAt`; case time. */
export type Span = { readonly fromAt: Instant; readonly untilAt: Instant }

export type PeopleEvent =
  | {
      readonly type: 'officerInvited'
      readonly officer: string
      readonly roles: readonly Role[]
    }
  | {
      readonly type: 'officerRolesChanged'
      readonly officer: string
      readonly roles: readonly Role[]
      readonly note: NoteDigest
    }
  | {
      /** From here on the officer neither signs in nor acts. */
      readonly type: 'leavingStarted'
      readonly officer: string
      readonly note: NoteDigest
    }
  | {
      readonly type: 'leavingCancelled'
      readonly officer: string
    }
  | {
      /** By the node itself, for everybody active in a backup that it came back from. */
      readonly type: 'accountSuspended'
      readonly officer: string
    }
  | {
      /** Somebody vouches for a suspended account; it comes back with these of its roles. */
      readonly type: 'accountConfirmed'
      readonly officer: string
      readonly roles: readonly Role[]
      /** How many ways to sign in stayed; absent in records from before they were counted. */
      readonly means?: number
    }
  | {
      /** A code that makes a new way to sign in to an account that is there and has none left. */
      readonly type: 'wayBackGiven'
      readonly officer: string
    }
  | {
      /** By the node itself: whoever brought the code has made a way to sign in with it. */
      readonly type: 'wayBackUsed'
      readonly officer: string
      readonly givenBy: string
    }
  | {
      readonly type: 'workHandedOver'
      readonly from: string
      readonly to: string
      readonly items: number
    }
  | {
      readonly type: 'conflictDeclared'
      readonly conflictId: string
      readonly officer: string
      readonly note: NoteDigest
    }
  | {
      readonly type: 'conflictWithdrawn'
      readonly conflictId: string
      readonly note: NoteDigest
    }
  | ({
      readonly type: 'absenceSet'
      readonly absenceId: string
      readonly officer: string
    } & Span)
  | {
      readonly type: 'absenceEnded'
      readonly absenceId: string
    }
  | ({
      readonly type: 'delegationGiven'
      readonly delegationId: string
      readonly from: string
      readonly to: string
      readonly roles: readonly Role[]
      /** Names of acts; null: every act of these roles. */
      readonly acts: readonly string[] | null
    } & Span)
  | {
      readonly type: 'delegationWithdrawn'
      readonly delegationId: string
    }
  | ({
      readonly type: 'shiftPlanned'
      readonly shiftId: string
      readonly officer: string
    } & Span)
  | {
      readonly type: 'shiftCancelled'
      readonly shiftId: string
    }
  | {
      /** The one on duty offers the duty to the officer of the next shift. */
      readonly type: 'dutyHandedOver'
      readonly shiftId: string
      readonly from: string | null
    }
  | {
      readonly type: 'dutyAccepted'
      readonly shiftId: string
      readonly officer: string
    }
  | ({
      readonly type: 'liaisonTermSet'
      readonly termId: string
      readonly officer: string
      /** Node id of the authority that the liaison officer is for; null: all of them. */
      readonly peer: string | null
      readonly successor: string | null
    } & Span)
  | {
      readonly type: 'liaisonSuccessorNamed'
      readonly termId: string
      readonly successor: string
    }
  | {
      readonly type: 'liaisonTermEnded'
      readonly termId: string
    }

const PEOPLE_EVENTS: Readonly<Record<PeopleEvent['type'], true>> = {
  officerInvited: true,
  officerRolesChanged: true,
  leavingStarted: true,
  leavingCancelled: true,
  accountSuspended: true,
  accountConfirmed: true,
  wayBackGiven: true,
  wayBackUsed: true,
  workHandedOver: true,
  conflictDeclared: true,
  conflictWithdrawn: true,
  absenceSet: true,
  absenceEnded: true,
  delegationGiven: true,
  delegationWithdrawn: true,
  shiftPlanned: true,
  shiftCancelled: true,
  dutyHandedOver: true,
  dutyAccepted: true,
  liaisonTermSet: true,
  liaisonSuccessorNamed: true,
  liaisonTermEnded: true,
}

export function isPeopleEvent(event: { readonly type: string }): event is PeopleEvent {
  return Object.hasOwn(PEOPLE_EVENTS, event.type)
}
