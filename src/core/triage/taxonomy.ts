/**
 * Taxonomy terms of a report. Terms come from vocabularies that are data with a
 * source and a version; a term that no vocabulary holds is refused.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import type { AdmittedReport } from './admitted-report.ts'

export type VocabularyTerm = {
  readonly id: string
  readonly label: string
  readonly group?: string
  /** Citation of the law or document that has the term. */
  readonly source?: string
  /** P primary text read, S secondary source. */
  readonly evidence?: 'P' | 'S'
}

export type Vocabulary = {
  readonly scheme: string
  readonly title: string
  readonly version: string
  readonly source: string
  readonly terms: readonly VocabularyTerm[]
}

export type TermReference = { readonly scheme: string; readonly id: string }
export type Term = TermReference & { readonly label: string; readonly version: string }

export type TaxonomyAssigned = {
  readonly type: 'taxonomyAssigned'
  readonly terms: readonly Term[]
}

export type AssignTaxonomy = {
  /** All terms the report has from now on; they replace the earlier ones. */
  readonly terms: readonly TermReference[]
  readonly vocabularies: readonly Vocabulary[]
}

export function assignTaxonomy(
  state: { readonly report: AdmittedReport | null },
  { terms, vocabularies }: AssignTaxonomy,
  _acting: Acting,
): Decision<readonly TaxonomyAssigned[], 'noReport' | 'noTerms' | 'unknownTerm'> {
  if (state.report === null) {
    return refuse('noReport', { rule: 'triage.reportFirst', text: 'A report is admitted first.' })
  }
  if (terms.length === 0) {
    return refuse('noTerms', { rule: 'triage.oneTerm', text: 'At least one term is assigned.' })
  }
  const found = terms.map((term) => termOf(vocabularies, term))
  const unknown = terms.filter((_, index) => found[index] === undefined)
  if (unknown.length > 0) {
    const because = unknown.map(({ scheme, id }) => ({
      rule: 'triage.knownTerm',
      text: `No vocabulary holds the term ${id} of ${scheme}.`,
    }))
    return refuse('unknownTerm', ...because)
  }
  const known = found.filter((term) => term !== undefined)
  const unique = new Map(known.map((term) => [`${term.scheme} ${term.id}`, term]))
  return permit([{ type: 'taxonomyAssigned', terms: [...unique.values()] }])
}

function termOf(
  vocabularies: readonly Vocabulary[],
  { scheme, id }: TermReference,
): Term | undefined {
  const vocabulary = vocabularies.find((each) => each.scheme === scheme)
  const term = vocabulary?.terms.find((each) => each.id === id)
  return vocabulary && term && { scheme, id, label: term.label, version: vocabulary.version }
}

/**
 * Terms that the record itself names in AVID's taxonomy, for an officer to accept
 * or change. Matched by code, since published records spell labels differently.
 * Nothing is guessed from text: a record that names none gets none.
 */
export function suggestTerms(
  report: AdmittedReport,
  vocabularies: readonly Vocabulary[],
): readonly Term[] {
  const avid = report.impact?.avid
  const named = [
    ...(avid?.riskDomains ?? []),
    ...(avid?.effects ?? []),
    ...(avid?.lifecycleStages ?? []),
  ]
  const ids = new Set(named.map((text) => (text.split(':')[0] ?? '').trim()))
  const terms = [...ids].map((id) => termOf(vocabularies, { scheme: 'avid', id }))
  return terms.filter((term) => term !== undefined)
}
