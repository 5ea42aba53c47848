/** Triage of a case's report: admission, terms and priority, folded from their events. */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Acting, Recorded } from '../case/recorded.ts'
import type { AdmittedReport } from './admitted-report.ts'
import type { FilingClock } from './filing-clocks.ts'
import type { DuplicateJudged } from './judge-duplicate.ts'
import {
  foldMatching,
  isMatchingEvent,
  type MatchingEvent,
  type MatchingState,
  noMatching,
} from './matching.ts'
import type { PriorityComputed, PriorityDecided } from './priority.ts'
import type { CvssScored } from './score-cvss.ts'
import type { TaxonomyAssigned, Term } from './taxonomy.ts'

export type ReportAdmitted = {
  readonly type: 'reportAdmitted'
  readonly report: AdmittedReport
  /** The filing or import it was admitted from; null if there is none. */
  readonly filingId: string | null
  /** What the receipt of the filing promises the reporter; absent in events of before. */
  readonly owed?: readonly FilingClock[]
}

export type TriageEvent =
  | ReportAdmitted
  | TaxonomyAssigned
  | PriorityComputed
  | PriorityDecided
  | CvssScored
  | DuplicateJudged
  | MatchingEvent

export type TriageState = {
  readonly report: AdmittedReport | null
  readonly filingId: string | null
  readonly owed: readonly FilingClock[]
  readonly admittedAt: Instant | null
  readonly admittedBy: string | null
  readonly terms: readonly Term[]
  /** What the table said last. */
  readonly computed: PriorityComputed | null
  /** What a person decided on it; null again once it is computed anew. */
  readonly decided: (PriorityDecided & { readonly by: string; readonly at: Instant }) | null
  /** The vector recorded last. */
  readonly cvss: CvssScored | null
  /** What was said about other cases of this node; the last word on each. */
  readonly comparisons: readonly (DuplicateJudged & { readonly by: string; readonly at: Instant })[]
  /** What was asked of other nodes, and how often they asked. */
  readonly matching: MatchingState
}

export const initialTriage: TriageState = {
  report: null,
  filingId: null,
  owed: [],
  admittedAt: null,
  admittedBy: null,
  terms: [],
  computed: null,
  decided: null,
  cvss: null,
  comparisons: [],
  matching: noMatching,
}

export function foldTriage(state: TriageState, recorded: Recorded<TriageEvent>): TriageState {
  const { event, at, by } = recorded
  if (isMatchingEvent(event))
    return { ...state, matching: foldMatching(state.matching, { event, at }) }
  switch (event.type) {
    case 'reportAdmitted': {
      const { report, filingId, owed = [] } = event
      return { ...state, report, filingId, owed, admittedAt: at, admittedBy: by }
    }
    case 'taxonomyAssigned':
      return { ...state, terms: event.terms }
    case 'priorityComputed':
      return { ...state, computed: event, decided: null }
    case 'priorityDecided':
      return { ...state, decided: { ...event, by, at } }
    case 'cvssScored':
      return { ...state, cvss: event }
    case 'duplicateJudged': {
      const others = state.comparisons.filter(
        ({ otherCaseId }) => otherCaseId !== event.otherCaseId,
      )
      return { ...state, comparisons: [...others, { ...event, by, at }] }
    }
    default:
      // The case's stream holds events of other areas too.
      return state
  }
}

export type AdmitReport = Pick<ReportAdmitted, 'report' | 'owed'> & { readonly filingId?: string }

/** Takes a report into the case. A case has one report; another one is linked or opens its own. */
export function admitReport(
  state: TriageState,
  { report, filingId = '', owed }: AdmitReport,
  _acting: Acting,
): Decision<readonly ReportAdmitted[], 'alreadyAdmitted'> {
  if (state.report !== null) {
    const text = 'A case has one report; a further one opens its own case.'
    return refuse('alreadyAdmitted', { rule: 'triage.oneReport', text })
  }
  const origin = { filingId: filingId === '' ? null : filingId, ...(owed ? { owed } : {}) }
  return permit([{ type: 'reportAdmitted', report, ...origin }])
}
