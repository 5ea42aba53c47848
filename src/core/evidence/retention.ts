/**
 * How long exhibits are kept, and what happens then: a disposal class with its period, the
 * appraisal by two persons, and the day on which what they approved for destruction is
 * destroyed. A class alone destroys nothing, and no period ends a legal hold.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, DAY_MS, type Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import type { Exhibit } from './evidence.ts'

/** `matterEnded`: an officer records the day. `taken`: when the exhibit came in. */
export const COUNTED_FROM = ['taken', 'matterEnded'] as const
export type CountedFrom = (typeof COUNTED_FROM)[number]

export type DisposalClass = {
  readonly id: string
  readonly title: string
  readonly countedFrom: CountedFrom
  readonly retainDays: number
  readonly basis: 'houseRule' | 'law'
  readonly source?: string
}

export const DISPOSAL_OUTCOMES = ['destroy', 'keep', 'transfer'] as const
export type DisposalOutcome = (typeof DISPOSAL_OUTCOMES)[number]

export type RetentionEvent =
  | {
      readonly type: 'disposalClassSet'
      /** Ids; null: every exhibit of the case without a class of its own. */
      readonly exhibits: readonly string[] | null
      readonly classId: string
      /** As the class said then: a later version of the list changes nothing that was set. */
      readonly countedFrom: CountedFrom
      readonly retainDays: number
      /** Null: counted from when each exhibit was taken. */
      readonly startsAt: Instant | null
      readonly reason: string
    }
  | {
      /** Recorded when the second person approves; the first one proposed exactly this. */
      readonly type: 'exhibitsAppraised'
      readonly exhibits: readonly string[]
      readonly outcome: DisposalOutcome
      readonly reason: string
      /** Which archive takes it; null unless it is transferred. */
      readonly archive: string | null
    }

type ClassSet = Omit<Extract<RetentionEvent, { type: 'disposalClassSet' }>, 'type'>

export type Retention = {
  readonly classes: readonly (ClassSet & { readonly setAt: Instant; readonly setBy: string })[]
  /** The last appraisal of each exhibit. */
  readonly appraisals: readonly {
    readonly exhibitId: string
    readonly outcome: DisposalOutcome
    readonly reason: string
    readonly archive: string | null
    readonly at: Instant
    readonly by: string
  }[]
}

export const noRetention: Retention = { classes: [], appraisals: [] }

export type WhyRetention =
  | 'unknownExhibit'
  | 'unknownClass'
  | 'startMissing'
  | 'reasonMissing'
  | 'noClass'
  | 'destroyed'
  | 'archiveMissing'

export type RetentionDecision = Decision<readonly RetentionEvent[], WhyRetention>

type Basis = { readonly exhibits: readonly Exhibit[]; readonly retention: Retention }

export function setDisposalClass(
  { exhibits }: Basis,
  command: {
    readonly exhibits: readonly string[] | null
    readonly disposalClass: DisposalClass | undefined
    readonly startsAt: Instant | null
    readonly reason: string
  },
  _acting: Acting,
): RetentionDecision {
  const { disposalClass, reason, startsAt } = command
  if (!disposalClass) return no('unknownClass', 'the list holds no such disposal class')
  if (reason.trim() === '') return no('reasonMissing', 'a disposal class has its reason')
  if (command.exhibits && !areKnown(exhibits, command.exhibits)) {
    return no('unknownExhibit', 'the class names an exhibit that this case does not have')
  }
  const { id: classId, countedFrom, retainDays } = disposalClass
  if (countedFrom === 'matterEnded' && startsAt === null) {
    return no('startMissing', 'this class counts from the end of the matter: state the day')
  }
  const counted = countedFrom === 'taken' ? null : startsAt
  return permit([
    {
      type: 'disposalClassSet',
      exhibits: command.exhibits,
      ...{ classId, countedFrom, retainDays, startsAt: counted, reason },
    },
  ])
}

