/**
 * Remedies after an upheld challenge: put right, erase, restrict, make good, call back at
 * every recipient, or give the person its own data. Each has a due date, an officer who
 * answers for it, what shows that it was done, and a look afterwards whether it held.
 *
 * A retraction is done when every recipient has confirmed, and not when it was asked.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { type HeldSection, unansweredSections, type WithheldSection } from './own-data.ts'
import type { Review } from './rights.ts'

export const REMEDY_KINDS = [
  'rectify',
  'erase',
  'restrict',
  'compensate',
  'retract',
  'access',
] as const
export type RemedyKind = (typeof REMEDY_KINDS)[number]

/** In whole minor units; people proposed and decided it. */
export type Compensation = { readonly amountMinor: number; readonly currency: string }

export type RemedyEvent =
  | {
      readonly type: 'remedyOrdered'
      readonly remedyId: string
      readonly challengeId: string
      readonly kind: RemedyKind
      /** In words that the person reads. */
      readonly text: string
      /** Officer id. */
      readonly responsible: string
      readonly dueAt: Instant
      readonly followUpAt: Instant
      readonly compensation?: Compensation
      /** Of a retraction: what is called back. */
      readonly releaseIds?: readonly string[]
    }
  | {
      /** What became of it so far; the person reads it. */
      readonly type: 'remedyReported'
      readonly remedyId: string
      readonly text: string
    }
  | {
      readonly type: 'remedyDone'
      readonly remedyId: string
      /** What shows it: a receipt, an exhibit, a document reference. */
      readonly proof: string
    }
  | {
      readonly type: 'remedyFollowedUp'
      readonly remedyId: string
      readonly finding: 'held' | 'notHeld'
      readonly text: string
    }
  | {
      /** The person's own data as an officer released them to the person; without others' data. */
      readonly type: 'ownDataGiven'
      readonly remedyId: string
      readonly parts: readonly { readonly category: string; readonly text: string }[]
      /** Why something was left out; null: nothing was. */
      readonly withheld: string | null
      /** Whole sections that were not given; in older events none is named. */
      readonly withheldParts?: readonly WithheldSection[]
    }

export type Remedy = Omit<Extract<RemedyEvent, { type: 'remedyOrdered' }>, 'type'> & {
  readonly orderedAt: Instant
  readonly reports: readonly { readonly at: Instant; readonly text: string }[]
  readonly doneAt: Instant | null
  readonly proof: string | null
  readonly followUp: {
    readonly finding: 'held' | 'notHeld'
    readonly text: string
    readonly at: Instant
  } | null
  readonly ownData: {
    readonly parts: readonly { readonly category: string; readonly text: string }[]
    readonly withheld: string | null
    readonly withheldParts: readonly WithheldSection[]
    readonly givenAt: Instant
  } | null
}

export type WhyNoRemedy =
  | 'unknownChallenge'
  | 'notUpheld'
  | 'alreadyOrdered'
  | 'datesOutOfOrder'
  | 'textMissing'
  | 'compensationMissing'
  | 'nothingToRetract'
  | 'unknownRelease'
  | 'unknownRemedy'
  | 'alreadyDone'
  | 'notDone'
  | 'proofMissing'
  | 'notConfirmedByAll'
  | 'notOfThisKind'
  | 'alreadyFollowedUp'
  | 'sectionUnanswered'

type RemedyDecision = Decision<readonly RemedyEvent[], WhyNoRemedy>

export type OrderRemedy = Omit<Extract<RemedyEvent, { type: 'remedyOrdered' }>, 'type'>

