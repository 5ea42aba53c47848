/** Nobody who declared a conflict of interest releases or reviewed; an emergency waives no part of this. */
import type { Acting } from '../../case/recorded.ts'
import { approvalOf } from '../../rights/review.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault } from './check.ts'

export function conflictFaults(
  { rights, conflicted, proposedBy }: ReleaseBasis,
  _document: object,
  { releaseId }: PrepareRelease,
  { officer }: Acting,
): readonly Fault[] {
  const review = approvalOf(rights, { kind: 'release', id: releaseId })
  const faults: Fault[] = []
  const officers = [officer, ...(proposedBy ? [proposedBy.officer] : [])]
  if (officers.some((one) => conflicted.includes(one))) {
    const text = 'the officer who releases declared a conflict of interest in this case'
    faults.push(fault('officerConflict', { rule: 'release:noConflict', text }))
  }
  if (review?.reviewer && conflicted.includes(review.reviewer)) {
    const text = 'the reviewer who approved declared a conflict of interest in this case'
    faults.push(fault('reviewerConflict', { rule: 'release:noConflict', text }))
  }
  return faults
}
