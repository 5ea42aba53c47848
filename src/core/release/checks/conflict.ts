/**
 * Nobody who declared a conflict of interest releases or reviewed, nor anybody in the place
 * of such a person; an emergency waives no part of this.
 */
import type { Acting } from '../../case/recorded.ts'
import { sideOf } from '../../people/standing.ts'
import { approvalOf, reviewerOf } from '../../rights/review.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { isConflicted } from '../conflicted.ts'
import { type Fault, fault } from './check.ts'

export function conflictFaults(
  { rights, conflicted, proposedBy }: ReleaseBasis,
  _document: object,
  { releaseId }: PrepareRelease,
  acting: Acting,
): readonly Fault[] {
  const review = approvalOf(rights, { kind: 'release', id: releaseId })
  const faults: Fault[] = []
  const releasing = [sideOf(acting), ...(proposedBy ? [proposedBy] : [])]
  if (releasing.some((side) => isConflicted(side, conflicted))) {
    const text = 'the officer who releases declared a conflict of interest in this case'
    faults.push(fault('officerConflict', { rule: 'release:noConflict', text }))
  }
  if (review?.reviewer && isConflicted(reviewerOf(review), conflicted)) {
    const text = 'the reviewer who approved declared a conflict of interest in this case'
    faults.push(fault('reviewerConflict', { rule: 'release:noConflict', text }))
  }
  return faults
}
