/**
 * What the clock does with notices that wait: at the review date an independent review of
 * the delay opens; when the delay has ended the notice is work for whoever handles the
 * case; a week later it is work for oversight too. Each happens once for each delay.
 */
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { AffectedPerson, RightsEvent, RightsState } from './rights.ts'

export const TIMER_STEPS = ['reviewDue', 'mustTell', 'neverTold'] as const
export type TimerStep = (typeof TIMER_STEPS)[number]

/** After this a notice that nobody sent is oversight's matter. */
export const NEVER_TOLD_MS = 7 * DAY_MS

export type NoticeTimerRan = {
  readonly type: 'noticeTimerRan'
  readonly personId: string
  readonly step: TimerStep
  /** Which delay of the person: the first, or a renewal. */
  readonly delay: number
}

/** `newReview`: an id for a review that opens. Handlers of the case do not review. */
export function runNoticeTimers(
  state: RightsState,
  { now, caseHandlers }: { readonly now: Instant; readonly caseHandlers: readonly string[] },
  newReview: () => string,
): readonly RightsEvent[] {
  const told = new Set(state.notices.map(({ personId }) => personId))
  return state.persons
    .filter(({ personId }) => !told.has(personId))
    .flatMap((person) => {
      const due = stepsDue(person, now).map((step): RightsEvent => ranAt(person, step))
      const isReview = due.some((event) => 'step' in event && event.step === 'reviewDue')
      return isReview && !hasOpenReview(state, person)
        ? [...due, reviewOf(state, person, caseHandlers, newReview())]
        : due
    })
}

/** From when on a person must be told; null: no delay was set, so at once. */
export function mustTellAt({ delay }: AffectedPerson): Instant | null {
  if (delay === null) return null
  return delay.liftedAt ?? delay.dueAt
}

function stepsDue(person: AffectedPerson, now: Instant): readonly TimerStep[] {
  const { delay } = person
  if (delay === null) return []
  const at: Readonly<Record<TimerStep, Instant>> = {
    reviewDue: delay.reviewAt,
    mustTell: mustTellAt(person) ?? delay.dueAt,
    neverTold: addMs(mustTellAt(person) ?? delay.dueAt, NEVER_TOLD_MS),
  }
  return TIMER_STEPS.filter((step) => at[step] <= now)
    .filter((step) => step !== 'reviewDue' || (!delay.lifted && now < delay.dueAt))
    .filter((step) => !delay.timers.includes(step))
}

function ranAt({ personId, delay }: AffectedPerson, step: TimerStep): NoticeTimerRan {
  return { type: 'noticeTimerRan', personId, step, delay: delay?.count ?? 0 }
}

function hasOpenReview({ reviews }: RightsState, { personId }: AffectedPerson): boolean {
  return reviews.some(
    ({ subject, outcome }) =>
      subject.kind === 'delay' && subject.id === personId && outcome === null,
  )
}

function reviewOf(
  { noticeOfficers }: RightsState,
  { personId }: AffectedPerson,
  caseHandlers: readonly string[],
  reviewId: string,
): RightsEvent {
  const reviewerMustNotBe = [...new Set([...caseHandlers, ...noticeOfficers])].sort()
  const subject = { kind: 'delay', id: personId } as const
  return { type: 'reviewOpened', reviewId, subject, covers: null, reviewerMustNotBe }
}
