/** Lists across streams: projections, rebuilt at will, never the truth. */

import type { Json } from '../../base/canonical-json.ts'
import type { CalendarDate, Instant } from '../../base/time.ts'
import type { CaseForAccess } from '../../core/access/case-access.ts'
import type { AgreementDocument } from '../../core/agreement/document.ts'
import type { Population } from '../../core/oversight/oversight.ts'
import type { DisclosureFacts } from './disclosure-facts.ts'
import type { PublicTexts } from './public-texts.ts'
import type { ReceivedViewPlace } from './received-views.ts'
import type { Thanks } from './thanks.ts'

export type CaseRow = {
  readonly id: string
  readonly title: string
  readonly lead: string
  /** The lead's own id of the case, where the lead is a peer. */
  readonly leadCaseId: string | undefined
  readonly phase: string
  readonly priority: string | undefined
  readonly isUnderEmbargo: boolean
  readonly openedAt: Instant
  readonly changedAt: Instant
}

/** A clock of a case, as it was last computed. */
export type ClockRow = {
  readonly caseId: string
  readonly caseTitle: string
  readonly caseOpenedAt: Instant
  /** `<instrument id>/<clock id>`. */
  readonly clock: string
  /** `null` where it was computed before legal orders were listed. */
  readonly legalOrder: string | null
  readonly state: string
  /** RFC 9557, exclusive: the first moment that is too late. */
  readonly strictDue: string | null
  readonly legalDue: string | null
}

export type AgreementRow = {
  readonly id: string
  readonly state: string
  readonly digest: string
  readonly document: AgreementDocument
}

export type PublicationRow = {
  readonly trackingId: string
  readonly publishedAt: Instant
  readonly document: Json
}

export type CountRow = { readonly measure: string; readonly key: string; readonly count: number }

/** Filings of one day that no case has. */
export type WaitingFilings = {
  readonly filedOn: CalendarDate
  /** Nobody could open them, and they were closed. */
  readonly closedOn: CalendarDate | null
  readonly count: number
}

/** For oversight: how often each act was permitted and refused, and by which rules. */
export type DecisionCounts = {
  readonly since: Instant | undefined
  readonly acts: readonly {
    readonly act: string
    readonly permitted: number
    readonly refused: number
  }[]
  readonly refusals: readonly { readonly rule: string; readonly count: number }[]
}

/** A duty that travels with a release, of either side. */
export type DutyRow = {
  readonly caseId: string
  readonly caseTitle: string
  readonly caseOpenedAt: Instant
  readonly releaseId: string
  readonly dutyId: string
  /** Null in rows from before it was kept. */
  readonly kind: string | null
  readonly otherSide: string | null
  readonly isOwedByUs: boolean
  readonly state: string
  readonly dueAt: Instant | null
  readonly dischargedAt: Instant | null
  readonly breachedAt: Instant | null
}

export const DUE_KINDS = [
  'records',
  'consultation',
  'remedy',
  'followUp',
  'embargoAnswer',
  'reporterFeedback',
  'protection',
  'reporterAppeal',
  'appealAnswer',
  'playbookItem',
] as const
export type DueKind = (typeof DUE_KINDS)[number]

/** Something of a case that is open and has a day, beside its clocks and duties. */
export type DueRow = {
  readonly caseId: string
  readonly caseTitle: string
  readonly caseOpenedAt: Instant
  readonly kind: DueKind
  readonly subjectId: string
  readonly dueAt: Instant
  /** Nobody but an officer says that this is the day. */
  readonly isToConfirm: boolean
}

/** A file that follows a release and has not arrived. */
export type TransferRow = {
  readonly caseId: string
  readonly releaseId: string
  /** Node id of the other side. */
  readonly peer: string
  /** To a peer; false: from one. */
  readonly isOurs: boolean
  /** Of the plaintext. */
  readonly sizeBytes: number
  readonly begunAt: Instant
}

export type Registers = {
  /** Of the cases that `sees` lets through, what is open: the first 1,000, the next day first. */
  dues(sees: (resource: CaseForAccess) => boolean): Promise<readonly DueRow[]>
  /** The oldest 1,000 from each peer and to each, or those of one release. */
  transfers(releaseId?: string): Promise<readonly TransferRow[]>
  /** Of the cases that `sees` lets through: the first 1,000, the next day first. */
  duties(
    sees: (resource: CaseForAccess) => boolean,
    is: (row: DutyRow) => boolean,
  ): Promise<readonly DutyRow[]>
  /** Cases with exhibits to be destroyed by then, and destroyed ones whose key is still there. */
  exhibitsToDestroy(
    now: Instant,
  ): Promise<{ readonly due: readonly string[]; readonly left: readonly string[] }>
  /** What peers showed, whose deletion is recorded and whose key is still there. */
  viewsToDestroy(): Promise<readonly ReceivedViewPlace[]>
  /** Where the day of a duty has passed without a discharge or a recorded breach. */
  casesWithDutiesDue(now: Instant): Promise<readonly string[]>
  /** The newest 500 of those that `sees` lets through. */
  cases(sees: (resource: CaseForAccess) => boolean): Promise<readonly CaseRow[]>
  /**
   * Of the cases that `sees` lets through, the clocks that are wanted: the first 1,000 by
   * date, undated ones last. Those in the states of `without` are not even read.
   */
  clocks(
    sees: (resource: CaseForAccess) => boolean,
    wanted: { readonly without: readonly string[]; readonly is: (row: ClockRow) => boolean },
  ): Promise<readonly ClockRow[]>
  agreements(): Promise<readonly AgreementRow[]>
  publications(): Promise<readonly PublicationRow[]>
  publication(trackingId: string): Promise<PublicationRow | undefined>
  readonly publicTexts: PublicTexts
  readonly thanks: Thanks
  signOffs(): Promise<
    readonly {
      readonly pack: string
      readonly version: string
      readonly officers: number
      readonly simulated: boolean
    }[]
  >
  /** At most 100 cases with identifiers released to this peer for matching, by id. */
  casesToMatch(peer: string): Promise<readonly string[]>
  /** Ids of the cases that `sees` keeps back, for counts. */
  hiddenCases(sees: (resource: CaseForAccess) => boolean): Promise<readonly string[]>
  /** Ids of cases with a release in an emergency whose hours were over at `now`, unvalidated. */
  overdueEmergencies(now: Instant): Promise<readonly string[]>
  /** Ids of the cases led by `lead` in which an answer about an embargo was due at `now`. */
  silentInvitations(lead: string, now: Instant): Promise<readonly string[]>
  /** Exact counts without the hidden cases. Whoever publishes them suppresses small cells first. */
  counts(now: Instant, hidden?: readonly string[]): Promise<readonly CountRow[]>
  /** What the figures of disclosure are counted from, for the public door too. */
  disclosureRecord(): Promise<{
    readonly facts: readonly DisclosureFacts[]
    readonly waiting: readonly WaitingFilings[]
  }>
  /**
   * For a draw of oversight: every case, or every place in one (`<case id>/<version>`, or
   * `<case id>/<person>` of a notice that is delayed now), of the period, sorted. At most
   * one more than a draw may hold.
   */
  drawList(
    population: Population,
    period: { readonly from: Instant; readonly until: Instant },
  ): Promise<readonly string[]>
  /** Exact too, for the workspace alone. */
  decisionCounts(hidden?: readonly string[]): Promise<DecisionCounts>
}
