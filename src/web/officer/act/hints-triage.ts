/** Hints for triage: terms, the priority table, and what was decided about it. Pure. */
import type { CaseState } from '../../../core/case/case.ts'
import { CREDIT_ROLES } from '../../../core/disclosure/recognition-events.ts'
import type { Match, MatchReason } from '../../../core/triage/duplicates.ts'
import {
  LEXICON,
  suggestLexicon,
  suggestTerms,
  type TermReference,
} from '../../../core/triage/taxonomy.ts'
import type { Choice } from '../../form/field-spec.ts'
import {
  dayOf,
  filled,
  type HintsOf,
  merged,
  oneOf,
  plain,
  shortId,
  someOf,
  widget,
} from './hint-context.ts'

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

/** Open appeals; for what somebody is thanked is chosen only where one is about that. */
const decideReporterAppeal: HintsOf = ({ read: { state } }) =>
  merged(
    oneOf('appealId', openAppeals(state)),
    someOf('roles', creditChoices),
    widget('reasons', 'textarea'),
  )

const escalateReporterAppeal: HintsOf = ({ read: { state } }) =>
  oneOf('appealId', openAppeals(state))

const openAppeals = ({ recognition }: CaseState): readonly Choice[] =>
  recognition.appeals
    .filter(({ decided }) => decided === null)
    .map(({ appealId, about, filedAt }) => ({
      value: appealId,
      key: `word.appealAbout.${about}`,
      hint: dayOf(filedAt),
    }))

const creditChoices = CREDIT_ROLES.map((role) => ({ value: role, key: `word.creditRole.${role}` }))

const termValue = ({ scheme, id }: TermReference) => JSON.stringify({ scheme, id })

/**
 * One control for each decision point of both tables; what is not known is left open. The
 * points of the table that is not chosen stay empty, or the act refuses them.
 */
const computePriority: HintsOf = ({ read, vocabulary: { priorityTable, decisionTables } }) => {
  const { computed } = read.state.triage
  const tables = PRIORITY_TABLES.map((name) => decisionTables[name] ?? priorityTable)
  const points = tables.flatMap(({ name, inputs }) => inputs.map((point) => ({ name, point })))
  const given = Object.entries(computed?.inputs ?? {})
  const chosen = PRIORITY_TABLES.find((_, index) => tables[index]?.id === computed?.table)
  return {
    openRecords: ['inputs'],
    records: {
      inputs: Object.fromEntries(
        points.map(({ point: { id, values } }) => [
          id,
          values.map(({ key, name, says }) => plain(key, says ? `${name}: ${says}` : name)),
        ]),
      ),
    },
    labels: Object.fromEntries(
      points.map(({ name, point }) => [`inputs.${point.id}`, `${name}: ${point.name}`]),
    ),
    values: {
      ...Object.fromEntries(given.map(([id, key]) => [`inputs.${id}`, key ?? ''])),
      ...(chosen === undefined ? {} : { table: chosen }),
    },
  }
}

/** The tables that say how soon a case is worked on. */
export const PRIORITY_TABLES = ['cisa-coordinator', 'comity-ai'] as const

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

const scoreCvss: HintsOf = ({ read }) => {
  const { cvss, report } = read.state.triage
  const named = report?.impact?.cvss?.vector ?? ''
  const vector = cvss?.vector ?? (named.startsWith('CVSS:4.0/') ? named : undefined)
  return vector === undefined ? {} : filled({ vector })
}

/** The cases that the comparison found, each with its signs; likely duplicates first. */
const judgeDuplicate: HintsOf = ({ related = [] }) => {
  const choices = related.map(({ caseId, title, match }) =>
    plain(caseId, `${title} (${shortId(caseId)})`, signsOf(match)),
  )
  const [first] = related
  return merged(oneOf('otherCaseId', choices, first?.caseId), {
    ...(choices.length > 0 ? { widgets: { otherCaseId: 'radios' } } : {}),
    ...(first ? { values: { judgement: LIKELY[first.match.likeness] } } : {}),
  })
}

const LIKELY = { same: 'duplicate', related: 'related', none: 'different' } as const

function signsOf({ likeness, reasons, limits }: Match): string {
  const signs = reasons.map(({ reason, values }) => `${SIGN[reason]} ${values.join(', ')}`)
  const isBlind = limits.includes('languagesDiffer')
  return [
    likeness === 'same' ? 'likely the same' : 'perhaps related',
    ...signs,
    ...(isBlind ? ['texts in two languages were not compared'] : []),
  ].join('; ')
}

const SIGN: Readonly<Record<MatchReason, string>> = {
  sameIdentifier: 'same identifier',
  sameAddress: 'same address',
  sameSystem: 'same system',
  sameNumbers: 'same numbers',
  likeText: 'texts alike',
  otherIdentifier: 'but another identifier:',
  otherSystem: 'but another system:',
}

export const triageHints = {
  decideReporterAppeal,
  escalateReporterAppeal,
  assignTaxonomy,
  classifyReport,
  computePriority,
  decidePriority,
  scoreCvss,
  judgeDuplicate,
}
