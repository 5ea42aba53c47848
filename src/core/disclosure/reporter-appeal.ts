/**
 * An appeal of the reporter: against a rejection, against delay, about credit. It is decided
 * by an officer who took no part in what is appealed; where nobody is left, it says so and
 * names who stands above the authority. A reversal has an effect of its own.
 *
 * The period is this software's own proposal, of no law.
 */
import { type Decision, permit, type Refusal, refuse } from '../../base/decision.ts'
import { addMs, type CalendarDate, DAY_MS, type Instant } from '../../base/time.ts'
import { isFullReason } from '../case/reason.ts'
import type { Acting } from '../case/recorded.ts'
import { type FilingClock, stoppedOn, type Told } from '../triage/filing-clocks.ts'
import type { ReportState } from './machines.ts'
import type { CreditFacts } from './recognition.ts'
import type {
  AppealOutcome,
  AppealSubject,
  CreditRole,
  ReporterAppealDecided,
  ReporterAppealEscalated,
  ReporterAppealed,
  ReportReopened,
} from './recognition-events.ts'
import type { RecognitionEvent, ReporterAppeal } from './recognition-state.ts'

/** One of these has who decides an appeal, beside having taken no part in the case. */
export const DECIDING_ROLES = ['caseOfficer', 'reviewer'] as const

export const APPEAL_DAYS = 30
/** After a reversal, or when it was sent back: until the reporter is answered. */
export const ANSWER_DAYS = 14
const APPEALS_MAX = 10

/** What the rules about appeals read of a case. */
export type AppealFacts = {
  readonly credit: CreditFacts
  /** Of the lead; undefined: it has no report. */
  readonly reportState: ReportState | undefined
  readonly participant: string
  readonly owed: readonly FilingClock[]
  readonly told: readonly Told[]
  /** Every officer who has done anything in the case. */
  readonly handlers: readonly string[]
}

export type WhyNoAppeal =
  | 'notRejected'
  | 'notLate'
  | 'nothingCredited'
  | 'misconduct'
  | 'alreadyAppealed'
  | 'tooManyAppeals'
  | 'unknownAppeal'
  | 'alreadyDecided'
  | 'notIndependent'
  | 'somebodyIsLeft'
  | 'reasonsMissing'
  | 'rolesMissing'
  | 'rolesNotAsked'

const REJECTED: readonly (ReportState | undefined)[] = ['invalid', 'deferred', 'closed']

/** Is there anything of this kind to appeal against? Asked of the mailbox too. */
export function mayAppeal(
  facts: AppealFacts,
  about: AppealSubject,
  today: CalendarDate,
): Decision<null, WhyNoAppeal> {
  const { appeals } = facts.credit.recognition
  if (appeals.some((one) => one.about === about && one.decided === null)) {
    return no('alreadyAppealed')
  }
  if (appeals.length >= APPEALS_MAX) return no('tooManyAppeals')
  switch (about) {
    case 'rejection': {
      const isTold = facts.told.some(({ kind }) => kind === 'closed')
      return REJECTED.includes(facts.reportState) || isTold ? permit(null) : no('notRejected')
    }
    case 'delay': {
      const isLate = (one: FilingClock) => one.dueOn < today && stoppedOn(one, facts.told) === null
      return facts.owed.some(isLate) ? permit(null) : no('notLate')
    }
    case 'credit': {
      const { isMisconduct, publishedAt, recognition } = facts.credit
      if (isMisconduct) return no('misconduct')
      const isSomething = publishedAt !== null || recognition.credit !== null
      return isSomething ? permit(null) : no('nothingCredited')
    }
  }
}

export type FileAppeal = {
  readonly appealId: string
  readonly about: AppealSubject
  readonly now: Instant
  /** Officers who may decide, the fittest first: not barred by anything outside the case. */
  readonly able: readonly string[]
  readonly escalation: { readonly body: string; readonly address: string }
}

const ASKED_MAX = 3

export function fileAppeal(
  { handlers }: Pick<AppealFacts, 'handlers'>,
  { appealId, about, now, able, escalation }: FileAppeal,
): readonly (ReporterAppealed | ReporterAppealEscalated)[] {
  const barred = [...new Set(handlers)].sort()
  const asked = able.filter((id) => !barred.includes(id)).slice(0, ASKED_MAX)
  const dueAt = addMs(now, APPEAL_DAYS * DAY_MS)
  const filed = { type: 'reporterAppealed', appealId, about, dueAt, barred, asked } as const
  if (asked.length > 0) return [filed]
  return [filed, { type: 'reporterAppealEscalated', appealId, ...escalation }]
}

