/** What was rejected on arrival does not leave, nor does a copy made of it. */
import { exhibitOf } from '../../evidence/evidence.ts'
import { rejectionBar } from '../../evidence/rejected.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault } from './check.ts'

export function rejectedFaults(
  { evidence }: ReleaseBasis,
  _document: object,
  { exhibitId }: PrepareRelease,
): readonly Fault[] {
  const exhibit = exhibitId === undefined ? undefined : exhibitOf(evidence, exhibitId)
  const text = exhibit && rejectionBar(evidence.exhibits, exhibit)
  return text ? [fault('exhibitRejected', { rule: 'release:exhibitRejected', text })] : []
}
