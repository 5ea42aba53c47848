/** Clauses that can never permit anything, and clauses and words that nothing uses. */
import { factsOf } from '../../law/condition.ts'
import { type Clause, type ClauseOf, isUnderstood, notUnderstood } from '../clause.ts'
import { phaseAt } from '../clauses-in-effect.ts'
import type { AgreementDocument } from '../document.ts'
import { error, type LintContext, type LintFinding, note, warning } from './finding.ts'
import { reachOf } from './satisfiable.ts'
import { permitsOf, type Way, waysOf } from './ways.ts'

export function lintPermits(
  document: AgreementDocument,
  { now, packs }: LintContext,
): readonly LintFinding[] {
  const strange = document.clauses.filter((clause) => !isUnderstood(clause))
  const ways = waysOf(document)
  const asked = new Set(packs.flatMap(({ questions }) => Object.keys(questions)))
  return [
    ...strange.map(stopsEverything),
    ...endedFindings(document, now),
    ...permitsOf(document).flatMap((clause) => [
      ...barredFindings(clause, ways),
      ...phaseFindings(document, clause),
      ...conditionFindings(clause, asked),
    ]),
    ...unusedFindings(document),
  ]
}

function stopsEverything(clause: Clause): LintFinding {
  const text = `This version cannot decide by clause ${clause.id}, so the whole agreement permits nothing: ${notUnderstood(clause)}.`
  return error('notUnderstood', at(clause), text)
}

function endedFindings({ sunsetAt }: AgreementDocument, now: string): readonly LintFinding[] {
  if (now < sunsetAt) return []
  return [error('ended', 'sunsetAt', `The agreement ended at ${sunsetAt} and permits nothing.`)]
}

function barredFindings(
  clause: ClauseOf<'permitRelease'>,
  all: readonly Way[],
): readonly LintFinding[] {
  const ways = all.filter((way) => way.clause === clause)
  if (ways.length === 0) return []
  const shut = clause.categories.filter((id) =>
    ways.every(({ category, bar }) => category !== id || bar !== null),
  )
  if (shut.length === 0) return []
  const reasons = [...new Set(ways.filter(({ category }) => shut.includes(category)).map(barText))]
  const why = `${reasons.join(', and ')}.`
  return shut.length === clause.categories.length
    ? [error('neverPermits', at(clause), `Clause ${clause.id} can never permit anything: ${why}`)]
    : [
        warning(
          'categoryShut',
          at(clause),
          `Clause ${clause.id} can never permit ${shut.join(', ')}: ${why}`,
        ),
      ]
}

function barText({ bar, from, to, category }: Way): string {
  if (bar?.by === 'clause') return `clause ${bar.id} forbids ${category}`
  if (bar?.by === 'notReleasable') return `${category} is not releasable`
  return `no transfer instrument serves ${category} from ${from.legalOrder} to ${to.legalOrder}`
}

function phaseFindings(
  document: AgreementDocument,
  clause: ClauseOf<'permitRelease'>,
): readonly LintFinding[] {
  if (clause.phases === undefined) return []
  const starts = document.clauses.flatMap((each) =>
    each.kind === 'phase' && isUnderstood(each) && each.fromAt < document.sunsetAt
      ? [each.fromAt < document.validFromAt ? document.validFromAt : each.fromAt]
      : [],
  )
  const reached = starts.map((fromAt) => phaseAt(document, fromAt))
  if (clause.phases.some((phase) => reached.includes(phase))) return []
  const text = `Clause ${clause.id} can never permit anything: no phase clause ever starts ${clause.phases.join(' or ')}.`
  return [error('phaseNeverReached', at(clause), text)]
}

function conditionFindings(
  clause: ClauseOf<'permitRelease'>,
  asked: ReadonlySet<string>,
): readonly LintFinding[] {
  if (clause.when === undefined) return []
  const reach = reachOf(clause.when)
  if (reach === 'never') {
    const text = `Clause ${clause.id} can never permit anything: its condition contradicts itself.`
    return [error('conditionNeverHolds', at(clause), text)]
  }
  const unasked =
    asked.size === 0 ? [] : [...new Set(factsOf(clause.when))].filter((id) => !asked.has(id))
  const always = `The condition of clause ${clause.id} holds whatever the facts are, once they are recorded.`
  return [
    ...(reach === 'always' ? [warning('conditionAlwaysHolds', at(clause), always)] : []),
    ...unasked.map((fact) =>
      note(
        'factUnasked',
        at(clause),
        `No law pack of the parties asks for the fact ${fact}: officers must know to record it.`,
      ),
    ),
  ]
}

function unusedFindings({ clauses, purposes }: AgreementDocument): readonly LintFinding[] {
  const permits = clauses.filter((clause) => clause.kind === 'permitRelease')
  const used = new Set(permits.flatMap((clause) => clause.purposes))
  const owed = new Set(permits.flatMap((clause) => clause.duties))
  const idle = clauses.filter((clause) => clause.kind === 'duty' && !owed.has(clause.id))
  const usesPhases = permits.some(({ phases }) => phases !== undefined)
  const phases = clauses.filter(({ kind }) => kind === 'phase')
  const nothing = 'No clause permits a release of anything.'
  return [
    ...(permits.length === 0 ? [warning('permitsNothing', 'clauses', nothing)] : []),
    ...purposes
      .filter(({ id }) => !used.has(id))
      .map(({ id }) =>
        warning('purposeUnused', 'purposes', `No clause permits a release for the purpose ${id}.`),
      ),
    ...idle.map((clause) =>
      warning(
        'dutyUnused',
        at(clause),
        `Nobody ever owes clause ${clause.id}: no clause that permits names it.`,
      ),
    ),
    ...(usesPhases ? [] : phases.slice(0, 1)).map((clause) =>
      note('phasesWithoutEffect', at(clause), 'No clause that permits is bound to a phase.'),
    ),
  ]
}

function at({ id }: Clause): string {
  return `clauses/${id}`
}
