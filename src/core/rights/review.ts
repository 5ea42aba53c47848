/**
 * Independent review: a second person, who neither handles the case nor prepared
 * what is reviewed, approves a release or an answer, or decides a challenge.
 *
 * Who must not review is fixed when the review is opened and checked again when
 * it is assigned and when it is decided.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { isFullReason } from '../case/reason.ts'
import type { Acting } from '../case/recorded.ts'
import type { Side } from '../people/standing.ts'
import type { RemedyKind } from './remedies.ts'
import {
  isSameSubject,
  type Review,
  type ReviewCover,
  type ReviewOutcome,
  type RightsEvent,
  type RightsState,
  type RightsSubject,
  type SubjectKind,
} from './rights.ts'

export type WhyReview =
  | 'alreadyOpen'
  | 'coverMissing'
  | 'unknownReview'
  | 'alreadyDecided'
  | 'reviewerConflict'
  | 'notAReviewer'
  | 'assignedToAnother'
  | 'outcomeNotForSubject'
  | 'reasonMissing'
  | 'remedyMissing'

export type ReviewDecision = Decision<readonly RightsEvent[], WhyReview>

const OUTCOMES: Readonly<Record<SubjectKind, readonly ReviewOutcome[]>> = {
  challenge: ['upheld', 'dismissed'],
  assistance: ['approved', 'rejected'],
  release: ['approved', 'rejected'],
  delay: ['approved', 'rejected'],
  claim: ['upheld', 'dismissed'],
}

/**
 * `caseHandlers`: every officer who handles the case. The officer who opens the
 * review is added. `covers` is needed for a release: what is to be approved.
 */
export function openReview(
  state: RightsState,
  command: {
    readonly reviewId: string
    readonly subject: RightsSubject
    readonly covers: ReviewCover | null
    readonly caseHandlers: readonly string[]
  },
  acting: Acting,
): ReviewDecision {
  const { reviewId, subject, covers, caseHandlers } = command
  const open = state.reviews.some(
    (review) =>
      review.reviewId === reviewId ||
      (review.outcome === null && isSameSubject(review.subject, subject)),
  )
  if (open) return no('alreadyOpen', 'a review of this is open already')
  if (subject.kind === 'release' && covers?.purpose === undefined) {
    return no('coverMissing', 'a review of a release names its recipient, purpose and categories')
  }
  const openers = [acting.officer, ...(acting.inPlaceOf ? [acting.inPlaceOf] : [])]
  const reviewerMustNotBe = [...new Set([...caseHandlers, ...openers])].sort()
  return permit([{ type: 'reviewOpened', reviewId, subject, covers, reviewerMustNotBe }])
}

export function assignReview(
  state: RightsState,
  { reviewId, reviewer }: { readonly reviewId: string; readonly reviewer: string },
  _acting: Acting,
): ReviewDecision {
  const review = openReviewOf(state, reviewId)
  if ('decision' in review) return review
  return conflict(review, reviewer) ?? permit([{ type: 'reviewAssigned', reviewId, reviewer }])
}

/** The acting officer decides, holds the role, and is nobody who must not. */
export function decideReview(
  state: RightsState,
  command: {
    readonly reviewId: string
    readonly outcome: ReviewOutcome
    readonly reason: string
    readonly remedy: string | null
    readonly remedies?: readonly RemedyKind[]
  },
  { officer, roles, inPlaceOf }: Acting,
): ReviewDecision {
  const { reviewId, outcome, reason, remedy, remedies = [] } = command
  const review = openReviewOf(state, reviewId)
  if ('decision' in review) return review
  const bar = conflict(review, officer) ?? (inPlaceOf ? conflict(review, inPlaceOf) : undefined)
  if (bar) return bar
  if (!roles.includes('reviewer')) return no('notAReviewer', 'only a reviewer decides a review')
  if (review.reviewer !== null && review.reviewer !== officer) {
    return no('assignedToAnother', 'the review is assigned to another reviewer')
  }
  if (!OUTCOMES[review.subject.kind].includes(outcome)) {
    return no('outcomeNotForSubject', `a review of a ${review.subject.kind} is not ${outcome}`)
  }
  if (!isFullReason(reason)) return no('reasonMissing', 'a review is decided with a reason')
  const isChallenge = review.subject.kind === 'challenge'
  if (isChallenge && outcome === 'upheld' && !remedy?.trim()) {
    return no('remedyMissing', 'an upheld challenge names what is put right')
  }
  if (remedies.length > 0 && !(isChallenge && outcome === 'upheld')) {
    return no('outcomeNotForSubject', 'remedies follow an upheld challenge')
  }
  const reviewer = { reviewer: officer, ...(inPlaceOf ? { inPlaceOf } : {}) }
  const ordered = remedies.length > 0 ? { remedies } : {}
  const decided = { type: 'reviewDecided', reviewId, outcome, ...reviewer, reason, remedy } as const
  return permit([{ ...decided, ...ordered }])
}

/** The approving review of `subject`, if there is one and it is the latest decided. */
export function approvalOf(state: RightsState, subject: RightsSubject): Review | undefined {
  const latest = state.reviews.findLast(
    (review) => review.outcome !== null && isSameSubject(review.subject, subject),
  )
  return latest?.outcome === 'approved' ? latest : undefined
}

/** Whether the reviewer was asked about this recipient, purpose, content and all of these categories. */
export function isReviewOf(
  { covers }: Pick<Review, 'covers'>,
  {
    recipient,
    purpose,
    exhibitId,
    passesOn,
    categories,
  }: Required<Omit<ReviewCover, 'exhibitId' | 'passesOn'>> & {
    readonly exhibitId?: string | undefined
    readonly passesOn?: string | undefined
  },
): boolean {
  return (
    covers?.recipient === recipient &&
    covers.purpose === purpose &&
    covers.exhibitId === exhibitId &&
    covers.passesOn === passesOn &&
    categories.every((id) => covers.categories.includes(id))
  )
}

/** Who reviewed, and in whose place: one side where two people must be apart. */
export function reviewerOf({ reviewer, inPlaceOf }: Review): Side {
  return { officer: reviewer ?? '', inPlaceOf: inPlaceOf ?? null }
}

function openReviewOf(state: RightsState, reviewId: string): Review | Refusal<WhyReview> {
  const review = state.reviews.find((candidate) => candidate.reviewId === reviewId)
  if (review === undefined) return no('unknownReview', 'there is no such review')
  return review.outcome === null ? review : no('alreadyDecided', 'the review is decided')
}

function conflict(review: Review, officer: string): Refusal<WhyReview> | undefined {
  if (!review.reviewerMustNotBe.includes(officer)) return undefined
  return no('reviewerConflict', 'the reviewer handles the case or prepared what is reviewed')
}

function no(why: WhyReview, text: string): Refusal<WhyReview> {
  return refuse(why, { rule: `review:${why}`, text })
}
