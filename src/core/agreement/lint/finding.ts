/**
 * What the linter says of an agreement, and what it looks at.
 *
 * A finding is an opinion with a reason, never a refusal: `error` is what cannot be meant
 * so, or what a law forbids; `warning` what a careful drafter would change; `note` what a
 * reader should know. Periods that the linter calls long are habits, not law.
 */
import type { Instant } from '../../../base/time.ts'
import type { LawPack } from '../../law/pack.ts'

export const LINT_SEVERITIES = ['error', 'warning', 'note'] as const
export type LintSeverity = (typeof LINT_SEVERITIES)[number]

export type LintFinding = {
  readonly severity: LintSeverity
  /** Stable word for what was found; pages may translate by it. */
  readonly code: string
  /** `clauses/<id>` or a member of the document. */
  readonly where: string
  readonly text: string
  /** Citation, where a law says so. */
  readonly source?: string
}

export type LintContext = {
  readonly now: Instant
  /** Of the parties' legal orders; one without a pack is named, not judged. */
  readonly packs: readonly LawPack[]
  /** IRIs of the vocabulary that are known; empty: terms are not looked up. */
  readonly terms: ReadonlySet<string>
  /** Why a cosigning policy cannot be read or met; `undefined`: it can. */
  readonly quorumFault: (policy: string) => string | undefined
}

type Say = (code: string, where: string, text: string, source?: string) => LintFinding

export const error: Say = (...said) => finding('error', ...said)
export const warning: Say = (...said) => finding('warning', ...said)
export const note: Say = (...said) => finding('note', ...said)

function finding(severity: LintSeverity, ...said: Parameters<Say>): LintFinding {
  const [code, where, text, source] = said
  return { severity, code, where, text, ...(source === undefined ? {} : { source }) }
}
