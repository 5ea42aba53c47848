/** What in a case speaks against destroying what it holds, whatever is due. */
import type { Because } from '../../base/decision.ts'
import type { CaseState } from './case.ts'

/** Empty: nothing in the case needs it. Legal holds are asked apart. */
export function caseNeeds({ enforcement, rights }: CaseState): readonly Because[] {
  const isHeard = enforcement.hearings.some(
    ({ measureId }) =>
      !enforcement.measures.some((one) => one.measureId === measureId && one.takenAt),
  )
  const isReviewed = rights.reviews.some(({ outcome }) => outcome === null)
  return [
    ...(isHeard
      ? [need('hearing', 'a measure is being heard, and what it rests on is needed')]
      : []),
    ...(isReviewed ? [need('review', 'a review is open, and the reviewer may ask for it')] : []),
  ]
}

const need = (rule: string, text: string): Because => ({ rule: `disposal:${rule}`, text })
