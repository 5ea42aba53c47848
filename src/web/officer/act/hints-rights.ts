/** Hints for affected persons and for independent reviews. Pure. */
import { addMs, DAY_MS } from '../../../base/time.ts'
import { decideReview as decideOnReview } from '../../../core/rights/review.ts'
import type { AffectedPerson, Review, ReviewOutcome } from '../../../core/rights/rights.ts'
import type { Choice } from '../../form/field-spec.ts'
import { localTimeOf } from '../../form/read-form.ts'
import { readable } from '../../words.ts'
import { personName } from '../case/present-measures.ts'
import {
  dayOf,
  filled,
  type HintContext,
  type HintsOf,
  merged,
  nameOf,
  oneOf,
  plain,
  shortId,
  someOf,
  widget,
  worded,
} from './hint-context.ts'

const REVIEW_DAYS = 10
const DELAY_DAYS = 20

const delayNotice: HintsOf = (context) => {
  const inDays = (days: number) => localTimeOf(addMs(context.now, days * DAY_MS), context.node.zone)
  return merged(
    oneOf('personId', persons(context)),
    filled({ reviewAt: inDays(REVIEW_DAYS), dueAt: inDays(DELAY_DAYS) }),
  )
}

const sendNotice: HintsOf = (context) => {
  const { releases } = context.read.state
  const recipients = [...new Set(releases.permitted.map(({ recipient }) => recipient))]
  return merged(
    oneOf('personId', persons(context)),
    recipients.length > 0
      ? someOf(
          'withheldRecipients',
          recipients.map((id) => plain(id, nameOf(context, id))),
        )
      : widget('withheldRecipients', 'hidden'),
  )
}

const ofDelayed: HintsOf = (context) => oneOf('personId', persons(context))

/** Those who were not told come first. */
function persons({ read: { state } }: HintContext): readonly Choice[] {
  const { persons: all, notices } = state.rights
  const told = new Set(notices.map(({ personId }) => personId))
  const isTold = ({ personId }: AffectedPerson) => told.has(personId)
  return [...all.filter((person) => !isTold(person)), ...all.filter(isTold)].map((person) => {
    const { personId, delay } = person
    const late = delay ? `delayed until ${dayOf(delay.dueAt)}` : 'not yet told'
    return plain(personId, personName(personId), isTold(person) ? 'told already' : late)
  })
}

/** Who may not review is offered with that remark: the refusal names the rule. */
const assignReview: HintsOf = (context) => {
  const barred = new Set(openReviews(context).flatMap(({ reviewerMustNotBe }) => reviewerMustNotBe))
  const reviewers = context.officers.filter(({ roles }) => roles.includes('reviewer'))
  return merged(
    oneOf('reviewId', reviews(context)),
    oneOf(
      'reviewer',
      reviewers.map(({ id, name }) =>
        plain(id, name, barred.has(id) ? 'handles this case' : undefined),
      ),
    ),
  )
}

const decideReview: HintsOf = (context) => {
  const choices = reviews(context)
  const all = choices.map(({ value }) => value)
  const fitting = OUTCOMES.filter((outcome) =>
    openReviews(context).some((review) => fits(context, review, outcome)),
  )
  return merged(
    someOf('reviewIds', choices, all.length === 1 ? all : []),
    oneOf('outcome', worded('decideReview', 'outcome', fitting)),
  )
}

const OUTCOMES: readonly ReviewOutcome[] = ['approved', 'rejected', 'upheld', 'dismissed']

/** Asks the rule itself whether a reviewer could decide so. */
function fits({ read, node, now }: HintContext, review: Review, outcome: ReviewOutcome): boolean {
  const { reviewId, reviewer } = review
  const command = { reviewId, outcome, reason: 'asked beforehand, by nobody', remedy: 'asked' }
  const officer = reviewer ?? 'any reviewer'
  const acting = { officer, roles: ['reviewer'], authority: node.id, now } as const
  return decideOnReview(read.state.rights, command, acting).decision === 'permit'
}

function openReviews({ read }: HintContext): readonly Review[] {
  return read.state.rights.reviews.filter(({ outcome }) => outcome === null)
}

function reviews(context: HintContext): readonly Choice[] {
  return openReviews(context).map(({ reviewId, subject, covers, openedAt, reviewer }) => {
    const to = covers
      ? ` of ${covers.categories.join(', ')} to ${nameOf(context, covers.recipient)}`
      : ''
    const given = context.officers.find(({ id }) => id === reviewer)?.name ?? reviewer
    const state = given === null ? 'not assigned' : `assigned to ${given}`
    const text = `${readable(subject.kind)}${to} (${shortId(reviewId)})`
    return plain(reviewId, text, `opened on ${dayOf(openedAt)}, ${state}`)
  })
}

export const rightsHints = {
  delayNotice,
  askDelayReview: ofDelayed,
  liftDelay: ofDelayed,
  sendNotice,
  assignReview,
  decideReview,
}
