/**
 * What the other side offers and what it takes to a higher body: commitments, which an
 * officer accepts or rejects, and appeals against a decision of this authority, which are
 * recorded and followed. An appeal decides and suspends nothing here by itself.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import { addMs, type CalendarDate, DAY_MS, type Instant } from '../../base/time.ts'
import { FULL_REASON_MIN, isFullReason } from '../case/reason.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import { type AppealPeriod, type AppealPeriodRecorded, isSameDecision } from './appeal-period.ts'

const TEXT_MAX = 20_000
const OFFERS_MAX = 20
const APPEALS_MAX = 20

export const APPEAL_STEPS = ['received', 'forwarded', 'heard', 'decided', 'withdrawn'] as const
export type AppealStep = (typeof APPEAL_STEPS)[number]

export const APPEAL_OUTCOMES = ['upheld', 'partlyUpheld', 'dismissed'] as const
export type AppealOutcome = (typeof APPEAL_OUTCOMES)[number]

/** What is appealed: a measure that was taken, or a decision about a claim. */
export type Appealed = { readonly kind: 'measure' | 'claim'; readonly id: string }

/** The route that a law pack names, as it was shown on the day of the appeal. */
export type AppealRoute = {
  readonly remedyId: string
  readonly article: string
  readonly source: string
  readonly evidence: string
}

export type OtherSideEvent =
  | AppealPeriodRecorded
  | {
      readonly type: 'commitmentOffered'
      readonly commitmentId: string
      readonly person: string
      readonly text: string
      readonly byOn: CalendarDate
    }
  | {
      readonly type: 'commitmentAnswered'
      readonly commitmentId: string
      readonly answer: 'accepted' | 'rejected'
      readonly reason: string
    }
  | {
      readonly type: 'appealFiled'
      readonly appealId: string
      readonly person: string
      readonly against: Appealed
      readonly text: string
      /** Null: no law pack in use names a route. */
      readonly route: AppealRoute | null
    }
  | {
      readonly type: 'appealFollowed'
      readonly appealId: string
      readonly step: AppealStep
      readonly outcome: AppealOutcome | null
      readonly text: string
    }

export type Commitment = Omit<Extract<OtherSideEvent, { type: 'commitmentOffered' }>, 'type'> & {
  readonly offeredAt: Instant
  readonly answer: 'accepted' | 'rejected' | null
  readonly reason: string | null
}

export type Appeal = Omit<Extract<OtherSideEvent, { type: 'appealFiled' }>, 'type'> & {
  readonly filedAt: Instant
  readonly outcome: AppealOutcome | null
  readonly isClosed: boolean
  readonly steps: readonly {
    readonly step: AppealStep
    readonly text: string
    readonly at: Instant
  }[]
}

export type WhyNotHeard =
  | 'textTooShort'
  | 'textTooLong'
  | 'dateImpossible'
  | 'tooMany'
  | 'unknownDecision'
  | 'alreadyAppealed'
  | 'unknownCommitment'
  | 'alreadyAnswered'
  | 'unknownAppeal'
  | 'alreadyClosed'
  | 'outcomeMissing'

type OtherSideDecision = Decision<readonly OtherSideEvent[], WhyNotHeard>

export function offerCommitment(
  commitments: readonly Commitment[],
  command: Omit<Extract<OtherSideEvent, { type: 'commitmentOffered' }>, 'type'>,
  { now }: Pick<Acting, 'now'>,
): OtherSideDecision {
  const text = plain(command.text)
  // A day of room: elsewhere it is still yesterday.
  if (command.byOn < addMs(now, -DAY_MS).slice(0, 10)) {
    return no('dateImpossible', 'a commitment is for a day ahead')
  }
  const own = commitments.filter(({ person }) => person === command.person)
  if (own.length >= OFFERS_MAX) return no('tooMany', `at most ${OFFERS_MAX} offers in a case`)
  return textFault(text) ?? permit([{ type: 'commitmentOffered', ...command, text }])
}

export function answerCommitment(
  commitments: readonly Commitment[],
  command: Omit<Extract<OtherSideEvent, { type: 'commitmentAnswered' }>, 'type'>,
  _acting: Acting,
): OtherSideDecision {
  const found = commitments.find(({ commitmentId }) => commitmentId === command.commitmentId)
  if (!found) return no('unknownCommitment', 'there is no such offer')
  if (found.answer !== null) return no('alreadyAnswered', 'the offer was answered')
  return textFault(command.reason) ?? permit([{ type: 'commitmentAnswered', ...command }])
}

