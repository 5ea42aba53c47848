/**
 * A second pair of eyes on a copy: who redacts is not who reviews, in person or by a
 * delegation. The reviewer has both the original and the copy, and has made the copy again.
 */
import { permit } from '../../base/decision.ts'
import type { Acting } from '../case/recorded.ts'
import { isSameSide, sideOf } from '../people/standing.ts'
import { type EvidenceDecision, no, usableExhibit } from './decide-evidence.ts'
import type { EvidenceState, Exhibit, RedactionReview } from './evidence.ts'

export function reviewRedaction(
  state: EvidenceState,
  { exhibitId, outcome, reason, isSame }: RedactionReview & { readonly exhibitId: string },
  acting: Acting,
): EvidenceDecision {
  const copy = usableExhibit(state, exhibitId)
  if ('decision' in copy) return copy
  if (copy.redactedBy === undefined)
    return no('notACopy', 'this is no copy that waits for a review')
  if (copy.review) return no('alreadyReviewed', 'this copy was reviewed; make another one')
  const maker = { officer: copy.redactedBy, inPlaceOf: copy.redactedInPlaceOf ?? null }
  if (isSameSide(maker, sideOf(acting))) {
    return no('ownRedaction', 'who redacts a copy does not review it')
  }
  if (reason.trim() === '') return no('reasonMissing', 'a review has a reason')
  if (outcome === 'approved' && !isSame) {
    return no('copyDiffers', 'the copy made again from the original is another one')
  }
  return permit([{ type: 'redactionReviewed', exhibitId, outcome, reason, isSame }])
}

/** Why a copy may not leave; undefined: nothing stands against it. */
export function redactionBar({ wantsReview, review }: Exhibit): string | undefined {
  if (review?.outcome === 'returned') return 'the redaction was sent back by its reviewer'
  if (wantsReview && !review) return 'nobody has yet compared the redacted copy with its original'
  return undefined
}
