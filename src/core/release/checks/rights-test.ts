/** A rights test was recorded for exactly this release, and passed. */
import type { AgreementDocument } from '../../agreement/document.ts'
import { requireRightsTest } from '../../rights/record-rights-test.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault, ruleOrClause } from './check.ts'

export function rightsTestFaults(
  { rights }: ReleaseBasis,
  document: AgreementDocument,
  { rightsTestId, releaseId }: PrepareRelease,
): readonly Fault[] {
  const test = requireRightsTest(rights, rightsTestId, { kind: 'release', id: releaseId })
  if (test.decision === 'permit') return []
  const clause = ruleOrClause(document, 'requireRightsTest', 'no release without a rights test')
  return [fault(test.why, clause, ...test.because)]
}
