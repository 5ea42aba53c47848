/**
 * Words against values, where a machine can compare them: a period that the text gives in
 * digits ("within 30 days") and the period that the value gives.
 *
 * Most of what words can say differently it does not see; people read both.
 */
import type { Clause } from '../clause.ts'
import type { AgreementDocument } from '../document.ts'
import { type LintContext, type LintFinding, warning } from './finding.ts'

export function lintWords(
  { clauses, emergencyClause }: AgreementDocument,
  _context: LintContext,
): readonly LintFinding[] {
  const found = clauses.flatMap((clause) =>
    periodsOf(clause).flatMap((days) => disagreement(clause, days, 'day')),
  )
  const emergency = clauses.find(({ id }) => id === emergencyClause?.clause)
  if (!emergency || emergencyClause === null) return found
  return [...found, ...disagreement(emergency, emergencyClause.postReviewWithinHours, 'hour')]
}

function periodsOf(clause: Clause): readonly number[] {
  switch (clause.kind) {
    case 'duty':
      return 'withinDays' in clause.duty ? [clause.duty.withinDays] : []
    case 'rapidAmendment':
    case 'membership':
      return [clause.noticeDays]
    case 'confidentiality':
      return [clause.survivesDays]
    case 'dispute':
      return clause.steps.length === 1 ? clause.steps.map(({ withinDays }) => withinDays) : []
    default:
      return []
  }
}

function disagreement(clause: Clause, value: number, unit: 'day' | 'hour'): LintFinding[] {
  const said = [...clause.text.matchAll(new RegExp(`(\\d{1,5}) ${unit}s?\\b`, 'g'))]
  const numbers = said.map(([, digits]) => Number(digits))
  if (numbers.length === 0 || numbers.includes(value)) return []
  const text = `The words of clause ${clause.id} say ${numbers.join(' and ')} ${unit}s, its value says ${value}: a machine follows the value.`
  return [warning('wordsDiffer', `clauses/${clause.id}`, text)]
}
