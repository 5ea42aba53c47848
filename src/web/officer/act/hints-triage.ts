/** Hints for triage: terms, the priority table, and what was decided about it. Pure. */
import {
  LEXICON,
  suggestLexicon,
  suggestTerms,
  type TermReference,
} from '../../../core/triage/taxonomy.ts'
import type { Choice } from '../../form/field-spec.ts'
import { filled, type HintsOf, merged, oneOf, plain, someOf } from './hint-context.ts'

/** Suggested terms stand chosen until terms were assigned. */
const assignTaxonomy: HintsOf = ({ read, vocabulary: { vocabularies } }) => {
  const { report, terms } = read.state.triage
  const chosen = terms.length > 0 || !report ? terms : suggestTerms(report, vocabularies)
  const choices = vocabularies.flatMap(({ scheme, title, terms: all }) =>
    all.map(({ id, label, group, source }) =>
      plain(termValue({ scheme, id }), `${label} (${id})`, source ?? group ?? title),
    ),
  )
  return someOf('terms', choices, chosen.map(termValue))
}

/**
 * A field for each group of the lexicon. What the record's own terms mean in it stands
 * chosen until somebody classified the report.
 */
const classifyReport: HintsOf = ({ read, vocabulary: { vocabularies, crosswalks } }) => {
  const { report, terms } = read.state.triage
  const lexicon = vocabularies.find(({ scheme }) => scheme === LEXICON)
  const own = terms.filter(({ scheme }) => scheme === LEXICON).map(({ id }) => id)
  const suggested = report ? suggestLexicon(report, crosswalks).terms.map(({ to }) => to) : []
  const chosen = own.length > 0 ? own : suggested
  const fields = (lexicon?.groups ?? []).map(({ id: group, pick }) => {
    const ids = (lexicon?.terms ?? []).filter((term) => term.group === group).map(({ id }) => id)
    const choices = ids.map(lexiconChoice)
    if (pick === 'many') return someOf(group, choices, chosen)
    const one = ids.find((id) => chosen.includes(id))
    return { ...oneOf(group, choices, one), widgets: { [group]: 'radios' as const } }
  })
  return merged(...fields)
}

const lexiconChoice = (id: string): Choice => ({
  value: id,
  key: `lexicon.${id}`,
  hintKey: `lexicon.${id}.says`,
})

const termValue = ({ scheme, id }: TermReference) => JSON.stringify({ scheme, id })

/** One control for each decision point; what is not known is left open. */
const computePriority: HintsOf = ({ read, vocabulary: { priorityTable } }) => {
  const { inputs } = priorityTable
  const given = Object.entries(read.state.triage.computed?.inputs ?? {})
  return {
    openRecords: ['inputs'],
    records: {
      inputs: Object.fromEntries(
        inputs.map(({ id, values }) => [id, values.map(({ key, name }) => plain(key, name))]),
      ),
    },
    labels: Object.fromEntries(inputs.map(({ id, name }) => [`inputs.${id}`, name])),
    values: Object.fromEntries(given.map(([id, key]) => [`inputs.${id}`, key ?? ''])),
  }
}

/** Nothing to accept where the inputs left the outcome open. */
const decidePriority: HintsOf = ({ read, vocabulary: { priorityTable } }) => {
  const { computed } = read.state.triage
  const outcome = computed?.outcome ?? undefined
  const choices = (computed?.choices ?? priorityTable.outcome.values).map(({ key, name }) =>
    plain(key, name),
  )
  const decision = outcome === undefined ? 'overruled' : 'accepted'
  return merged(oneOf('outcome', choices, outcome), filled({ decision }))
}

export const triageHints = { assignTaxonomy, classifyReport, computePriority, decidePriority }
