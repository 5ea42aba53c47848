/** The model texts that the product ships, as values: an agreement and a decision tree. */
import disclosureRingFile from '../../agreements/disclosure-ring.json' with { type: 'json' }
import enforcementTreeFile from '../../agreements/enforcement-tree.json' with { type: 'json' }
import type { AgreementModel } from '../core/agreement/agreement-model.ts'
import type { DecisionTree } from '../core/enforcement/decision-tree.ts'

// JSON imports widen literal types; core checks both when they are offered.
export const disclosureRing = disclosureRingFile as AgreementModel
export const enforcementTree = enforcementTreeFile as unknown as DecisionTree
