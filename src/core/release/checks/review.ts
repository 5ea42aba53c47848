/**
 * An independent reviewer approved exactly this content, where the agreement marks one
 * of its categories. An emergency under an emergency clause puts the review afterwards.
 */
import type { AgreementDocument } from '../../agreement/document.ts'
import type { Acting } from '../../case/recorded.ts'
import { isSameSide, sideOf } from '../../people/standing.ts'
import { approvalOf, isReviewOf, reviewerOf } from '../../rights/review.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault, ruleOrClause } from './check.ts'
import { isEmergency, reviewedCategories } from './emergency.ts'

export function reviewFaults(
  { rights, proposedBy }: ReleaseBasis,
  document: AgreementDocument,
  command: PrepareRelease,
  acting: Acting,
): readonly Fault[] {
  const { releaseId, recipient, categories } = command
  const guarded = reviewedCategories(document, categories)
  if (guarded.length === 0 || isEmergency(document, command)) return []
  const review = approvalOf(rights, { kind: 'release', id: releaseId })
  const isCovered = review !== undefined && isReviewOf(review, { ...command, categories: guarded })
  const sides = [sideOf(acting), ...(proposedBy ? [proposedBy] : [])]
  const isIndependent =
    review !== undefined && !sides.some((side) => isSameSide(reviewerOf(review), side))
  if (isCovered && isIndependent) return []
  const text = isCovered
    ? 'the officer who prepares a release does not review it'
    : `${guarded.join(', ')} needs the approval of an independent reviewer for ${recipient}, for exactly this content and purpose`
  return [fault('reviewMissing', ruleOrClause(document, 'requireReview', text))]
}
