/**
 * What stands against a person from outside reading an exhibit: the same that keeps it from
 * leaving by any other way. It is asked when the exhibit is shared and again at each look.
 * Protective orders and what was called back are asked where people read.
 */
import { type Because, type Refusal, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { CaseState } from '../case/case.ts'
import { type Exhibit, exhibitOf } from '../evidence/evidence.ts'
import { withCopies } from '../evidence/protective-orders.ts'
import { rejectionBar } from '../evidence/rejected.ts'
import { heldContent } from '../release/held.ts'
import { claimsAgainst } from '../rights/claims.ts'

export type WhyNotShown =
  | 'exhibitRejected'
  | 'reviewMissing'
  | 'originatorConsentMissing'
  | 'claimStands'

type Reading = { readonly person: string; readonly exhibitId: string }

/** Undefined: nothing does. */
export function sharingBar(
  state: CaseState,
  { person, exhibitId }: Reading,
  now: Instant,
): Refusal<WhyNotShown> | undefined {
  const exhibit = exhibitOf(state.evidence, exhibitId)
  if (!exhibit) return undefined
  const rejected = rejectionBar(state.evidence.exhibits, exhibit)
  if (rejected) return no('exhibitRejected', rejected)
  if (isUnreviewed(exhibit)) {
    return no('reviewMissing', 'the copy is shown only when somebody else has reviewed it')
  }
  const originator = unaskedOriginator(state, { person, exhibitId })
  if (originator) {
    const text = `what is inside came from ${originator}, which has not consented that others get it`
    return no('originatorConsentMissing', text)
  }
  const [claim, ...more] = claimsOfOthers(state, { person, exhibitId }, now)
  return claim && refuse('claimStands', claim, ...more)
}

function isUnreviewed({ wantsReview, review }: Exhibit): boolean {
  return wantsReview === true && !(review?.outcome === 'approved' && review.isSame)
}

/** As in `core/release/checks/handling.ts`. */
function unaskedOriginator({ releases, evidence }: CaseState, { person, exhibitId }: Reading) {
  return heldContent(releases, evidence.exhibits)
    .filter(({ exhibitIds }) => exhibitIds.includes(exhibitId))
    .find(({ handling, consentedTo }) => {
      const isFree = handling?.tlp === 'CLEAR' && handling.codes.length === 0
      return !isFree && !consentedTo.some(({ recipient }) => recipient === person)
    })?.originator
}

/** Whoever claims may read what the claim is about. */
function claimsOfOthers(
  { rights, evidence }: CaseState,
  { person, exhibitId }: Reading,
  now: Instant,
): readonly Because[] {
  const claims = rights.claims
    .filter((claim) => claim.person !== person)
    .map((claim) => ({
      ...claim,
      exhibitIds: withCopies(evidence.exhibits, claim.exhibitIds),
    }))
  const asked = { categories: [], exhibitIds: [exhibitId] }
  return claimsAgainst({ claims, reviews: rights.reviews }, asked, now)
}

function no(why: WhyNotShown, text: string): Refusal<WhyNotShown> {
  return refuse(why, { rule: `document:${why}`, text })
}
