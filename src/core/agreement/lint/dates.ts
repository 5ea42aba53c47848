/**
 * Dates and periods: sunset, review, retention, exemptions, phases, rapid amendments. The
 * lengths at which it warns are habits of careful drafting, and no law's.
 */
import { DAY_MS, type Instant, msOf } from '../../../base/time.ts'
import { AGREEMENT_PHASES } from '../clause.ts'
import type { AgreementDocument } from '../document.ts'
import { error, type LintContext, type LintFinding, note, warning } from './finding.ts'

const SUNSET_DAYS_MAX = 5 * 366
const REVIEW_DAYS_MAX = 2 * 366
const NOTICE_DAYS_MIN = 7

export function lintDates(
  document: AgreementDocument,
  { now }: LintContext,
): readonly LintFinding[] {
  return [
    ...lengthFindings(document, now),
    ...retentionFindings(document),
    ...exemptFindings(document, now),
    ...phaseOrderFindings(document),
    ...noticeFindings(document),
  ]
}

function lengthFindings(
  { validFromAt, reviewAt, sunsetAt }: AgreementDocument,
  now: Instant,
): readonly LintFinding[] {
  const years = (days: number) => `${Math.round(days / 366)} years`
  const [whole, first] = [daysFrom(validFromAt, sunsetAt), daysFrom(validFromAt, reviewAt)]
  const found: LintFinding[] = []
  if (whole > SUNSET_DAYS_MAX) {
    const text = `The sunset is more than ${years(SUNSET_DAYS_MAX)} after the start: nobody will know these terms any more.`
    found.push(warning('sunsetFar', 'sunsetAt', text))
  }
  if (first > REVIEW_DAYS_MAX) {
    const text = `The first review is more than ${years(REVIEW_DAYS_MAX)} after the start.`
    found.push(warning('reviewFar', 'reviewAt', text))
  }
  if (reviewAt === sunsetAt && whole > 30) {
    found.push(
      warning(
        'reviewAtSunset',
        'reviewAt',
        'The review comes with the sunset, too late to change anything.',
      ),
    )
  }
  if (reviewAt < now && now < sunsetAt) {
    found.push(note('reviewOverdue', 'reviewAt', `The review was due at ${reviewAt}.`))
  }
  return found
}

function retentionFindings({ clauses, retention }: AgreementDocument): readonly LintFinding[] {
  const clause = clauses.find(({ id }) => id === retention.clause)
  const days = retention.deleteAfterDays
  if (clause?.kind !== 'duty' || clause.duty.kind !== 'deleteBy') {
    const text = `The rule on retention points at clause ${retention.clause}, which is no duty to delete.`
    return [warning('retentionNoDuty', 'retention', text)]
  }
  if (clause.duty.withinDays === days) return []
  const text = `Retention says ${days} days, and its clause ${clause.id} says ${clause.duty.withinDays}.`
  return [error('retentionContradicts', 'retention', text)]
}

function exemptFindings(
  { clauses, validFromAt, sunsetAt }: AgreementDocument,
  now: Instant,
): readonly LintFinding[] {
  return clauses.flatMap((clause) => {
    if (clause.kind !== 'exempt') return []
    const where = `clauses/${clause.id}`
    const named = clause.clauses.join(', ')
    if (clause.until >= sunsetAt) {
      const text = `Clause ${clause.id} exempts from ${named} for as long as the agreement lasts: those clauses never bind.`
      return [error('exemptAlways', where, text)]
    }
    if (clause.until <= now && validFromAt <= now) {
      return [
        note('exemptOver', where, `The exemption of clause ${clause.id} ended at ${clause.until}.`),
      ]
    }
    return [note('exemptUntil', where, `Clause ${named} does not bind until ${clause.until}.`)]
  })
}

function phaseOrderFindings({ clauses }: AgreementDocument): readonly LintFinding[] {
  const phases = clauses
    .filter((clause) => clause.kind === 'phase')
    .toSorted((a, b) => (a.fromAt < b.fromAt ? -1 : 1))
  const back = phases.find(
    ({ phase }, n) => n > 0 && rank(phase) < rank(phases[n - 1]?.phase ?? phase),
  )
  if (!back) return []
  const text = `Clause ${back.id} goes back to the phase ${back.phase}.`
  return [warning('phasesBackwards', `clauses/${back.id}`, text)]
}

function rank(phase: (typeof AGREEMENT_PHASES)[number]): number {
  return AGREEMENT_PHASES.indexOf(phase)
}

function noticeFindings({ clauses }: AgreementDocument): readonly LintFinding[] {
  return clauses.flatMap((clause) => {
    if (clause.kind !== 'rapidAmendment' || clause.noticeDays >= NOTICE_DAYS_MIN) return []
    const text = `Clause ${clause.id} lets ${clause.members.join(', ')} change after ${clause.noticeDays} days: hardly time to object.`
    return [warning('noticeShort', `clauses/${clause.id}`, text)]
  })
}

function daysFrom(first: Instant, last: Instant): number {
  return (msOf(last) - msOf(first)) / DAY_MS
}