/** Later, when those who were independent have left or took part. */
export function escalateAppeal(
  facts: AppealFacts,
  { appealId, able, escalation }: Pick<FileAppeal, 'appealId' | 'able' | 'escalation'>,
): Decision<readonly RecognitionEvent[], WhyNoAppeal> {
  const appeal = openAppeal(facts, appealId)
  if ('decision' in appeal) return appeal
  if (appeal.escalated) return no('alreadyDecided')
  if (able.some((id) => isIndependent(facts, appeal, id))) return no('somebodyIsLeft')
  return permit([{ type: 'reporterAppealEscalated', appealId, ...escalation }])
}

export type DecideAppeal = {
  readonly appealId: string
  readonly outcome: AppealOutcome
  readonly reasons: string
  /** Of an appeal about credit that is reversed: for what the reporter is thanked. */
  readonly roles: readonly CreditRole[]
  /** Used if nothing was credited before. */
  readonly creditId: string
}

export function decideAppeal(
  facts: AppealFacts,
  { appealId, outcome, reasons, roles, creditId }: DecideAppeal,
  { officer, inPlaceOf, now }: Acting,
): Decision<readonly (RecognitionEvent | ReportReopened)[], WhyNoAppeal> {
  const appeal = openAppeal(facts, appealId)
  if ('decision' in appeal) return appeal
  const sides = [officer, ...(inPlaceOf ? [inPlaceOf] : [])]
  if (!sides.every((id) => isIndependent(facts, appeal, id))) return no('notIndependent')
  if (!isFullReason(reasons)) return no('reasonsMissing')
  const isCredited = appeal.about === 'credit' && outcome === 'reversed'
  if (isCredited !== roles.length > 0) return no(isCredited ? 'rolesMissing' : 'rolesNotAsked')
  const isOwed = outcome === 'sentBack' || (outcome === 'reversed' && !isCredited)
  const decided: ReporterAppealDecided = {
    ...{ type: 'reporterAppealDecided', appealId, outcome, reasons },
    answerBy: isOwed ? addMs(now, ANSWER_DAYS * DAY_MS) : null,
  }
  return permit(
    outcome === 'reversed' ? [decided, ...effect(facts, appeal, roles, creditId)] : [decided],
  )
}

/** What a reversal changes at once, beside the answer that is owed. */
function effect(
  { credit: facts, reportState, participant }: AppealFacts,
  { about, appealId }: ReporterAppeal,
  roles: readonly CreditRole[],
  creditId: string,
): readonly (RecognitionEvent | ReportReopened)[] {
  if (about === 'rejection' && reportState && REJECTED.includes(reportState)) {
    return [{ type: 'reportReopened', participant, appealId, from: reportState }]
  }
  if (about !== 'credit') return []
  const { credit, choice } = facts.recognition
  const credited = { roles: [...new Set(roles)].sort(), name: choice?.name ?? null }
  return [{ type: 'creditSet', creditId: credit?.creditId ?? creditId, ...credited }]
}

/** Took no part before the appeal, nor after it. */
export function isIndependent(
  { handlers }: Pick<AppealFacts, 'handlers'>,
  { barred }: Pick<ReporterAppeal, 'barred'>,
  officer: string,
): boolean {
  return !barred.includes(officer) && !handlers.includes(officer)
}

function openAppeal(facts: AppealFacts, id: string): ReporterAppeal | Refusal<WhyNoAppeal> {
  const appeal = facts.credit.recognition.appeals.find(({ appealId }) => appealId === id)
  if (appeal === undefined) return no('unknownAppeal')
  return appeal.decided === null ? appeal : no('alreadyDecided')
}

const TEXTS: Readonly<Record<WhyNoAppeal, string>> = {
  notRejected: 'nothing was rejected',
  notLate: 'no period towards the reporter has run out',
  nothingCredited: 'nothing was published or credited yet',
  misconduct: 'who reported misconduct is never named in public',
  alreadyAppealed: 'an appeal about this is open',
  tooManyAppeals: `at most ${APPEALS_MAX} appeals are taken in a case`,
  unknownAppeal: 'there is no such appeal',
  alreadyDecided: 'it is decided, or with the authority above',
  notIndependent: 'whoever took part in what is appealed does not decide the appeal',
  somebodyIsLeft: 'somebody here is independent, so the appeal is decided here',
  reasonsMissing: 'an appeal is decided with reasons that the reporter reads',
  rolesMissing: 'say for what the reporter is thanked',
  rolesNotAsked: 'only an appeal about credit that is reversed says for what',
}

function no(why: WhyNoAppeal): Refusal<WhyNoAppeal> {
  return refuse(why, { rule: `reporterAppeal:${why}`, text: TEXTS[why] })
}
