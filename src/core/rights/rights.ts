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
import type { NoticeTimerRan, TimerStep } from './notice-timers.ts'
import {
  foldPart,
  isPartEvent,
  noParts,
  PART_EVENTS,
  type PartEvent,
  type RightsParts,
} from './parts.ts'
import type { RemedyKind } from './remedies.ts'
import type { RightsTest } from './rights-test.ts'

export type SubjectKind = 'challenge' | 'assistance' | 'release' | 'delay' | 'claim'
/** What a test or review is about; `delay` is named by the person's id. */
export type RightsSubject = { readonly kind: SubjectKind; readonly id: string }

export function isSameSubject(a: RightsSubject, b: RightsSubject): boolean {
  return a.kind === b.kind && a.id === b.id
}

/** What the reviewer is asked to approve of a release; another recipient, purpose or category is not it. */
export type ReviewCover = {
  readonly recipient: string
  /** Absent before a review was of one purpose: an approval of then serves none. */
  readonly purpose?: string
  readonly categories: readonly string[]
  /** The copy that the reviewer looked at, where an exhibit is to leave. */
  readonly exhibitId?: string
  /** The release of a peer whose content goes on. */
  readonly passesOn?: string
}

/** What a full test was made for. */
export type TestCover = ReviewCover & { readonly purpose: string }

export type ReviewOutcome = 'approved' | 'rejected' | 'upheld' | 'dismissed'
export type NoticeChannel = 'reporterMailbox' | 'post' | 'email' | 'inPerson' | 'publicNotice'

/** Recipients that a notice does not name for now, on a coded ground. */
export type WithheldRecipients = {
  /** Node ids. */
  readonly recipients: readonly string[]
  readonly ground: string
  readonly reason: string
}

export type RightsEvent =
  | PartEvent
  | NoticeTimerRan
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
      readonly withholds?: WithheldRecipients
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
      /** What the reviewer orders; officers then plan each. */
      readonly remedies?: readonly RemedyKind[]
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
    readonly liftedAt: Instant | null
    /** How often the delay was set or renewed. */
    readonly count: number
    /** What the clock has done about this delay. */
    readonly timers: readonly TimerStep[]
  } | null
}

export type Notice = {
  readonly noticeId: string
  readonly personId: string
  readonly channel: NoticeChannel
  readonly sentAt: Instant
  readonly withholds?: WithheldRecipients
  readonly challengeIds: readonly string[]
  /** What the person said; absent where nobody challenged. */
  readonly challenges?: readonly { readonly ground: string; readonly at: Instant }[]
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
  readonly remedies?: readonly RemedyKind[]
}

export type RightsState = RightsParts & {
  readonly tests: readonly RecordedTest[]
  readonly persons: readonly AffectedPerson[]
  readonly notices: readonly Notice[]
  readonly reviews: readonly Review[]
  /** Officers who delayed, lifted or sent notices here; none of them reviews a challenge. */
  readonly noticeOfficers: readonly string[]
}

export const noRights: RightsState = {
  tests: [],
  persons: [],
  notices: [],
  reviews: [],
  noticeOfficers: [],
  ...noParts,
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
  noticeTimerRan: true,
  ...PART_EVENTS,
}

export function isRightsEvent(event: { readonly type: string }): event is RightsEvent {
  return Object.hasOwn(RIGHTS_EVENTS, event.type)
}

export function foldRights(state: RightsState, recorded: Recorded<RightsEvent>): RightsState {
  const { event, at, by } = recorded
  if (isPartEvent(event)) return foldPart(state, { event, at })
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
      return withOfficer({ ...state, persons: foldDelay(state.persons, event, at) }, by)
    case 'noticeTimerRan':
      return { ...state, persons: foldTimer(state.persons, event) }
    case 'noticeSent': {
      const { noticeId, personId, channel, withholds } = event
      const sent = { noticeId, personId, channel, sentAt: at, challengeIds: [] }
      const notice = withholds ? { ...sent, withholds } : sent
      return withOfficer({ ...state, notices: [...state.notices, notice] }, by)
    }
    case 'noticeChallenged':
      return {
        ...state,
        notices: changeWhere(
          state.notices,
          ({ noticeId }) => noticeId === event.noticeId,
          (notice) => ({
            ...notice,
            challengeIds: [...notice.challengeIds, event.challengeId],
            challenges: [...(notice.challenges ?? []), { ground: event.ground, at }],
          }),
        ),
      }
    case 'reviewOpened':
    case 'reviewAssigned':
      return { ...state, reviews: foldReviews(state.reviews, event, at) }
    case 'reviewDecided': {
      const reviews = foldReviews(state.reviews, event, at)
      return { ...state, reviews, persons: endRejectedDelay(state, event, at) }
    }
    default:
      return state
  }
}

type DelayEvent = Extract<RightsEvent, { type: 'noticeDelayed' | 'noticeDelayLifted' }>

function foldDelay(persons: readonly AffectedPerson[], event: DelayEvent, at: Instant) {
  const isIt = ({ personId }: AffectedPerson) => personId === event.personId
  if (event.type === 'noticeDelayLifted') {
    return changeWhere(persons, isIt, (person) => ({
      ...person,
      delay: person.delay && { ...person.delay, lifted: true, liftedAt: at },
    }))
  }
  const { ground, reviewAt, dueAt } = event
  return changeWhere(persons, isIt, (person) => ({
    ...person,
    delay: {
      ...{ ground, reviewAt, dueAt, lifted: false, liftedAt: null, timers: [] },
      count: (person.delay?.count ?? 0) + 1,
    },
  }))
}

function foldTimer(
  persons: readonly AffectedPerson[],
  { personId, step }: NoticeTimerRan,
): readonly AffectedPerson[] {
  return changeWhere(
    persons,
    (person) => person.personId === personId,
    (person) => ({
      ...person,
      delay: person.delay && { ...person.delay, timers: [...person.delay.timers, step] },
    }),
  )
}

/** A reviewer who rejects a delay ends it: the person is told at once. */
function endRejectedDelay(
  { persons, reviews }: RightsState,
  { reviewId, outcome }: Extract<RightsEvent, { type: 'reviewDecided' }>,
  at: Instant,
): readonly AffectedPerson[] {
  const subject = reviews.find((review) => review.reviewId === reviewId)?.subject
  if (subject?.kind !== 'delay' || outcome !== 'rejected') return persons
  const personId = subject.id
  return foldDelay(persons, { type: 'noticeDelayLifted', personId, reason: '' }, at)
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
