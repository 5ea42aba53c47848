/**
 * Guests: people without an account who are let into one case by a link and a code
 * that was told another way. Who came in and when is in the case's own history;
 * their names are kept apart, sealed, and only an id stands here.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import type { CaseAccessState } from './case-access.ts'
import type { AnsweringRole, SharedPart } from './rules.ts'

/** A link that is older is made anew, with a new code. */
export const GUEST_DAYS_MAX = 30
/** At once in one case: more are not guests any more. */
const GUESTS_MAX = 20
/** By one admission, of a guest or a person with an account: nobody fills a history with looks. */
export const LOOKS_MAX = 500
/** As many looks as the state keeps of each guest; the history keeps all. */
const VIEWS_KEPT = 100

export type GuestEvent =
  | {
      readonly type: 'guestAdmitted'
      readonly person: string
      readonly sees: readonly SharedPart[]
      readonly legalOrder: string
      readonly until: Instant
      readonly reason: string
      /** In which place the guest may answer; absent: the guest only looks. */
      readonly answersAs?: AnsweringRole
      /** The participant of the disclosure in whose name the guest speaks; absent: nobody's. */
      readonly speaksFor?: string
    }
  | {
      readonly type: 'guestViewed'
      readonly person: string
      readonly sees: readonly SharedPart[]
      /** Id of the document that was taken away; absent: the page. */
      readonly documentId?: string
    }

export type Guest = {
  readonly person: string
  readonly sees: readonly SharedPart[]
  readonly until: Instant
  readonly admittedAt: Instant
  readonly admittedBy: string
  readonly answersAs: AnsweringRole | null
  /** When they looked, the last ones. */
  readonly views: readonly Instant[]
}

export type WhyNoGuest =
  | 'confidentialCase'
  | 'nothingShared'
  | 'wholeCase'
  | 'admittedTooLong'
  | 'otherLegalOrder'
  | 'tooManyGuests'

export function admitGuest(
  state: CaseAccessState,
  command: {
    readonly person: string
    readonly sees: readonly SharedPart[]
    readonly legalOrder: string
    readonly days: number
    readonly reason: string
    readonly answersAs?: AnsweringRole
    readonly speaksFor?: string
  },
  { now }: Acting,
): Decision<readonly GuestEvent[], WhyNoGuest> {
  const { days, ...facts } = command
  const { sees, legalOrder } = facts
  if (state.classification === 'confidential') {
    return no('confidentialCase', 'nobody is let into a confidential case by a link')
  }
  if (sees.length === 0) return no('nothingShared', 'an admission says what the guest may see')
  if (sees.includes('wholeCase')) return no('wholeCase', 'only an auditor is shown a whole case')
  if (!Number.isInteger(days) || days < 1 || days > GUEST_DAYS_MAX) {
    return no('admittedTooLong', `a link lasts 1 to ${GUEST_DAYS_MAX} days`)
  }
  if (state.legalOrders.length > 0 && !state.legalOrders.includes(legalOrder)) {
    return no('otherLegalOrder', `the case is confined to ${state.legalOrders.join(', ')}`)
  }
  if (guestsNow(state, now).length >= GUESTS_MAX) {
    return no('tooManyGuests', `a case has at most ${GUESTS_MAX} guests at a time`)
  }
  return permit([{ type: 'guestAdmitted', ...facts, until: addMs(now, days * DAY_MS) }])
}

/** Those who may look now. Neither time that has run out nor a removal leaves one here. */
export function guestsNow(
  { guests, admitted }: Pick<CaseAccessState, 'guests' | 'admitted'>,
  now: Instant,
): readonly Guest[] {
  return guests.filter(
    ({ person, until }) => now < until && admitted.some((one) => one.person === person),
  )
}

export function isGuestEvent(event: { readonly type: string }): event is GuestEvent {
  return event.type === 'guestAdmitted' || event.type === 'guestViewed'
}

export function foldGuests(
  guests: readonly Guest[],
  { event, at, by }: Recorded<GuestEvent>,
): readonly Guest[] {
  if (event.type === 'guestAdmitted') {
    const { person, sees, until, answersAs = null } = event
    const admitted = { person, sees, until, answersAs, admittedAt: at, admittedBy: by }
    return [...guests, { ...admitted, views: [] }]
  }
  return changeWhere(
    guests,
    ({ person }) => person === event.person,
    (guest) => ({ ...guest, views: [...guest.views, at].slice(-VIEWS_KEPT) }),
  )
}

function no(why: WhyNoGuest, text: string): Refusal<WhyNoGuest> {
  return refuse(why, { rule: `guest:${why}`, text })
}
