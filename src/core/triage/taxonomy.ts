/**
 * Taxonomy terms of a report. Terms come from vocabularies that are data with a
 * source and a version; a term that no vocabulary holds is refused.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import type { AdmittedReport } from './admitted-report.ts'
import { type Crosswalk, type LostTerm, type MappedTerm, mapIn } from './crosswalk.ts'

export type VocabularyTerm = {
  readonly id: string
  readonly label: string
  readonly group?: string
  /** What it means, in a line. */
  readonly says?: string
  /** Citation of the law or document that has the term. */
  readonly source?: string
  /** P primary text read, S secondary source. */
  readonly evidence?: 'P' | 'S'
}

/** A group of terms of which one or many are chosen. */
export type TermGroup = {
  readonly id: string
  readonly label: string
  readonly pick: 'one' | 'many'
  readonly says: string
}

export type Vocabulary = {
  readonly scheme: string
  readonly title: string
  readonly version: string
  readonly source: string
  readonly groups?: readonly TermGroup[]
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

/** The scheme of the common lexicon. */
export const LEXICON = 'comity'

/**
 * Classifies the report in the common lexicon. These terms replace the earlier ones of
 * the lexicon; terms of other lists stay.
 */
export function classifyReport(
  state: { readonly report: AdmittedReport | null; readonly terms: readonly Term[] },
  { ids, vocabularies }: { readonly ids: readonly string[] } & Pick<AssignTaxonomy, 'vocabularies'>,
  acting: Acting,
) {
  const others = state.terms.filter(({ scheme }) => scheme !== LEXICON)
  const decision = assignTaxonomy(
    state,
    { terms: ids.map((id) => ({ scheme: LEXICON, id })), vocabularies },
    acting,
  )
  if (decision.decision === 'refuse') return decision
  const events = decision.value.map((event) => ({ ...event, terms: [...others, ...event.terms] }))
  return permit(events, ...decision.because)
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
  const terms = (namedTerms(report)['avid'] ?? []).map((id) => {
    return termOf(vocabularies, { scheme: 'avid', id })
  })
  return terms.filter((term) => term !== undefined)
}

export type LexiconSuggestion = {
  /** Terms of the lexicon, each with the term of the record that it comes from. */
  readonly terms: readonly (MappedTerm & { readonly scheme: string })[]
  readonly lost: readonly (LostTerm & { readonly scheme: string })[]
}

/** What the record's own terms are in the lexicon, and what of them is not. */
export function suggestLexicon(
  report: AdmittedReport,
  crosswalks: readonly Crosswalk[],
): LexiconSuggestion {
  const named = namedTerms(report)
  const all = crosswalks.map((crosswalk) => {
    const { scheme } = crosswalk
    const { mapped, lost } = mapIn(crosswalk, named[scheme] ?? [])
    return {
      terms: mapped.map((term) => ({ ...term, scheme })),
      lost: lost.map((term) => ({ ...term, scheme })),
    }
  })
  return { terms: all.flatMap(({ terms }) => terms), lost: all.flatMap(({ lost }) => lost) }
}

/** The codes that a record names, by list; what stands behind a colon is its label. */
function namedTerms({ impact }: AdmittedReport): { readonly [scheme: string]: readonly string[] } {
  const avid = impact?.avid
  const codes = (texts: readonly (string | null | undefined)[]) => [
    ...new Set(texts.map((text) => ((text ?? '').split(':')[0] ?? '').trim()).filter(Boolean)),
  ]
  return {
    avid: codes([
      ...(avid?.riskDomains ?? []),
      ...(avid?.effects ?? []),
      ...(avid?.lifecycleStages ?? []),
    ]),
    atlas: codes((impact?.atlas ?? []).map(({ technique }) => technique)),
    cwe: codes((impact?.cwe ?? []).map(({ weaknessId }) => weaknessId)),
  }
}
