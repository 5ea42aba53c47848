/** Acts of triage: terms, priority, and whether the report is valid. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import { CVSS4_LENGTH_MAX } from '../../core/triage/cvss4.ts'
import { judgeDuplicate as decideOnDuplicate } from '../../core/triage/judge-duplicate.ts'
import {
  computePriority as decideComputedPriority,
  decidePriority as decideOnPriority,
} from '../../core/triage/priority.ts'
import { scoreCvss as decideOnCvss } from '../../core/triage/score-cvss.ts'
import {
  classifyReport as decideClassification,
  assignTaxonomy as decideTaxonomy,
} from '../../core/triage/taxonomy.ts'
import { caseAct } from '../act.ts'
import { matchWith } from '../related-reports.ts'

export const assignTaxonomy = caseAct({
  name: 'assignTaxonomy',
  topic: 'triage',
  group: 'handle',
  input: Type.Object({
    terms: Type.Array(
      Type.Object({ scheme: Type.String({ maxLength: 40 }), id: Type.String({ maxLength: 40 }) }),
      { maxItems: 40 },
    ),
  }),
  when: hasReport,
  prepare: async ({ kernel }) => kernel.vocabulary.vocabularies,
  decide: (state, { terms }, acting, vocabularies) =>
    decideTaxonomy(state.triage, { terms, vocabularies }, acting),
})

const One = Type.Optional(Type.String({ maxLength: 40 }))
const Many = Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 40 }))

/** The common lexicon, a field for each of its groups. */
export const classifyReport = caseAct({
  name: 'classifyReport',
  topic: 'triage',
  group: 'handle',
  input: Type.Object({
    severity: One,
    exploitability: One,
    scope: One,
    impact: Many,
    weakness: Many,
    trait: Many,
    lifecycle: Many,
    sector: Many,
  }),
  when: hasReport,
  prepare: async ({ kernel }) => kernel.vocabulary.vocabularies,
  decide: (state, { severity, exploitability, scope, ...many }, acting, vocabularies) => {
    const one = [severity, exploitability, scope].filter((id) => id !== undefined)
    const { impact = [], weakness = [], trait = [], lifecycle = [], sector = [] } = many
    const ids = [...one, ...impact, ...weakness, ...trait, ...lifecycle, ...sector]
    return decideClassification(state.triage, { ids, vocabularies }, acting)
  },
})

export const scoreCvss = caseAct({
  name: 'scoreCvss',
  topic: 'triage',
  group: 'handle',
  input: Type.Object({ vector: Type.String({ maxLength: CVSS4_LENGTH_MAX }) }),
  when: hasReport,
  decide: (state, input, acting) => decideOnCvss(state.triage, input, acting),
})

export const judgeDuplicate = caseAct({
  name: 'judgeDuplicate',
  topic: 'triage',
  group: 'handle',
  input: Type.Object({
    otherCaseId: Type.String({ maxLength: 36 }),
    judgement: Type.Union([
      Type.Literal('duplicate'),
      Type.Literal('related'),
      Type.Literal('different'),
    ]),
    reason: Type.String({ maxLength: 2000 }),
  }),
  when: hasReport,
  before: async ({ kernel, caseId, state, input: { otherCaseId }, acting }) => {
    const { report } = state.triage
    const match = report && (await matchWith(kernel, { report, otherCaseId, acting }))
    return { caseId, match: match ?? undefined }
  },
  decide: (state, input, acting, { caseId, match }) =>
    decideOnDuplicate(state.triage, { ...input, caseId, match }, acting),
})

export const computePriority = caseAct({
  name: 'computePriority',
  topic: 'triage',
  group: 'handle',
  input: Type.Object({
    table: Type.Optional(
      Type.Union([Type.Literal('cisa-coordinator'), Type.Literal('comity-ai')], {
        description: 'Without it the table of this node.',
      }),
    ),
    inputs: Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 20 })),
  }),
  when: hasReport,
  prepare: async ({ kernel: { vocabulary }, input: { table } }) =>
    (table === undefined ? undefined : vocabulary.decisionTables[table]) ??
    vocabulary.priorityTable,
  decide: (state, { inputs }, acting, table) =>
    decideComputedPriority(state.triage, { table, inputs }, acting),
})

export const decidePriority = caseAct({
  name: 'decidePriority',
  topic: 'triage',
  group: 'handle',
  input: Type.Object({
    decision: Type.Union([Type.Literal('accepted'), Type.Literal('overruled')]),
    outcome: Type.Optional(Type.String({ maxLength: 20 })),
    reason: Type.String({ maxLength: 2000 }),
  }),
  when: ({ triage }) =>
    triage.computed
      ? permit(null)
      : refuse('notComputed', {
          rule: 'triage.computedFirst',
          text: 'A table computes a priority first.',
        }),
  decide: (state, input, acting) => decideOnPriority(state.triage, input, acting),
})

export function hasReport({ triage }: CaseState) {
  if (triage.report) return permit(null)
  const text = 'this case has no report of its own'
  return refuse('noReport', { rule: 'triage.reportFirst', text })
}
