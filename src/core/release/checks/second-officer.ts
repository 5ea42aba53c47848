/**
 * Four eyes where a clause wants them: one officer proposed exactly this release, and
 * another one approves it. An emergency puts the second officer afterwards.
 */
import type { AgreementDocument } from '../../agreement/document.ts'
import type { Acting } from '../../case/recorded.ts'
import { isSameSide, sideOf } from '../../people/standing.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault, guardedBy } from './check.ts'
import { isEmergency } from './emergency.ts'

export function secondOfficerFaults(
  { proposedBy }: ReleaseBasis,
  document: AgreementDocument,
  command: PrepareRelease,
  acting: Acting,
): readonly Fault[] {
  const { guarded, because } = guardedBy(document, 'requireSecondOfficer', command.categories)
  if (guarded.length === 0 || isEmergency(document, command)) return []
  if (proposedBy && !isSameSide(proposedBy, sideOf(acting))) return []
  const text = `${guarded.join(', ')} needs a second officer, who approves exactly this release`
  return [fault('secondOfficerMissing', ...because, { rule: 'release:secondOfficer', text })]
}
