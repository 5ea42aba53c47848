/**
 * What the reporter and the authority say about credit, and appeals of the reporter. JSON
 * values only. The words of an appeal stay sealed in the mailbox; only what it is about
 * stands here.
 */
import type { Instant } from '../../base/time.ts'
import type { ReportState } from './machines.ts'

/** The kinds of credit of CVE JSON 5, without tools and the rest. */
export const CREDIT_ROLES = [
  'finder',
  'reporter',
  'analyst',
  'coordinator',
  'remediationDeveloper',
  'remediationReviewer',
  'remediationVerifier',
  'sponsor',
] as const
export type CreditRole = (typeof CREDIT_ROLES)[number]

export const SHOWN_AS = ['nothing', 'name', 'pseudonym'] as const
export type ShownAs = (typeof SHOWN_AS)[number]

/** By the reporter, in the mailbox: the name that may become public. */
export type CreditChosen = {
  readonly type: 'creditChosen'
  readonly shownAs: ShownAs
  /** Null: nothing is shown. */
  readonly name: string | null
}

/** By an officer: for what, and the name that was read. A later one takes its place. */
export type CreditSet = {
  readonly type: 'creditSet'
  /** Stays the same; the certificate is found by it. */
  readonly creditId: string
  readonly roles: readonly CreditRole[]
  readonly name: string | null
}

export const APPEAL_SUBJECTS = ['rejection', 'delay', 'credit'] as const
export type AppealSubject = (typeof APPEAL_SUBJECTS)[number]

/** By the reporter, in the mailbox; `appealId` is that of the sealed message. */
export type ReporterAppealed = {
  readonly type: 'reporterAppealed'
  readonly appealId: string
  readonly about: AppealSubject
  /** The authority's own period, of no law. */
  readonly dueAt: Instant
  /** Officer ids: whoever took part in what is appealed. They do not decide. */
  readonly barred: readonly string[]
  /** Officer ids: who got the task. Nobody: nobody here is independent. */
  readonly asked: readonly string[]
}

/** Nobody of this authority is independent: the reporter is told where to turn. */
export type ReporterAppealEscalated = {
  readonly type: 'reporterAppealEscalated'
  readonly appealId: string
  readonly body: string
  readonly address: string
}

/** `upheld`: the decision stands. `sentBack`: those who decided look again. */
export const APPEAL_OUTCOMES = ['upheld', 'reversed', 'sentBack'] as const
export type AppealOutcome = (typeof APPEAL_OUTCOMES)[number]

export type ReporterAppealDecided = {
  readonly type: 'reporterAppealDecided'
  readonly appealId: string
  readonly outcome: AppealOutcome
  /** The reasons, in words for the reporter, who reads them in the mailbox. */
  readonly reasons: string
  /** Until when the reporter gets an answer of those who have the case; null: none is owed. */
  readonly answerBy: Instant | null
}

/** On appeal. The machine of reports ends at closed: what is reopened begins anew. */
export type ReportReopened = {
  readonly type: 'reportReopened'
  readonly participant: string
  readonly appealId: string
  readonly from: ReportState
}
