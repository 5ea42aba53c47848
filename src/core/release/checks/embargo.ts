/** Whoever has not accepted an embargo that binds the case gets a stub and no more. */
import type { AgreementDocument } from '../../agreement/document.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault, ruleOrClause } from './check.ts'

export function embargoFaults(
  { embargo }: ReleaseBasis,
  document: AgreementDocument,
  { kind, recipient }: PrepareRelease,
): readonly Fault[] {
  const isBound = embargo.state !== 'none' && embargo.state !== 'exited'
  if (!isBound || kind === 'stub' || embargo.signatories.includes(recipient)) return []
  const text = `${recipient} has not accepted the embargo, so it may get only the invitation`
  return [fault('embargoConsentMissing', ruleOrClause(document, 'requireEmbargoConsent', text))]
}
