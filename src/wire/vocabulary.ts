/**
 * The vocabularies and decision tables that the product ships, as values for core.
 * Each names its source and version; they are data, so a change needs no code.
 */
import aiHarmFile from '../../vocabulary/ai-harm.json' with { type: 'json' }
import avidTaxonomyFile from '../../vocabulary/avid-taxonomy.json' with { type: 'json' }
import comityAiFile from '../../vocabulary/comity-ai.json' with { type: 'json' }
import crosswalksFile from '../../vocabulary/comity-crosswalks.json' with { type: 'json' }
import lexiconFile from '../../vocabulary/comity-lexicon.json' with { type: 'json' }
import cisaCoordinatorFile from '../../vocabulary/ssvc-cisa-coordinator.json' with { type: 'json' }
import coordinatorPublishFile from '../../vocabulary/ssvc-coordinator-publish.json' with {
  type: 'json',
}
import coordinatorTriageFile from '../../vocabulary/ssvc-coordinator-triage.json' with {
  type: 'json',
}
import type { Crosswalk } from '../core/triage/crosswalk.ts'
import { type DecisionTable, requireCompleteTable } from '../core/triage/decision-table.ts'
import type { Vocabulary } from '../core/triage/taxonomy.ts'

// JSON imports widen literal types; the evidence marks are checked by the test beside this file.
const avidTaxonomy: Vocabulary = avidTaxonomyFile
const aiHarms = aiHarmFile as Vocabulary

/** The common lexicon; its labels are messages too (`lexicon.<id>`). */
export const lexicon = lexiconFile as Vocabulary
export const crosswalks = crosswalksFile.crosswalks as readonly Crosswalk[]
export const vocabularies: readonly Vocabulary[] = [lexicon, aiHarms, avidTaxonomy]

/** CISA's coordinator table (SSVC), 36 rows. */
export const cisaCoordinatorTable: DecisionTable = requireCompleteTable(cisaCoordinatorFile)

/** All tables by the name that `comity eval decision-table` and the act take. */
export const decisionTables: Readonly<Record<string, DecisionTable>> = {
  'cisa-coordinator': cisaCoordinatorTable,
  'coordinator-triage': requireCompleteTable(coordinatorTriageFile),
  'coordinator-publish': requireCompleteTable(coordinatorPublishFile),
  'comity-ai': requireCompleteTable(comityAiFile),
}
