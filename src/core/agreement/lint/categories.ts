/** Categories that nobody may receive, and how personal data is guarded. */
import type { Clause, ClauseOf } from '../clause.ts'
import type { AgreementDocument, DataCategory } from '../document.ts'
import { error, type LintContext, type LintFinding, note, warning } from './finding.ts'
import { permitsOf, waysOf } from './ways.ts'

export function lintCategories(
  document: AgreementDocument,
  _context: LintContext,
): readonly LintFinding[] {
  return [
    ...unreceivedFindings(document),
    ...permitsOf(document).flatMap((clause) => dutyFindings(document, clause)),
    ...instrumentClauseFindings(document),
    ...document.categories.flatMap(reviewFindings),
    ...handlingFindings(document),
    ...consentFindings(document),
  ]
}

function unreceivedFindings(document: AgreementDocument): readonly LintFinding[] {
  const received = new Set(
    waysOf(document).flatMap(({ category, bar }) => (bar === null ? [category] : [])),
  )
  return document.categories
    .filter(({ id, releasable }) => releasable && !received.has(id))
    .map(({ id }) =>
      warning(
        'nobodyReceives',
        'categories',
        `${id} is called releasable, and nobody may ever receive it.`,
      ),
    )
}

const ENDING = ['deleteBy', 'returnBy']

function dutyFindings(
  document: AgreementDocument,
  clause: ClauseOf<'permitRelease'>,
): readonly LintFinding[] {
  const personal = personalOf(document, clause.categories)
  if (personal.length === 0) return []
  const owed = document.clauses.flatMap((each) =>
    each.kind === 'duty' && clause.duties.includes(each.id) ? [each.duty] : [],
  )
  const kinds = owed.map(({ kind }) => kind)
  const what = `Clause ${clause.id} permits personal data (${personal.join(', ')})`
  const where = `clauses/${clause.id}`
  const periods = owed.flatMap((duty) =>
    'withinDays' in duty && ENDING.includes(duty.kind) ? [duty.withinDays] : [],
  )
  const { deleteAfterDays } = document.retention
  const isLonger = periods.length > 0 && Math.min(...periods) > deleteAfterDays
  const longer = `${what} to be kept for ${Math.min(...periods)} days, longer than the ${deleteAfterDays} days of the rule on retention.`
  return [
    ...(kinds.some((kind) => ENDING.includes(kind))
      ? []
      : [error('noDeletionDuty', where, `${what} without a duty to delete or return it.`)]),
    ...(isLonger ? [error('retentionContradicts', where, longer)] : []),
    ...(kinds.includes('noOnwardTransfer')
      ? []
      : [warning('noOnwardDuty', where, `${what} without a duty not to pass it on.`)]),
    ...(kinds.includes('notifyPerson')
      ? []
      : [warning('noNoticeDuty', where, `${what} without a duty to tell the persons.`)]),
  ]
}

/** The engine asks for an instrument only where a clause says so. */
function instrumentClauseFindings(document: AgreementDocument): readonly LintFinding[] {
  if (document.clauses.some(({ kind }) => kind === 'requireTransferInstrument')) return []
  const leaving = waysOf(document).filter(
    ({ from, to, category, bar }) =>
      bar === null &&
      from.legalOrder !== to.legalOrder &&
      personalOf(document, [category]).length > 0,
  )
  if (leaving.length === 0) return []
  const ids = [...new Set(leaving.map(({ category }) => category))]
  const text = `Personal data (${ids.join(', ')}) may go to another legal order, and no clause requires a transfer instrument.`
  return [error('instrumentClauseMissing', 'clauses', text)]
}

function reviewFindings(category: DataCategory): readonly LintFinding[] {
  if (!category.personal || !category.releasable || category.reviewRequired) return []
  const text = `${category.id} holds personal data and leaves without an independent review.`
  return [warning('personalUnreviewed', 'categories', text)]
}

function handlingFindings(document: AgreementDocument): readonly LintFinding[] {
  const handling = document.clauses.filter((clause) => clause.kind === 'handling')
  const twice = document.categories.filter(
    ({ id }) => handling.filter(({ categories }) => categories.includes(id)).length > 1,
  )
  const open = document.categories.filter(({ personal }) => personal).map(({ id }) => id)
  const wide = handling.filter(
    ({ tlp, categories }) =>
      (tlp === 'CLEAR' || tlp === 'GREEN') && categories.some((id) => open.includes(id)),
  )
  return [
    ...redFindings(document),
    ...twice.map(({ id }) =>
      warning(
        'handlingTwice',
        'categories',
        `Two handling clauses mark ${id}: which of them holds?`,
      ),
    ),
    ...wide.map((clause) =>
      error(
        'personalShownWidely',
        at(clause),
        `Clause ${clause.id} lets personal data be shown beyond the recipient (TLP:${clause.tlp}).`,
      ),
    ),
  ]
}

/** RED is for named persons; a release goes to an authority, so it never is one. */
function redFindings(document: AgreementDocument): readonly LintFinding[] {
  const permitted = new Set(permitsOf(document).flatMap(({ categories }) => categories))
  const handling = document.clauses.filter((clause) => clause.kind === 'handling')
  const marked = new Set(handling.flatMap(({ categories }) => categories))
  const say = (where: string, ids: readonly string[]) => {
    const text = `What is marked TLP:RED never leaves as a release, and clauses permit ${ids.join(', ')}.`
    return ids.length === 0 ? [] : [error('redNeverLeaves', where, text)]
  }
  const unmarked =
    document.handling.tlp === 'RED' ? [...permitted].filter((id) => !marked.has(id)) : []
  return [
    ...say('handling', unmarked),
    ...handling
      .filter(({ tlp }) => tlp === 'RED')
      .flatMap((clause) =>
        say(
          at(clause),
          clause.categories.filter((id) => permitted.has(id)),
        ),
      ),
  ]
}

function consentFindings(document: AgreementDocument): readonly LintFinding[] {
  return document.clauses.flatMap((clause) => {
    if (clause.kind !== 'requireConsent') return []
    const personal = personalOf(document, clause.categories)
    const nobody = clause.categories.filter((id) => !personal.includes(id))
    const text = `Clause ${clause.id} asks for the consent of nobody: ${nobody.join(', ')} holds no personal data.`
    return nobody.length === 0 ? [] : [note('consentOfNobody', at(clause), text)]
  })
}

function personalOf(document: AgreementDocument, ids: readonly string[]): readonly string[] {
  const personal = document.categories.filter((category) => category.personal)
  return ids.filter((id) => personal.some((category) => category.id === id))
}

function at({ id }: Clause): string {
  return `clauses/${id}`
}
