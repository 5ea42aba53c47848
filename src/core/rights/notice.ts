/**
 * Notices to affected persons: recorded by reference, told at once or delayed on a
 * coded ground with a review date and a due date, told at the latest when due,
 * open to challenge.
 *
 * Reasons for a delay go into the file and the notice names remedies, as in
 * Regulation (EU) 2023/1543, art. 13(1)-(3), which is a model here, not a basis.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import { isFullReason } from '../case/reason.ts'
import type { Acting } from '../case/recorded.ts'
import { approvalOf } from './review.ts'
import type {
  AffectedPerson,
  NoticeChannel,
  RightsEvent,
  RightsState,
  WithheldRecipients,
} from './rights.ts'

/**
 * Grounds on which a notice may wait, with the nearest term of the Data Privacy
 * Vocabulary 2.3, module `justifications`. `null`: none is near.
 */
export const DELAY_GROUNDS = {
  investigationWouldBeImpaired: 'CrimeInvestigationImpaired',
  nationalSecurityWouldBeImpaired: 'NationalSecurityImpaired',
  rightsOfOthersWouldBeImpaired: 'ThirdPartyRightsImpaired',
  identityNotVerified: 'IdentityVerificationRequired',
  embargoActive: null,
} as const

export type WhyNotice =
  | 'unknownPerson'
  | 'alreadyRecorded'
  | 'unknownGround'
  | 'reasonMissing'
  | 'datesOutOfOrder'
  | 'renewalNeedsReview'
  | 'notDelayed'
  | 'stillDelayed'
  | 'alreadySent'
  | 'remediesMissing'
  | 'unknownNotice'
  | 'alreadyChallenged'

export type NoticeDecision = Decision<readonly RightsEvent[], WhyNotice>

export function recordAffectedPerson(
  state: RightsState,
  { personId }: { readonly personId: string },
  _acting: Acting,
): NoticeDecision {
  if (personOf(state, personId)) return no('alreadyRecorded', 'the person is recorded already')
  return permit([{ type: 'affectedPersonRecorded', personId }])
}

/** A renewal counts as a new delay and needs an approving review of `{ kind: 'delay' }` first. */
export function delayNotice(
  state: RightsState,
  command: {
    readonly personId: string
    readonly ground: string
    readonly reason: string
    readonly reviewAt: Instant
    readonly dueAt: Instant
  },
  { now }: Acting,
): NoticeDecision {
  const { personId, ground, reason, reviewAt, dueAt } = command
  const person = personOf(state, personId)
  if (!person) return no('unknownPerson', 'the person is not recorded')
  if (state.notices.some((notice) => notice.personId === personId)) {
    return no('alreadySent', 'the person was told already')
  }
  if (!Object.hasOwn(DELAY_GROUNDS, ground)) {
    return no('unknownGround', 'a notice is delayed only on a coded ground')
  }
  if (!isFullReason(reason))
    return no('reasonMissing', 'the reason for the delay goes into the file')
  if (!(now < reviewAt && reviewAt <= dueAt)) {
    return no('datesOutOfOrder', 'a delay is reviewed in the future and before it ends')
  }
  if (person.delay && !isRenewalApproved(state, person)) {
    return no('renewalNeedsReview', 'an independent reviewer approves each renewal')
  }
  return permit([{ type: 'noticeDelayed', personId, ground, reason, reviewAt, dueAt }])
}

export function liftDelay(
  state: RightsState,
  { personId, reason }: { readonly personId: string; readonly reason: string },
  _acting: Acting,
): NoticeDecision {
  const person = personOf(state, personId)
  if (!person) return no('unknownPerson', 'the person is not recorded')
  if (!person.delay || person.delay.lifted) return no('notDelayed', 'the notice is not delayed')
  if (!isFullReason(reason)) return no('reasonMissing', 'lifting a delay needs a reason')
  return permit([{ type: 'noticeDelayLifted', personId, reason }])
}