/** `released`: ids of what left this authority in the case. */
export function orderRemedy(
  state: { readonly remedies: readonly Remedy[]; readonly reviews: readonly Review[] },
  command: OrderRemedy,
  released: readonly string[],
  { now }: Acting,
): RemedyDecision {
  const { remedyId, challengeId, kind, text, dueAt, followUpAt, compensation } = command
  const review = state.reviews.findLast(
    ({ subject }) => subject.kind === 'challenge' && subject.id === challengeId,
  )
  if (!review) return no('unknownChallenge', 'there is no such challenge')
  if (review.outcome !== 'upheld') return no('notUpheld', 'remedies follow an upheld challenge')
  if (state.remedies.some((one) => one.remedyId === remedyId)) {
    return no('alreadyOrdered', 'the remedy is ordered already')
  }
  if (!(now < dueAt && dueAt <= followUpAt)) {
    return no('datesOutOfOrder', 'a remedy is due in the future, and looked at again afterwards')
  }
  if (text.trim() === '') return no('textMissing', 'a remedy says what is done, for the person')
  if (kind === 'compensate' && !isAmount(compensation)) {
    return no('compensationMissing', 'compensation names an amount above zero and its currency')
  }
  const { releaseIds = [] } = command
  if (kind === 'retract' && releaseIds.length === 0) {
    return no('nothingToRetract', 'a retraction names what is called back')
  }
  if (releaseIds.some((id) => !released.includes(id))) {
    return no('unknownRelease', 'nothing left under this id')
  }
  const { releaseIds: _, compensation: __, ...plain } = command
  const amount = kind === 'compensate' && compensation ? { compensation } : {}
  const back = kind === 'retract' ? { releaseIds } : {}
  return permit([{ type: 'remedyOrdered', ...plain, ...amount, ...back }])
}

export function reportRemedy(
  remedies: readonly Remedy[],
  command: { readonly remedyId: string; readonly text: string },
  _acting: Acting,
): RemedyDecision {
  const remedy = openRemedy(remedies, command.remedyId)
  if ('decision' in remedy) return remedy
  if (command.text.trim() === '') return no('textMissing', 'a report says something')
  return permit([{ type: 'remedyReported', ...command }])
}

/** How a retraction stands at one recipient. */
export type RetractionStep = {
  readonly releaseId: string
  /** Node id. */
  readonly recipient: string
  readonly askedAt: Instant | null
  readonly confirmedAt: Instant | null
}

/** `steps`: of the releases that a retraction calls back; ignored for the other kinds. */
export function finishRemedy(
  remedies: readonly Remedy[],
  command: {
    readonly remedyId: string
    readonly proof: string
    readonly steps: readonly RetractionStep[]
  },
  _acting: Acting,
): RemedyDecision {
  const { remedyId, proof, steps } = command
  const remedy = openRemedy(remedies, remedyId)
  if ('decision' in remedy) return remedy
  if (remedy.kind === 'access') {
    return no('notOfThisKind', 'access is given on the page of the person')
  }
  const waiting = steps.filter(({ confirmedAt }) => confirmedAt === null)
  if (remedy.kind === 'retract' && waiting.length > 0) {
    const text = `not confirmed by ${waiting.map(({ recipient }) => recipient).join(', ')}`
    return no('notConfirmedByAll', text)
  }
  if (proof.trim() === '') return no('proofMissing', 'a remedy is done with what shows it')
  return permit([{ type: 'remedyDone', remedyId, proof }])
}

/**
 * Gives the person its own data; an officer has taken out what is of others.
 *
 * @param held the sections in which the case holds something of the person
 */
export function giveOwnData(
  remedies: readonly Remedy[],
  command: Omit<Extract<RemedyEvent, { type: 'ownDataGiven' }>, 'type'>,
  held: readonly Pick<HeldSection, 'category'>[],
): RemedyDecision {
  const { remedyId, parts, withheld, withheldParts = [] } = command
  const remedy = openRemedy(remedies, remedyId)
  if ('decision' in remedy) return remedy
  if (remedy.kind !== 'access') return no('notOfThisKind', 'this remedy is another one')
  if (parts.length === 0 && !withheld?.trim() && withheldParts.length === 0) {
    return no('textMissing', 'nothing is given, and no reason is given for it')
  }
  const unanswered = unansweredSections(held, parts, withheldParts)
  if (unanswered.length > 0) return refuse('sectionUnanswered', ...unanswered)
  const proof = 'given on the page of the person'
  return permit([
    { type: 'ownDataGiven', ...command },
    { type: 'remedyDone', remedyId, proof },
  ])
}

