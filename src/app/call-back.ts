/**
 * Calling releases back, because a challenge was upheld or consent was withdrawn: which
 * ones, in the decision, and what is sent to their recipients once it is on record.
 */
import type { CaseEvent, CaseState } from '../core/case/case.ts'
import type { Acting } from '../core/case/recorded.ts'
import { type Consent, releasesUnder } from '../core/rights/consents.ts'
import type { Step } from './act.ts'

export type CallBackCause = 'challengeUpheld' | 'consentWithdrawn'

/** Those that were not called back before. */
export function callBack(
  _state: CaseState,
  _releaseIds: readonly string[],
  _cause: CallBackCause,
  _reason: string,
  _acting: Acting,
): readonly CaseEvent[] {
  return []
}

export function callBackUnder(
  state: CaseState,
  consent: Pick<Consent, 'covers'>,
  acting: Acting,
): readonly CaseEvent[] {
  const ids = releasesUnder(consent, state.releases.permitted).map(({ releaseId }) => releaseId)
  return callBack(state, ids, 'consentWithdrawn', 'consent was withdrawn', acting)
}

export async function sendRetractions(_step: Step<unknown>): Promise<void> {}