export function sendNotice(
  state: RightsState,
  command: {
    readonly noticeId: string
    readonly personId: string
    readonly channel: NoticeChannel
    readonly remedies: readonly string[]
    readonly withholds?: WithheldRecipients
  },
  { now }: Acting,
): NoticeDecision {
  const { noticeId, personId, channel, remedies, withholds } = command
  const person = personOf(state, personId)
  if (!person) return no('unknownPerson', 'the person is not recorded')
  const told = state.notices.some((n) => n.noticeId === noticeId || n.personId === personId)
  if (told) return no('alreadySent', 'the person was told already')
  if (isNoticeDelayed(person, now)) {
    return no('stillDelayed', `delayed until ${person.delay?.dueAt} or until the delay is lifted`)
  }
  if (remedies.length === 0) return no('remediesMissing', 'a notice names the remedies')
  if (withholds && !Object.hasOwn(DELAY_GROUNDS, withholds.ground)) {
    return no('unknownGround', 'a recipient is kept unnamed only on a coded ground')
  }
  if (withholds && (withholds.recipients.length === 0 || !isFullReason(withholds.reason))) {
    return no('reasonMissing', 'who is kept unnamed, and why, goes into the file')
  }
  const sent = { type: 'noticeSent', noticeId, personId, channel, remedies } as const
  return permit([withholds ? { ...sent, withholds } : sent])
}

/** Opens the independent review in the same decision: a challenge never waits for a clerk. */
export function challengeNotice(
  state: RightsState,
  command: {
    readonly challengeId: string
    readonly noticeId: string
    readonly ground: string
    readonly reviewId: string
    /** Every officer who handles the case. */
    readonly caseHandlers: readonly string[]
  },
  _acting: Acting,
): NoticeDecision {
  const { challengeId, noticeId, ground, reviewId, caseHandlers } = command
  const notice = state.notices.find((candidate) => candidate.noticeId === noticeId)
  if (!notice) return no('unknownNotice', 'there is no such notice')
  const ids = [challengeId, ...notice.challengeIds]
  const open = state.reviews.some(
    ({ reviewId: id, subject, outcome }) =>
      id === reviewId ||
      (subject.kind === 'challenge' && ids.includes(subject.id) && outcome === null),
  )
  if (open || notice.challengeIds.includes(challengeId)) {
    return no('alreadyChallenged', 'a challenge of this notice is being reviewed')
  }
  if (ground.trim() === '') return no('reasonMissing', 'a challenge says what it is about')
  const reviewerMustNotBe = [...new Set([...caseHandlers, ...state.noticeOfficers])].sort()
  const subject = { kind: 'challenge', id: challengeId } as const
  return permit([
    { type: 'noticeChallenged', challengeId, noticeId, ground },
    { type: 'reviewOpened', reviewId, subject, covers: null, reviewerMustNotBe },
  ])
}

export function isNoticeDelayed({ delay }: AffectedPerson, now: Instant): boolean {
  return delay !== null && !delay.lifted && now < delay.dueAt
}

function personOf(state: RightsState, personId: string): AffectedPerson | undefined {
  return state.persons.find((person) => person.personId === personId)
}

/** One approval serves one renewal. */
function isRenewalApproved(state: RightsState, { personId, delay }: AffectedPerson): boolean {
  const subject = { kind: 'delay', id: personId } as const
  const approvals = state.reviews.filter(
    (review) => review.subject.kind === 'delay' && review.subject.id === personId,
  )
  const granted = approvals.filter((review) => review.outcome === 'approved').length
  return approvalOf(state, subject) !== undefined && granted >= (delay?.count ?? 0)
}

function no(why: WhyNotice, text: string): Refusal<WhyNotice> {
  const source = SOURCES[why]
  return refuse(why, { rule: `notice:${why}`, text, ...(source && { source }) })
}

const SOURCES: Partial<Record<WhyNotice, string>> = {
  reasonMissing: 'in the manner of Regulation (EU) 2023/1543, art. 13(1)-(3)',
  remediesMissing: 'in the manner of Regulation (EU) 2023/1543, art. 13(1)-(3)',
}
