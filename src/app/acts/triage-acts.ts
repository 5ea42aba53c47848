/** Acts of triage: terms, priority, and whether the report is valid. */
import { Type } from '@sinclair/typebox'
import { permit, refuse } from '../../base/decision.ts'
import type { CaseState } from '../../core/case/case.ts'
import {
  computePriority as decideComputedPriority,
  decidePriority as decideOnPriority,
} from '../../core/triage/priority.ts'
import {
  classifyReport as decideClassification,
  assignTaxonomy as decideTaxonomy,
} from '../../core/triage/taxonomy.ts'
import { caseAct } from '../act.ts'

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

export const computePriority = caseAct({
  name: 'computePriority',
  topic: 'triage',
  group: 'handle',
  input: Type.Object({
    inputs: Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 20 })),
  }),
  when: hasReport,
  prepare: async ({ kernel }) => kernel.vocabulary.priorityTable,
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
