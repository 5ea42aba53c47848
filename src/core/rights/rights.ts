/**
 * Rights in a case's history: rights tests, independent reviews, and the notices
 * that affected persons get. Events, state and fold.
 *
 * A person appears only as a reference into the vault; no name, address or
 * contact is in these events.
 */
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import {
  AUTHORISATION_EVENTS,
  type Authorisation,
  type AuthorisationEvent,
  foldAuthorisations,
  isAuthorisationEvent,
} from './authorisations.ts'
import {
  CONSENT_EVENTS,
  type Consent,
  type ConsentEvent,
  foldConsents,
  isConsentEvent,
} from './consents.ts'
import type { RightsTest } from './rights-test.ts'

export type SubjectKind = 'challenge' | 'assistance' | 'release' | 'delay'
/** What a test or review is about; `delay` is named by the person's id. */
export type RightsSubject = { readonly kind: SubjectKind; readonly id: string }

/** What the reviewer is asked to approve of a release; another recipient or category is not it. */
export type ReviewCover = {
  readonly recipient: string
  readonly categories: readonly string[]
  /** The copy that the reviewer looked at, where an exhibit is to leave. */
  readonly exhibitId?: string
}

/** What a full test was made for. */
export type TestCover = ReviewCover & { readonly purpose: string }

export type ReviewOutcome = 'approved' | 'rejected' | 'upheld' | 'dismissed'
export type NoticeChannel = 'reporterMailbox' | 'post' | 'email' | 'inPerson' | 'publicNotice'

export type RightsEvent =
  | ConsentEvent
  | AuthorisationEvent
  | {
      readonly type: 'rightsTestRecorded'
      readonly testId: string
      readonly subject: RightsSubject
      readonly test: RightsTest
      /** Of a full test. */
      readonly covers?: TestCover
      /** The earlier test that was taken as a start, and confirmed anew. */
      readonly takenFrom?: string
    }
  | { readonly type: 'affectedPersonRecorded'; readonly personId: string }
  | {
      readonly type: 'noticeDelayed'
      readonly personId: string
      readonly ground: string
      readonly reason: string
      readonly reviewAt: Instant
      readonly dueAt: Instant
    }
  | { readonly type: 'noticeDelayLifted'; readonly personId: string; readonly reason: string }
  | {
      readonly type: 'noticeSent'
      readonly noticeId: string
      readonly personId: string
      readonly channel: NoticeChannel
      /** Catalogue keys of the remedies that the notice names. */
      readonly remedies: readonly string[]
    }
  | {
      readonly type: 'noticeChallenged'
      readonly challengeId: string
      readonly noticeId: string
      readonly ground: string
    }
  | {
      readonly type: 'reviewOpened'
      readonly reviewId: string
      readonly subject: RightsSubject
      readonly covers: ReviewCover | null
      readonly reviewerMustNotBe: readonly string[]
    }
  | { readonly type: 'reviewAssigned'; readonly reviewId: string; readonly reviewer: string }
  | {
      readonly type: 'reviewDecided'
      readonly reviewId: string
      readonly outcome: ReviewOutcome
      readonly reviewer: string
      /** Whose role the reviewer used, by a delegation. */
      readonly inPlaceOf?: string
      readonly reason: string
      /** What is put right, when a challenge is upheld. */
      readonly remedy: string | null
    }

export type RecordedTest = {
  readonly testId: string
  readonly subject: RightsSubject
  readonly test: RightsTest
  readonly covers?: TestCover
  readonly takenFrom?: string
  readonly officer: string
  readonly at: Instant
}

export type AffectedPerson = {
  readonly personId: string
  readonly delay: {
    readonly ground: string
    readonly reviewAt: Instant
    readonly dueAt: Instant
    readonly lifted: boolean
    /** How often the delay was set or renewed. */
    readonly count: number
  } | null
}

export type Notice = {
  readonly noticeId: string
  readonly personId: string
  readonly channel: NoticeChannel
  readonly sentAt: Instant
  readonly challengeIds: readonly string[]
}

export type Review = {
  readonly reviewId: string
  readonly subject: RightsSubject
  readonly covers: ReviewCover | null
  readonly reviewerMustNotBe: readonly string[]
  readonly openedAt: Instant
  readonly reviewer: string | null
  /** Whose role the reviewer used, by a delegation. */
  readonly inPlaceOf?: string
  readonly outcome: ReviewOutcome | null
  readonly reason: string | null
  readonly remedy: string | null
}

