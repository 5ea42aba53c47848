/**
 * The linter of agreements: everything a careful reader would say before signing.
 *
 * Faults of the document come first and alone: a text that contradicts itself cannot be
 * judged further. What the linter does not say is not thereby lawful.
 */
import type { AgreementDocument } from '../document.ts'
import { documentFaults } from '../document-faults.ts'
import { lintCategories } from './categories.ts'
import { lintDates } from './dates.ts'
import { error, LINT_SEVERITIES, type LintContext, type LintFinding } from './finding.ts'
import { lintLaw } from './law.ts'
import { lintPermits } from './permits.ts'
import { lintTerms } from './terms.ts'
import { areWaysFew } from './ways.ts'
import { lintWords } from './words.ts'

/** Errors first, then warnings, then notes; the same findings for the same document. */
export function lintAgreement(
  document: AgreementDocument,
  context: LintContext,
): readonly LintFinding[] {
  const faults = documentFaults(document).map(({ rule, text }) =>
    error('fault', rule.slice('agreement:'.length), text),
  )
  if (faults.length > 0) return faults
  if (!areWaysFew(document)) {
    const text = 'There are too many parties, categories and clauses to judge: split the agreement.'
    return [error('tooLarge', 'clauses', text)]
  }
  const findings = LINTS.flatMap((lint) => lint(document, context))
  const rank = ({ severity }: LintFinding) => LINT_SEVERITIES.indexOf(severity)
  return findings.toSorted((a, b) => rank(a) - rank(b))
}

const LINTS = [lintPermits, lintLaw, lintCategories, lintDates, lintTerms, lintWords] as const
