/** A rights test was recorded for exactly this release, and passed; a full one covers all of it. */
import type { AgreementDocument } from '../../agreement/document.ts'
import { requireRightsTest } from '../../rights/record-rights-test.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault, ruleOrClause } from './check.ts'

export function rightsTestFaults(
  { rights }: ReleaseBasis,
  document: AgreementDocument,
  command: PrepareRelease,
): readonly Fault[] {
  const subject = { kind: 'release', id: command.releaseId } as const
  const test = requireRightsTest(rights, command.rightsTestId, subject, command)
  if (test.decision === 'permit') return []
  const clause = ruleOrClause(document, 'requireRightsTest', 'no release without a rights test')
  return [fault(test.why, clause, ...test.because)]
}
