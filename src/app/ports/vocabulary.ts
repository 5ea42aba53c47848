/** The terms, tables and agreed trees that this node uses. */
import type { DecisionTree } from '../../core/enforcement/decision-tree.ts'
import type { Crosswalk } from '../../core/triage/crosswalk.ts'
import type { DecisionTable } from '../../core/triage/decision-table.ts'
import type { Vocabulary } from '../../core/triage/taxonomy.ts'

export type TriageVocabulary = {
  readonly vocabularies: readonly Vocabulary[]
  readonly crosswalks: readonly Crosswalk[]
  /** By name. */
  readonly decisionTables: Readonly<Record<string, DecisionTable>>
  readonly priorityTable: DecisionTable
  readonly decisionTrees: readonly DecisionTree[]
}