/** `decisions`: what this authority decided and can be appealed. */
export function fileAppeal(
  appeals: readonly Appeal[],
  command: Omit<Extract<OtherSideEvent, { type: 'appealFiled' }>, 'type'>,
  decisions: readonly Appealed[],
): OtherSideDecision {
  const { against, person } = command
  const text = plain(command.text)
  const isIt = (one: Appealed) => isSameDecision(one, against)
  if (!decisions.some(isIt)) return no('unknownDecision', 'there is no such decision to appeal')
  const own = appeals.filter((one) => one.person === person)
  if (own.some((one) => isIt(one.against) && !one.isClosed)) {
    return no('alreadyAppealed', 'your appeal against this is open')
  }
  if (own.length >= APPEALS_MAX) return no('tooMany', `at most ${APPEALS_MAX} appeals in a case`)
  return textFault(text) ?? permit([{ type: 'appealFiled', ...command, text }])
}

export function followAppeal(
  appeals: readonly Appeal[],
  command: Omit<Extract<OtherSideEvent, { type: 'appealFollowed' }>, 'type'>,
  _acting: Acting,
): OtherSideDecision {
  const found = appeals.find(({ appealId }) => appealId === command.appealId)
  if (!found) return no('unknownAppeal', 'there is no such appeal')
  if (found.isClosed) return no('alreadyClosed', 'the appeal is closed')
  if ((command.step === 'decided') !== (command.outcome !== null)) {
    return no('outcomeMissing', 'an appeal that is decided has an outcome, and no other has one')
  }
  return textFault(command.text) ?? permit([{ type: 'appealFollowed', ...command }])
}

export function isOtherSideEvent(event: { readonly type: string }): event is OtherSideEvent {
  return Object.hasOwn(OTHER_SIDE_EVENTS, event.type)
}

export const OTHER_SIDE_EVENTS: Readonly<Record<OtherSideEvent['type'], true>> = {
  commitmentOffered: true,
  commitmentAnswered: true,
  appealFiled: true,
  appealPeriodRecorded: true,
  appealFollowed: true,
}

type OtherSide = {
  readonly commitments: readonly Commitment[]
  readonly appeals: readonly Appeal[]
  readonly appealPeriods: readonly AppealPeriod[]
}

export function foldOtherSide<State extends OtherSide>(
  state: State,
  { event, at }: Pick<Recorded<OtherSideEvent>, 'event' | 'at'>,
): State {
  switch (event.type) {
    case 'commitmentOffered': {
      const { type: _, ...facts } = event
      const offered = { ...facts, offeredAt: at, answer: null, reason: null }
      return { ...state, commitments: [...state.commitments, offered] }
    }
    case 'commitmentAnswered': {
      const { commitmentId, answer, reason } = event
      const isIt = (one: Commitment) => one.commitmentId === commitmentId
      const answered = (one: Commitment) => ({ ...one, answer, reason })
      return { ...state, commitments: changeWhere(state.commitments, isIt, answered) }
    }
    case 'appealFiled': {
      const { type: _, ...facts } = event
      const filed = { ...facts, filedAt: at, outcome: null, isClosed: false, steps: [] }
      return { ...state, appeals: [...state.appeals, filed] }
    }
    case 'appealPeriodRecorded': {
      const { type: _, ...period } = event
      return { ...state, appealPeriods: [...state.appealPeriods, period] }
    }
    case 'appealFollowed': {
      const { appealId, step, outcome, text } = event
      const isIt = (one: Appeal) => one.appealId === appealId
      const followed = (one: Appeal): Appeal => ({
        ...one,
        outcome: outcome ?? one.outcome,
        isClosed: step === 'decided' || step === 'withdrawn',
        steps: [...one.steps, { step, text, at }],
      })
      return { ...state, appeals: changeWhere(state.appeals, isIt, followed) }
    }
  }
}

const plain = (text: string) => text.replaceAll('\r\n', '\n').trim()

function textFault(text: string): Refusal<WhyNotHeard> | undefined {
  if (!isFullReason(text))
    return no('textTooShort', `at least ${FULL_REASON_MIN} characters say what is meant`)
  if (text.length > TEXT_MAX) return no('textTooLong', `at most ${TEXT_MAX} characters`)
  return undefined
}

function no(why: WhyNotHeard, text: string): Refusal<WhyNotHeard> {
  return refuse(why, { rule: `otherSide:${why}`, text })
}
