/**
 * What the mailbox tells the reporter beside the messages: how credit stands, and what
 * became of appeals. Of the case it says nothing else, and it names no officer.
 */
import { type CalendarDate, utcDateOf, utcMonthOf } from '../base/time.ts'
import type { CaseState } from '../core/case/case.ts'
import { agreedCredit, publicCredit } from '../core/disclosure/recognition.ts'
import {
  APPEAL_SUBJECTS,
  type AppealOutcome,
  type AppealSubject,
  type CreditRole,
  type ShownAs,
} from '../core/disclosure/recognition-events.ts'
import type { ReporterAppeal } from '../core/disclosure/recognition-state.ts'
import { mayAppeal } from '../core/disclosure/reporter-appeal.ts'
import type { Kernel } from './kernel.ts'
import type { Filing } from './ports/filings.ts'
import { appealFactsOf, creditFactsOf, waitingFacts } from './recognition-facts.ts'

export type ReporterVoice = {
  /** Null: nobody has opened the report, or it is one of misconduct. */
  readonly credit: {
    readonly shownAs: ShownAs
    readonly name: string
    /** For what an officer wants to thank; empty: nobody has said so. */
    readonly roles: readonly CreditRole[]
    /** Both said the same name. */
    readonly isAgreed: boolean
    /** The certificate, once the line is public; null: not yet. */
    readonly creditId: string | null
  } | null
  readonly appeals: readonly AppealToldOf[]
  /** What there is to appeal against now. */
  readonly mayAppeal: readonly AppealSubject[]
}

export type AppealToldOf = {
  readonly about: AppealSubject
  readonly on: CalendarDate
  readonly dueOn: CalendarDate
  readonly outcome: AppealOutcome | null
  readonly decidedOn: CalendarDate | null
  readonly reasons: string | null
  readonly answerBy: CalendarDate | null
  /** Who stands above the authority, where nobody of it is independent. */
  readonly escalated: { readonly body: string; readonly address: string } | null
}

export function voiceOf(
  { clocks }: Pick<Kernel, 'clocks'>,
  { acceptedReceipt }: Pick<Filing, 'acceptedReceipt'>,
  state: CaseState | undefined,
): ReporterVoice {
  const now = clocks.caseNow()
  const facts = state ? appealFactsOf(state) : waitingFacts(acceptedReceipt.receipt.clocks)
  const may = (about: AppealSubject) =>
    mayAppeal(facts, about, utcDateOf(now)).decision === 'permit'
  return {
    credit: state ? creditOf(state, utcMonthOf(now)) : null,
    appeals: state?.recognition.appeals.map(toldOf) ?? [],
    mayAppeal: APPEAL_SUBJECTS.filter(may),
  }
}

function creditOf(state: CaseState, month: string): ReporterVoice['credit'] {
  const facts = creditFactsOf(state)
  if (facts.isMisconduct) return null
  const { choice, credit } = state.recognition
  const line = publicCredit(facts)
  return {
    shownAs: choice?.shownAs ?? 'nothing',
    name: choice?.name ?? '',
    roles: credit?.roles ?? [],
    isAgreed: agreedCredit(facts) !== undefined,
    creditId: line && line.month < month ? line.creditId : null,
  }
}

function toldOf({ about, filedAt, dueAt, decided, escalated }: ReporterAppeal): AppealToldOf {
  return {
    about,
    on: utcDateOf(filedAt),
    dueOn: utcDateOf(dueAt),
    outcome: decided?.outcome ?? null,
    decidedOn: decided ? utcDateOf(decided.at) : null,
    reasons: decided?.reasons ?? null,
    answerBy: decided?.answerBy ? utcDateOf(decided.answerBy) : null,
    escalated: escalated ? { body: escalated.body, address: escalated.address } : null,
  }
}
