/** The terms and the decision table that this node uses for triage. */
import type { DecisionTable } from '../../core/triage/decision-table.ts'
import type { Vocabulary } from '../../core/triage/taxonomy.ts'

export type TriageVocabulary = {
  readonly vocabularies: readonly Vocabulary[]
  readonly priorityTable: DecisionTable
}