/** Afterwards: did it hold? What did not is open again as a finding that the person sees. */
export function followUpRemedy(
  remedies: readonly Remedy[],
  command: Omit<Extract<RemedyEvent, { type: 'remedyFollowedUp' }>, 'type'>,
  _acting: Acting,
): RemedyDecision {
  const remedy = remedies.find(({ remedyId }) => remedyId === command.remedyId)
  if (!remedy) return no('unknownRemedy', 'there is no such remedy')
  if (remedy.doneAt === null) return no('notDone', 'the remedy is not done yet')
  if (remedy.followUp?.finding === 'held') {
    return no('alreadyFollowedUp', 'it was looked at already, and held')
  }
  if (command.text.trim() === '') return no('textMissing', 'a finding says what was found')
  return permit([{ type: 'remedyFollowedUp', ...command }])
}

/** One line for each release of a retraction. */
export function retractionSteps(
  { releaseIds = [] }: Pick<Remedy, 'releaseIds'>,
  releases: readonly ReleaseCalledBack[],
): readonly RetractionStep[] {
  return releaseIds.flatMap((id) => {
    const release = releases.find(({ releaseId }) => releaseId === id)
    if (!release) return []
    const { releaseId, recipient, withdrawn } = release
    const confirmedAt = withdrawn?.done?.confirmedAt ?? null
    return [{ releaseId, recipient, askedAt: withdrawn?.at ?? null, confirmedAt }]
  })
}

/** Of a release: as far as a retraction looks at it. */
export type ReleaseCalledBack = {
  readonly releaseId: string
  readonly recipient: string
  readonly withdrawn?: {
    readonly at: Instant
    /** The recipient's confirmation; null: it has not come. */
    readonly done: { readonly confirmedAt: Instant } | null
  } | null
}

export function isRemedyEvent(event: { readonly type: string }): event is RemedyEvent {
  return Object.hasOwn(REMEDY_EVENTS, event.type)
}

export const REMEDY_EVENTS: Readonly<Record<RemedyEvent['type'], true>> = {
  remedyOrdered: true,
  remedyReported: true,
  remedyDone: true,
  remedyFollowedUp: true,
  ownDataGiven: true,
}

export function foldRemedies(
  remedies: readonly Remedy[],
  { event, at }: Pick<Recorded<RemedyEvent>, 'event' | 'at'>,
): readonly Remedy[] {
  if (event.type === 'remedyOrdered') {
    const { type: _, ...facts } = event
    const open = { reports: [], doneAt: null, proof: null, followUp: null, ownData: null }
    return [...remedies, { ...facts, ...open, orderedAt: at }]
  }
  return changeWhere(
    remedies,
    ({ remedyId }) => remedyId === event.remedyId,
    (remedy) => changed(remedy, event, at),
  )
}

function changed(
  remedy: Remedy,
  event: Exclude<RemedyEvent, { type: 'remedyOrdered' }>,
  at: Instant,
): Remedy {
  switch (event.type) {
    case 'remedyReported':
      return { ...remedy, reports: [...remedy.reports, { at, text: event.text }] }
    case 'remedyDone':
      return { ...remedy, doneAt: at, proof: event.proof }
    case 'remedyFollowedUp': {
      const { finding, text } = event
      return { ...remedy, followUp: { finding, text, at } }
    }
    case 'ownDataGiven': {
      const { parts, withheld, withheldParts = [] } = event
      return { ...remedy, ownData: { parts, withheld, withheldParts, givenAt: at } }
    }
  }
}

function openRemedy(remedies: readonly Remedy[], remedyId: string): Remedy | Refusal<WhyNoRemedy> {
  const remedy = remedies.find((one) => one.remedyId === remedyId)
  if (!remedy) return no('unknownRemedy', 'there is no such remedy')
  return remedy.doneAt === null ? remedy : no('alreadyDone', 'the remedy is done')
}

const CURRENCY = /^[A-Z]{3}$/

function isAmount(compensation: Compensation | undefined): boolean {
  if (!compensation) return false
  const { amountMinor, currency } = compensation
  return Number.isSafeInteger(amountMinor) && amountMinor > 0 && CURRENCY.test(currency)
}

function no(why: WhyNoRemedy, text: string): Refusal<WhyNoRemedy> {
  return refuse(why, { rule: `remedy:${why}`, text })
}