/** By two persons: who decides this approves what another one proposed. */
export function appraiseExhibits(
  state: Basis,
  command: Omit<Extract<RetentionEvent, { type: 'exhibitsAppraised' }>, 'type'>,
  _acting: Acting,
): RetentionDecision {
  if (command.exhibits.length === 0 || !areKnown(state.exhibits, command.exhibits)) {
    return no('unknownExhibit', 'an appraisal names exhibits of this case')
  }
  if (command.reason.trim() === '') return no('reasonMissing', 'an appraisal has its reason')
  const named = state.exhibits.filter(({ exhibitId }) => command.exhibits.includes(exhibitId))
  if (named.some(({ isDestroyed }) => isDestroyed)) {
    return no('destroyed', 'an exhibit that was destroyed is not appraised')
  }
  if (command.outcome === 'destroy' && named.some((one) => dueAtOf(state, one) === null)) {
    return no('noClass', 'without a disposal class no day of destruction is known')
  }
  if (command.outcome === 'transfer' && !command.archive?.trim()) {
    return no('archiveMissing', 'name the archive that takes it')
  }
  const archive = command.outcome === 'transfer' ? command.archive : null
  return permit([{ type: 'exhibitsAppraised', ...command, archive }])
}

export function foldRetention(
  retention: Retention,
  { event, at, by }: Recorded<RetentionEvent>,
): Retention {
  switch (event.type) {
    case 'disposalClassSet': {
      const { type: _, ...facts } = event
      return { ...retention, classes: [...retention.classes, { ...facts, setAt: at, setBy: by }] }
    }
    case 'exhibitsAppraised': {
      const { exhibits, outcome, reason, archive } = event
      const others = retention.appraisals.filter(({ exhibitId }) => !exhibits.includes(exhibitId))
      const made = exhibits.map((exhibitId) => ({ exhibitId, outcome, reason, archive, at, by }))
      return { ...retention, appraisals: [...others, ...made] }
    }
    default:
      return retention
  }
}

/** The last class of the exhibit itself, else of the case. */
export function classOf({ retention }: Pick<Basis, 'retention'>, exhibitId: string) {
  const own = retention.classes.findLast(({ exhibits }) => exhibits?.includes(exhibitId))
  return own ?? retention.classes.findLast(({ exhibits }) => exhibits === null)
}

/** When the period ends; null: it has no class. Days of 24 hours from the start. */
export function dueAtOf(
  state: Pick<Basis, 'retention'>,
  { exhibitId, custody }: Pick<Exhibit, 'exhibitId' | 'custody'>,
): Instant | null {
  const set = classOf(state, exhibitId)
  const startsAt = set && (set.startsAt ?? custody[0]?.at)
  return startsAt ? addMs(startsAt, set.retainDays * DAY_MS) : null
}

export function appraisalOf({ retention }: Pick<Basis, 'retention'>, exhibitId: string) {
  return retention.appraisals.find((one) => one.exhibitId === exhibitId)
}

/** Approved for destruction, and the day has come. Holds are asked where it is destroyed. */
export function dueForDestruction(state: Basis, now: Instant): readonly Exhibit[] {
  return state.exhibits.filter((exhibit) => {
    const dueAt = dueAtOf(state, exhibit)
    const outcome = appraisalOf(state, exhibit.exhibitId)?.outcome
    return !exhibit.isDestroyed && outcome === 'destroy' && dueAt !== null && dueAt <= now
  })
}

/** How an exhibit stands, whatever the day. */
export const RETENTION_STATES = [
  'unclassed',
  'classed',
  'destroy',
  'keep',
  'transfer',
  'destroyed',
] as const
export type RetentionState = (typeof RETENTION_STATES)[number]

export function retentionStateOf(state: Basis, exhibit: Exhibit): RetentionState {
  if (exhibit.isDestroyed) return 'destroyed'
  const appraisal = appraisalOf(state, exhibit.exhibitId)
  return appraisal?.outcome ?? (classOf(state, exhibit.exhibitId) ? 'classed' : 'unclassed')
}

function areKnown(exhibits: readonly Exhibit[], ids: readonly string[]): boolean {
  return ids.every((id) => exhibits.some(({ exhibitId }) => exhibitId === id))
}

function no(why: WhyRetention, text: string): Refusal<WhyRetention> {
  return refuse(why, { rule: `disposal:${why}`, text })
}
