/**
 * What an officer says about another case of this node: the same report, a related one,
 * or neither. It closes and merges nothing. The event keeps which kinds of signs there
 * were, not what they say: the other case may be closed to readers of this one.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import { isReason } from '../case/reason.ts'
import type { Acting } from '../case/recorded.ts'
import type { AdmittedReport } from './admitted-report.ts'
import type { Match, MatchReason } from './duplicates.ts'

export type Judgement = 'duplicate' | 'related' | 'different'

export type DuplicateJudged = {
  readonly type: 'duplicateJudged'
  readonly otherCaseId: string
  readonly judgement: Judgement
  /** What the comparison said, as advice. */
  readonly likeness: Match['likeness']
  readonly signs: readonly MatchReason[]
  readonly reason: string
}

export type JudgeDuplicate = {
  readonly caseId: string
  readonly otherCaseId: string
  readonly judgement: Judgement
  /** Asked for where the person says other than the comparison did. */
  readonly reason: string
  /** Undefined: no such case, one closed to this person, or one without a report of its own. */
  readonly match: Match | undefined
}

export function judgeDuplicate(
  state: { readonly report: AdmittedReport | null },
  { caseId, otherCaseId, judgement, reason, match }: JudgeDuplicate,
  acting: Acting,
): Decision<readonly DuplicateJudged[], keyof typeof rules> {
  if (acting.roles.length === 0) return refuse('personNeeded', rules.personNeeded)
  if (state.report === null) return refuse('noReport', rules.noReport)
  if (otherCaseId === caseId) return refuse('sameCase', rules.sameCase)
  if (match === undefined) return refuse('otherNotReadable', rules.otherNotReadable)
  const isAgainst = ADVISED[match.likeness] !== judgement
  if (isAgainst && !isReason(reason)) return refuse('reasonMissing', rules.reasonMissing)
  const signs = match.reasons.map((one) => one.reason)
  const { likeness } = match
  return permit([
    { type: 'duplicateJudged', otherCaseId, judgement, likeness, signs, reason: reason.trim() },
  ])
}

const ADVISED: Readonly<Record<Match['likeness'], Judgement>> = {
  same: 'duplicate',
  related: 'related',
  none: 'different',
}

const rules = {
  personNeeded: { rule: 'triage.personDecides', text: 'A score advises; a named person decides.' },
  noReport: { rule: 'triage.reportFirst', text: 'A report is admitted first.' },
  sameCase: { rule: 'triage.otherCase', text: 'A case is not compared with itself.' },
  otherNotReadable: {
    rule: 'triage.otherCaseReadable',
    text: 'The other case must have a report of its own that you may read.',
  },
  reasonMissing: {
    rule: 'triage.judgementReason',
    text: 'To say other than the comparison needs a reason of at least ten characters.',
  },
} as const
