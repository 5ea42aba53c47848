/** What may be done in the joint work on a case. Who may do it, the rules of access say. */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { addMs, type CalendarDate, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting } from '../case/recorded.ts'
import type { ItemStep, JointEvent, ReviewFacts, SupportKind, TaskForceFormed } from './events.ts'
import { itemOf, type JointState } from './joint-state.ts'

/** A playbook as the vocabulary holds it. */
export type Playbook = {
  readonly id: string
  readonly version: string
  readonly title: string
  readonly items: readonly {
    readonly id: string
    readonly text: string
    /** Days after the start. */
    readonly afterDays: number
  }[]
}

export type JointWhy =
  | 'runningAlready'
  | 'caseIsClosed'
  | 'unknownItem'
  | 'itemNotOpen'
  | 'itemOpen'
  | 'reasonMissing'
  | 'ownerUnclear'
  | 'noReview'
  | 'alreadyClosed'
  | 'unknownOffer'
  | 'alreadyAnswered'
  | 'datesWrong'
  | 'unknownTaskForce'
  | 'alreadyEnded'
  | 'alreadyThere'

type Decided = Decision<readonly JointEvent[], JointWhy>

export function startPlaybook(
  state: JointState,
  command: {
    readonly playbook: Playbook
    readonly runId: string
    /** One for each item. */
    readonly itemIds: readonly string[]
    readonly officer: string
  },
  { now }: Acting,
): Decided {
  const { playbook, runId, officer } = command
  if (state.closed) return no('caseIsClosed')
  const isRunning = state.playbooks.some(
    (run) => run.playbook === playbook.id && run.items.some((item) => item.state === 'open'),
  )
  if (isRunning) return no('runningAlready')
  const items = playbook.items.map(({ text, afterDays }, index) => ({
    itemId: command.itemIds[index] ?? '',
    ...{ text, officer, dueAt: addMs(now, afterDays * DAY_MS) },
  }))
  const { id, version, title } = playbook
  return permit([{ type: 'playbookStarted', runId, playbook: id, version, title, items }])
}

export type ChangeItem = {
  readonly itemId: string
  readonly step: ItemStep
  readonly reason: string | null
  readonly officer: string | null
  readonly authority: string | null
  readonly dueAt: Instant | null
}

export function changeItem(state: JointState, command: ChangeItem): Decided {
  const { itemId, step, reason, officer, authority, dueAt } = command
  const item = itemOf(state, itemId)
  if (!item) return no('unknownItem')
  if (step === 'reopened' && item.state === 'open') return no('itemOpen')
  if (step !== 'reopened' && item.state !== 'open') return no('itemNotOpen')
  if (step !== 'done' && (reason ?? '').trim() === '') return no('reasonMissing')
  if (officer !== null && authority !== null) return no('ownerUnclear')
  const named = officer !== null || authority !== null
  if (step === 'reassigned' && !named && dueAt === null) return no('ownerUnclear')
  const owner = named
    ? { officer, authority }
    : { officer: item.officer, authority: item.authority }
  const change = { itemId, step, reason, ...owner, dueAt: dueAt ?? item.dueAt }
  return permit([{ type: 'playbookItemChanged', ...change }])
}

export function recordAfterAction(
  state: JointState,
  review: {
    readonly reviewId: string
    readonly wentWell: string
    readonly wentLate: string
    readonly lessons: string
    readonly facts: ReviewFacts
  },
): Decided {
  if (state.closed) return no('caseIsClosed')
  return permit([{ type: 'afterActionRecorded', ...review }])
}

export function addReviewAction(
  state: JointState,
  action: {
    readonly taskId: string
    readonly text: string
    readonly officer: string
    readonly dueOn: CalendarDate
  },
): Decided {
  const review = state.reviews.at(-1)
  if (!review) return no('noReview')
  return permit([{ type: 'reviewActionAdded', reviewId: review.reviewId, ...action }])
}

/** Without a review only with the reason why nobody looked back. */
export function closeCase(
  state: JointState,
  { reason }: { readonly reason: string | null },
): Decided {
  if (state.closed) return no('alreadyClosed')
  const review = state.reviews.at(-1)
  const why = (reason ?? '').trim()
  if (!review && why === '') return no('noReview')
  const closed = { reviewId: review?.reviewId ?? null, reason: why === '' ? null : why }
  return permit([{ type: 'caseClosed', ...closed }])
}

export function offerSupport(
  state: JointState,
  offer: {
    readonly offerId: string
    readonly from: string
    readonly kind: SupportKind
    readonly text: string
  },
): Decided {
  return state.closed ? no('caseIsClosed') : permit([{ type: 'supportOffered', ...offer }])
}

export function answerSupport(
  { offers }: JointState,
  answer: {
    readonly offerId: string
    readonly answer: 'accepted' | 'declined'
    readonly reason: string
  },
): Decided {
  const offer = offers.find(({ offerId }) => offerId === answer.offerId)
  if (!offer) return no('unknownOffer')
  if (offer.answered) return no('alreadyAnswered')
  return permit([{ type: 'supportAnswered', ...answer }])
}

export function formTaskForce(
  state: JointState,
  taskForce: Omit<TaskForceFormed, 'type'>,
): Decided {
  if (state.closed) return no('caseIsClosed')
  const { taskForceId, startsOn, endsOn } = taskForce
  if (endsOn < startsOn) return no('datesWrong')
  if (state.taskForces.some((one) => one.taskForceId === taskForceId)) return no('alreadyThere')
  return permit([{ type: 'taskForceFormed', ...taskForce }])
}

export function endTaskForce(
  { taskForces }: JointState,
  command: { readonly taskForceId: string; readonly reason: string },
): Decided {
  const found = taskForces.find(({ taskForceId }) => taskForceId === command.taskForceId)
  if (!found) return no('unknownTaskForce')
  if (found.ended) return no('alreadyEnded')
  return permit([{ type: 'taskForceEnded', ...command }])
}

const TEXTS: Readonly<Record<JointWhy, string>> = {
  runningAlready: 'this playbook runs already: finish its items first',
  caseIsClosed: 'the case is closed',
  unknownItem: 'there is no such item',
  itemNotOpen: 'the item is done or skipped: open it again first',
  itemOpen: 'the item is open',
  reasonMissing: 'say why',
  ownerUnclear: 'name one officer, or one authority that takes part, or another day',
  noReview: 'record an after-action review first, or say why nobody looks back',
  alreadyClosed: 'the case is closed already',
  unknownOffer: 'there is no such offer',
  alreadyAnswered: 'the offer was answered already',
  datesWrong: 'a task force does not end before it begins',
  unknownTaskForce: 'there is no such task force in this case',
  alreadyEnded: 'the task force has ended already',
  alreadyThere: 'the task force works on this case already',
}

function no(why: JointWhy) {
  return refuse(why, { rule: `joint:${why}`, text: TEXTS[why] })
}
