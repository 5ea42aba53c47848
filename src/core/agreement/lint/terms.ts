/** The terms around the clauses: quorum, languages, emergency, disputes, vocabulary. */
import type { AgreementDocument } from '../document.ts'
import { DPV_NAMESPACES } from '../dpv.ts'
import { error, type LintContext, type LintFinding, note, warning } from './finding.ts'

export function lintTerms(
  document: AgreementDocument,
  context: LintContext,
): readonly LintFinding[] {
  return [
    ...quorumFindings(document, context),
    ...languageFindings(document, context),
    ...emergencyFindings(document),
    ...absentFindings(document),
    ...termFindings(document, context),
  ]
}

function quorumFindings(
  { quorum }: AgreementDocument,
  { quorumFault }: LintContext,
): readonly LintFinding[] {
  const text = quorumFault(quorum)
  if (text !== undefined)
    return [error('quorumUnmet', 'quorum', `The quorum cannot be met: ${text}.`)]
  if (!/^quorum\s+none\s*$/m.test(quorum)) return []
  const none = 'The quorum is none: nobody besides its owner vouches for a log.'
  return [warning('quorumNone', 'quorum', none)]
}

function languageFindings(
  { languageRule: { accepted }, parties }: AgreementDocument,
  { packs }: LintContext,
): readonly LintFinding[] {
  const spoken = accepted.map(primary)
  const known = parties.flatMap(({ node, legalOrder }) => {
    const pack = packs.find((each) => each.legalOrder === legalOrder)
    return pack ? [{ node, languages: pack.languages }] : []
  })
  const foreign = known.filter(({ languages }) => !languages.map(primary).some(isSpoken))
  if (known.length > 0 && foreign.length === known.length) {
    const text = `Requests are accepted in ${accepted.join(', ')} only, a language of no party's law.`
    return [warning('languageOfNobody', 'languageRule', text)]
  }
  return foreign.map(({ node, languages }) => {
    const text = `The law of ${node} is in ${languages.join(', ')}, which the language rule does not accept: it translates whatever it sends and receives.`
    return note('languageForeign', 'languageRule', text)
  })

  function isSpoken(tag: string): boolean {
    return spoken.includes(tag)
  }
}

function primary(tag: string): string {
  return tag.split('-')[0] ?? tag
}

const VALIDATION_HOURS = 48

function emergencyFindings(document: AgreementDocument): readonly LintFinding[] {
  const { emergencyClause, clauses, categories } = document
  if (emergencyClause === null) return []
  const hasSecond = clauses.some(({ kind }) => kind === 'requireSecondOfficer')
  const isReviewed = categories.some(
    ({ releasable, reviewRequired }) => releasable && reviewRequired,
  )
  const found: LintFinding[] = []
  if (!hasSecond) {
    const text =
      'There is an emergency clause, and no clause that asks for a second officer: in an emergency one person alone would decide.'
    found.push(warning('emergencyOneOfficer', 'emergencyClause', text))
  }
  if (emergencyClause.postReviewWithinHours > VALIDATION_HOURS) {
    const text = `What leaves in an emergency is validated within ${emergencyClause.postReviewWithinHours} hours; a known model allows ${VALIDATION_HOURS}.`
    const source = 'Regulation (EU) 2023/1543, art. 4(5), as a model only'
    found.push(warning('emergencyLong', 'emergencyClause', text, source))
  }
  if (!isReviewed && !hasSecond) {
    found.push(
      note(
        'emergencyWaivesNothing',
        'emergencyClause',
        'Nothing needs a review, so the emergency clause waives nothing.',
      ),
    )
  }
  return found
}

function absentFindings({ clauses }: AgreementDocument): readonly LintFinding[] {
  const has = (kind: string) => clauses.some((clause) => clause.kind === kind)
  const found: LintFinding[] = []
  if (!has('dispute')) {
    found.push(warning('noDispute', 'clauses', 'No clause says how a dispute is settled.'))
  }
  if (!has('confidentiality')) {
    found.push(
      note(
        'noConfidentiality',
        'clauses',
        'No clause says how long confidentiality survives the agreement.',
      ),
    )
  }
  if (!has('costs')) found.push(note('noCosts', 'clauses', 'No clause says who bears the costs.'))
  if (!has('safeHarbour')) {
    found.push(
      note('noSafeHarbour', 'clauses', 'No clause protects reporters or platforms that comply.'),
    )
  }
  return found
}

/** Looked up only in the namespaces of which terms are known. */
function termFindings(
  { purposes, categories }: AgreementDocument,
  { terms }: LintContext,
): readonly LintFinding[] {
  const listed = DPV_NAMESPACES.filter((each) => [...terms].some((term) => term.startsWith(each)))
  const isUnknown = (iri: string) => listed.some((each) => iri.startsWith(each)) && !terms.has(iri)
  const unknown = (field: string, each: { readonly id: string; readonly iri?: string | null }) =>
    each.iri && isUnknown(each.iri)
      ? [
          warning(
            'termUnknown',
            field,
            `The vocabulary is not known to have ${each.iri} (${each.id}).`,
          ),
        ]
      : []
  const contradicting = categories.filter(
    ({ iri, personal }) =>
      personal && iri !== undefined && NOT_PERSONAL.some((it) => iri.endsWith(it)),
  )
  return [
    ...purposes.flatMap((each) => unknown('purposes', each)),
    ...categories.flatMap((each) => unknown('categories', each)),
    ...contradicting.map(({ id, iri }) =>
      error(
        'termContradicts',
        'categories',
        `${id} holds personal data, and its term ${iri} says that it does not.`,
      ),
    ),
  ]
}

const NOT_PERSONAL = ['#NonPersonalData', '#AnonymisedData', '#SyntheticData']
