/** What both sides of a request for assistance decide with. */
import type { AgreementState } from '../../core/agreement/agreement.ts'
import type { AssistanceBasis } from '../../core/assistance/decide-assistance.ts'
import type { CaseState } from '../../core/case/case.ts'

/** The category of what is asked for and answered. */
export const TRANSCRIPT = 'exhibitTranscript'

export function assistanceBasis(state: CaseState, agreement: AgreementState): AssistanceBasis {
  const { assistance, rights, releases, evidence } = state
  return { assistance, rights, releases, evidence, agreement }
}
