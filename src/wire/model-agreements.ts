/** The model texts that the product ships, as values: agreements and a decision tree. */
import disclosureRingFile from '../../agreements/disclosure-ring.json' with { type: 'json' }
import emergencyFile from '../../agreements/emergency.json' with { type: 'json' }
import enforcementTreeFile from '../../agreements/enforcement-tree.json' with { type: 'json' }
import jointInvestigationFile from '../../agreements/joint-investigation.json' with { type: 'json' }
import memorandumFile from '../../agreements/memorandum-of-understanding.json' with { type: 'json' }
import type { AgreementModel } from '../core/agreement/agreement-model.ts'
import type { DecisionTree } from '../core/enforcement/decision-tree.ts'

// JSON imports widen literal types; core checks both when they are offered.
export const disclosureRing = disclosureRingFile as unknown as AgreementModel
/** By the names of their files. */
export const modelAgreements: Readonly<Record<string, AgreementModel>> = {
  'memorandum-of-understanding': memorandumFile as unknown as AgreementModel,
  'joint-investigation': jointInvestigationFile as unknown as AgreementModel,
  'disclosure-ring': disclosureRing,
  emergency: emergencyFile as unknown as AgreementModel,
}
export const enforcementTree = enforcementTreeFile as unknown as DecisionTree
