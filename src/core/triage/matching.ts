/**
 * Do two nodes hold a case about the same published identifier? Hit or no hit, and only on
 * identifiers that an officer approved for matching with that very peer.
 *
 * The approval is a release under the agreement, decided like every other: what it gives is
 * that this case is compared with what the peer asks, then and later, until it is called
 * back. The asking node learns which of its own identifiers the peer also approved for it;
 * the peer learns how many were asked, and not which (RFC 9497).
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { changeWhere } from '../../base/lists.ts'
import type { Instant } from '../../base/time.ts'
import type { AdmittedReport } from './admitted-report.ts'
import { fingerprint, matchTextOf } from './duplicates.ts'

/** The data category that an agreement permits, or does not. */
export const MATCH_CATEGORY = 'identifierMatch'
/** A release that gives a comparison, and tells nobody that there is a case. */
export function isMatch({ categories }: { readonly categories: readonly string[] }): boolean {
  return categories.includes(MATCH_CATEGORY)
}

/** In one question. */
export const MATCH_IDENTIFIERS_MAX = 20
export const MATCH_IDENTIFIER_LENGTH_MAX = 60
/** Every answer holds so many marks, however few identifiers were compared. */
export const MATCH_MARKS = 100
/** Of one peer: whoever asks more is guessing. */
export const MATCH_QUESTIONS_A_DAY = 20

export type MatchAsked = {
  readonly type: 'matchAsked'
  /** Of the release that approved it. */
  readonly releaseId: string
  readonly recipient: string
  readonly identifiers: readonly string[]
  /** One for each identifier, base64: what undoes the blinding when the answer comes. */
  readonly blinds: readonly string[]
  /** As it was sent, base64: the answer is proven against it. */
  readonly blinded: readonly string[]
}

export type MatchingEvent =
  | MatchAsked
  | {
      readonly type: 'matchAnswered'
      readonly releaseId: string
      readonly from: string
      readonly hits: readonly string[]
    }
  /** On the other side: identifiers of this case were among those compared. Whether one hit, nobody here knows. */
  | {
      readonly type: 'matchCompared'
      readonly questionId: string
      readonly from: string
      readonly identifiers: number
    }

export type MatchQuestion = Omit<MatchAsked, 'type'> & {
  readonly askedAt: Instant
  readonly answer: { readonly hits: readonly string[]; readonly at: Instant } | null
}

export type MatchingState = {
  readonly questions: readonly MatchQuestion[]
  readonly compared: readonly { readonly from: string; readonly at: Instant }[]
}

export const noMatching: MatchingState = { questions: [], compared: [] }

/** What of a report may be matched at all: identifiers that others publish, in one spelling. */
export function matchableIdentifiers(report: AdmittedReport | null): readonly string[] {
  if (report === null || isMisconduct(report)) return []
  return [...fingerprint(matchTextOf(report)).identifiers]
    .filter((one) => one.length <= MATCH_IDENTIFIER_LENGTH_MAX)
    .sort()
}

export function isMisconduct({ stated }: AdmittedReport): boolean {
  return stated?.kind === 'misconduct'
}

export type WhyNoMatch =
  | 'noReport'
  | 'misconduct'
  | 'notInReport'
  | 'nothingToMatch'
  | 'tooManyIdentifiers'
  | 'stillWaiting'

/** May this be asked? The release decides whether it may leave. */
export function mayAskMatch(
  {
    report,
    matching,
  }: { readonly report: AdmittedReport | null; readonly matching: MatchingState },
  {
    recipient,
    identifiers,
  }: { readonly recipient: string; readonly identifiers: readonly string[] },
): Decision<null, WhyNoMatch> {
  if (report === null) return no('noReport')
  if (isMisconduct(report)) return no('misconduct')
  if (identifiers.length === 0) return no('nothingToMatch')
  if (identifiers.length > MATCH_IDENTIFIERS_MAX) return no('tooManyIdentifiers')
  const known = new Set(matchableIdentifiers(report))
  if (!identifiers.every((one) => known.has(one))) return no('notInReport')
  const isWaiting = (one: MatchQuestion) => one.recipient === recipient && one.answer === null
  if (matching.questions.some(isWaiting)) return no('stillWaiting')
  return permit(null)
}

/** The question that this answer belongs to; undefined: nobody asked, or it was answered. */
export function openQuestion(
  { questions }: MatchingState,
  { releaseId, from }: { readonly releaseId: string; readonly from: string },
): MatchQuestion | undefined {
  return questions.find(
    (one) => one.releaseId === releaseId && one.recipient === from && one.answer === null,
  )
}

const TYPES: Readonly<Record<MatchingEvent['type'], true>> = {
  matchAsked: true,
  matchAnswered: true,
  matchCompared: true,
}

export function isMatchingEvent(event: { readonly type: string }): event is MatchingEvent {
  return Object.hasOwn(TYPES, event.type)
}

export function foldMatching(
  state: MatchingState,
  { event, at }: { readonly event: MatchingEvent; readonly at: Instant },
): MatchingState {
  switch (event.type) {
    case 'matchAsked': {
      const { type: _, ...question } = event
      const asked = { ...question, askedAt: at, answer: null }
      return { ...state, questions: [...state.questions, asked] }
    }
    case 'matchAnswered': {
      const { releaseId, hits } = event
      const isIt = (one: MatchQuestion) => one.releaseId === releaseId
      const answered = (one: MatchQuestion) => ({ ...one, answer: { hits, at } })
      return { ...state, questions: changeWhere(state.questions, isIt, answered) }
    }
    case 'matchCompared':
      return { ...state, compared: [...state.compared, { from: event.from, at }] }
  }
}

const TEXTS: Readonly<Record<WhyNoMatch, string>> = {
  noReport: 'A report is admitted first.',
  misconduct: 'A report of misconduct is matched with nobody.',
  notInReport: 'Only identifiers that the report names are matched.',
  nothingToMatch: 'The report names no CVE, GHSA, GCVE, AVID or AIID identifier.',
  tooManyIdentifiers: `At most ${MATCH_IDENTIFIERS_MAX} identifiers are asked at once.`,
  stillWaiting: 'The last question to this authority is not answered yet.',
}

function no(why: WhyNoMatch): Refusal<WhyNoMatch> {
  return refuse(why, { rule: `matching:${why}`, text: TEXTS[why] })
}
