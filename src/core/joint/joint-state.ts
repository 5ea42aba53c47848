/** The joint work on a case, folded from its events. */
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'
import type {
  AfterActionRecorded,
  CaseClosed,
  JointEvent,
  LineageRecorded,
  PlaybookStarted,
  ReviewActionAdded,
  SupportAnswered,
  SupportOffered,
  TaskForceFormed,
} from './events.ts'
import { type Lineage, mergedLineage } from './lineage.ts'

export type PlaybookItem = {
  readonly itemId: string
  readonly text: string
  readonly officer: string | null
  readonly authority: string | null
  readonly dueAt: Instant
  readonly state: 'open' | 'done' | 'skipped'
  readonly reason: string | null
  readonly changedAt: Instant
  readonly changedBy: string
}

export type PlaybookRun = Pick<PlaybookStarted, 'runId' | 'playbook' | 'version' | 'title'> & {
  readonly startedAt: Instant
  readonly items: readonly PlaybookItem[]
}

export type JointState = {
  readonly playbooks: readonly PlaybookRun[]
  readonly reviews: readonly (Omit<AfterActionRecorded, 'type'> & {
    readonly at: Instant
    readonly actions: readonly Omit<ReviewActionAdded, 'type' | 'reviewId'>[]
  })[]
  readonly closed: (Omit<CaseClosed, 'type'> & { readonly at: Instant }) | null
  readonly offers: readonly (Omit<SupportOffered, 'type'> & {
    readonly at: Instant
    readonly answered: (Omit<SupportAnswered, 'type' | 'offerId'> & { readonly at: Instant }) | null
  })[]
  readonly taskForces: readonly (Omit<TaskForceFormed, 'type'> & {
    readonly otherCases: readonly string[]
    readonly ended: { readonly at: Instant; readonly reason: string } | null
  })[]
  readonly lineage: Lineage
  readonly lineageSources: readonly (Pick<
    LineageRecorded,
    'lineageId' | 'source' | 'notCarried'
  > & {
    readonly at: Instant
  })[]
}

export const noJointWork: JointState = {
  playbooks: [],
  reviews: [],
  closed: null,
  offers: [],
  taskForces: [],
  lineage: { components: [], edges: [] },
  lineageSources: [],
}

/** The same work in a case that is not closed any more. */
export function reopened(state: JointState): JointState {
  return { ...state, closed: null }
}

export function foldJoint(state: JointState, recorded: Recorded<JointEvent>): JointState {
  const { event, at, by } = recorded
  switch (event.type) {
    case 'playbookStarted': {
      const { type: _, items, ...run } = event
      const open = { authority: null, state: 'open', reason: null } as const
      const listed = items.map((item) => ({ ...item, ...open, changedAt: at, changedBy: by }))
      return { ...state, playbooks: [...state.playbooks, { ...run, startedAt: at, items: listed }] }
    }
    case 'playbookItemChanged': {
      const { itemId, step, reason, officer, authority, dueAt } = event
      const isOpen = step === 'reassigned' || step === 'reopened'
      const change = {
        ...{ officer, authority, dueAt, reason, changedAt: at, changedBy: by },
        state: isOpen ? ('open' as const) : step,
      }
      const isIt = (item: PlaybookItem) => item.itemId === itemId
      const playbooks = state.playbooks.map((run) => ({
        ...run,
        items: changeWhere(run.items, isIt, (item) => ({ ...item, ...change })),
      }))
      return { ...state, playbooks }
    }
    case 'afterActionRecorded': {
      const { type: _, ...review } = event
      return { ...state, reviews: [...state.reviews, { ...review, at, actions: [] }] }
    }
    case 'reviewActionAdded': {
      const { type: _, reviewId, ...action } = event
      const reviews = changeWhere(
        state.reviews,
        (one) => one.reviewId === reviewId,
        (one) => ({ ...one, actions: [...one.actions, action] }),
      )
      return { ...state, reviews }
    }
    case 'caseClosed':
      return { ...state, closed: { reviewId: event.reviewId, reason: event.reason, at } }
    default:
      return foldHelp(state, { ...recorded, event })
  }
}

type HelpEvent = Exclude<
  JointEvent,
  { type: `playbook${string}` | 'afterActionRecorded' | 'reviewActionAdded' | 'caseClosed' }
>

function foldHelp(state: JointState, { event, at }: Recorded<HelpEvent>): JointState {
  switch (event.type) {
    case 'supportOffered': {
      const { type: _, ...offer } = event
      return { ...state, offers: [...state.offers, { ...offer, at, answered: null }] }
    }
    case 'supportAnswered': {
      const { type: _, offerId, ...answer } = event
      const offers = changeWhere(
        state.offers,
        (one) => one.offerId === offerId,
        (one) => ({ ...one, answered: { ...answer, at } }),
      )
      return { ...state, offers }
    }
    case 'taskForceFormed': {
      const { type: _, ...formed } = event
      const taskForce = { ...formed, otherCases: [], ended: null }
      return { ...state, taskForces: [...state.taskForces, taskForce] }
    }
    case 'taskForceCaseAdded':
      return withTaskForce(state, event.taskForceId, (one) => ({
        ...one,
        otherCases: [...one.otherCases, event.caseId],
      }))
    case 'taskForceEnded':
      return withTaskForce(state, event.taskForceId, (one) => ({
        ...one,
        ended: { at, reason: event.reason },
      }))
    case 'lineageRecorded': {
      const { lineageId, source, notCarried } = event
      return {
        ...state,
        lineage: mergedLineage(state.lineage, event),
        lineageSources: [...state.lineageSources, { lineageId, source, notCarried, at }],
      }
    }
  }
}

type TaskForce = JointState['taskForces'][number]

function withTaskForce(
  state: JointState,
  taskForceId: string,
  change: (one: TaskForce) => TaskForce,
): JointState {
  const isIt = (one: TaskForce) => one.taskForceId === taskForceId
  return { ...state, taskForces: changeWhere(state.taskForces, isIt, change) }
}

export function itemOf({ playbooks }: JointState, itemId: string): PlaybookItem | undefined {
  return playbooks.flatMap(({ items }) => items).find((item) => item.itemId === itemId)
}