export type RightsState = {
  readonly tests: readonly RecordedTest[]
  readonly persons: readonly AffectedPerson[]
  readonly notices: readonly Notice[]
  readonly reviews: readonly Review[]
  /** Officers who delayed, lifted or sent notices here; none of them reviews a challenge. */
  readonly noticeOfficers: readonly string[]
  readonly consents: readonly Consent[]
  readonly authorisations: readonly Authorisation[]
}

export const noRights: RightsState = {
  tests: [],
  persons: [],
  notices: [],
  reviews: [],
  noticeOfficers: [],
  consents: [],
  authorisations: [],
}

const RIGHTS_EVENTS: Readonly<Record<RightsEvent['type'], true>> = {
  rightsTestRecorded: true,
  affectedPersonRecorded: true,
  noticeDelayed: true,
  noticeDelayLifted: true,
  noticeSent: true,
  noticeChallenged: true,
  reviewOpened: true,
  reviewAssigned: true,
  reviewDecided: true,
  ...CONSENT_EVENTS,
  ...AUTHORISATION_EVENTS,
}

export function isRightsEvent(event: { readonly type: string }): event is RightsEvent {
  return Object.hasOwn(RIGHTS_EVENTS, event.type)
}

export function foldRights(state: RightsState, recorded: Recorded<RightsEvent>): RightsState {
  const { event, at, by } = recorded
  if (isConsentEvent(event)) {
    return { ...state, consents: foldConsents(state.consents, { event, at }) }
  }
  if (isAuthorisationEvent(event)) {
    return { ...state, authorisations: foldAuthorisations(state.authorisations, { event, at }) }
  }
  switch (event.type) {
    case 'rightsTestRecorded': {
      const { type: _, ...recorded } = event
      return { ...state, tests: [...state.tests, { ...recorded, officer: by, at }] }
    }
    case 'affectedPersonRecorded':
      return {
        ...state,
        persons: [...state.persons, { personId: event.personId, delay: null }],
      }
    case 'noticeDelayed':
    case 'noticeDelayLifted':
      return withOfficer({ ...state, persons: foldDelay(state.persons, event) }, by)
    case 'noticeSent': {
      const { noticeId, personId, channel } = event
      const notice = { noticeId, personId, channel, sentAt: at, challengeIds: [] }
      return withOfficer({ ...state, notices: [...state.notices, notice] }, by)
    }
    case 'noticeChallenged':
      return {
        ...state,
        notices: changeWhere(
          state.notices,
          ({ noticeId }) => noticeId === event.noticeId,
          (notice) => ({ ...notice, challengeIds: [...notice.challengeIds, event.challengeId] }),
        ),
      }
    case 'reviewOpened':
    case 'reviewAssigned':
    case 'reviewDecided':
      return { ...state, reviews: foldReviews(state.reviews, event, at) }
    default:
      return state
  }
}

type DelayEvent = Extract<RightsEvent, { type: 'noticeDelayed' | 'noticeDelayLifted' }>

function foldDelay(persons: readonly AffectedPerson[], event: DelayEvent) {
  const isIt = ({ personId }: AffectedPerson) => personId === event.personId
  if (event.type === 'noticeDelayLifted') {
    return changeWhere(persons, isIt, (person) => ({
      ...person,
      delay: person.delay && { ...person.delay, lifted: true },
    }))
  }
  const { ground, reviewAt, dueAt } = event
  return changeWhere(persons, isIt, (person) => ({
    ...person,
    delay: { ground, reviewAt, dueAt, lifted: false, count: (person.delay?.count ?? 0) + 1 },
  }))
}

type ReviewEvent = Extract<
  RightsEvent,
  { type: 'reviewOpened' | 'reviewAssigned' | 'reviewDecided' }
>

function foldReviews(reviews: readonly Review[], event: ReviewEvent, at: Instant) {
  if (event.type === 'reviewOpened') {
    const { type: _, ...opened } = event
    const open = { reviewer: null, outcome: null, reason: null, remedy: null }
    return [...reviews, { ...opened, ...open, openedAt: at }]
  }
  const isIt = ({ reviewId }: Review) => reviewId === event.reviewId
  const { type: _, ...changes } = event
  return changeWhere(reviews, isIt, (review) => ({ ...review, ...changes }))
}

function withOfficer(state: RightsState, officer: string): RightsState {
  if (state.noticeOfficers.includes(officer)) return state
  return { ...state, noticeOfficers: [...state.noticeOfficers, officer] }
}
