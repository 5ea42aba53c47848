/**
 * What the rights test itself says is severe, about many people, or touches expression
 * and association, an independent reviewer approves, whatever the agreement says. An
 * emergency puts that afterwards, as it does every review.
 */
import type { AgreementDocument } from '../../agreement/document.ts'
import type { Acting } from '../../case/recorded.ts'
import { isSameSide, sideOf } from '../../people/standing.ts'
import { approvalOf, isReviewOf, reviewerOf } from '../../rights/review.ts'
import { reviewNeededBy } from '../../rights/test-detail.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault } from './check.ts'
import { isEmergency } from './emergency.ts'

export function sensitiveTestFaults(
  { rights, proposedBy }: ReleaseBasis,
  document: AgreementDocument,
  command: PrepareRelease,
  acting: Acting,
): readonly Fault[] {
  const { releaseId, rightsTestId } = command
  const detail = rights.tests.find(({ testId }) => testId === rightsTestId)?.test.detail
  const needed = detail ? reviewNeededBy(detail) : []
  if (needed.length === 0 || isEmergency(document, command)) return []
  const review = approvalOf(rights, { kind: 'release', id: releaseId })
  const isCovered = review !== undefined && isReviewOf(review, command)
  const sides = [sideOf(acting), ...(proposedBy ? [proposedBy] : [])]
  if (isCovered && !sides.some((side) => isSameSide(reviewerOf(review), side))) return []
  return [fault('reviewMissing', ...needed)]
}
