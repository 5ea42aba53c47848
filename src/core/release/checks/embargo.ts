/**
 * Whoever has not accepted an embargo that binds the case, or has no report yet, gets a stub
 * and no more; whoever left the case gets nothing more, with an embargo or without.
 */
import type { AgreementDocument } from '../../agreement/document.ts'
import { rules } from '../../disclosure/rules.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault, ruleOrClause } from './check.ts'

export function embargoFaults(
  { embargo }: ReleaseBasis,
  document: AgreementDocument,
  { kind, recipient }: PrepareRelease,
): readonly Fault[] {
  if (kind === 'stub') return []
  const { state, signatories, left = [], withoutReport = [] } = embargo
  const gone = left.includes(recipient) ? [fault('recipientLeft', rules.leavingIsNotEnding)] : []
  if (state === 'none' || state === 'exited') return gone
  if (!signatories.includes(recipient)) {
    const text = `${recipient} has not accepted the embargo, so it may get only the invitation`
    const because = ruleOrClause(document, 'requireEmbargoConsent', text)
    return [...gone, fault('embargoConsentMissing', because)]
  }
  if (!withoutReport.includes(recipient)) return gone
  return [...gone, fault('reportNotReceived', rules.contentAfterConsent)]
}
