/** Nothing leaves over which a claim of confidentiality or privilege stands. */
import type { Acting } from '../../case/recorded.ts'
import { withCopies } from '../../evidence/protective-orders.ts'
import { claimsAgainst } from '../../rights/claims.ts'
import type { PrepareRelease, ReleaseBasis } from '../basis.ts'
import { type Fault, fault } from './check.ts'

/** A copy is under the claim over what it was made from. */
export function claimFaults(
  { rights, evidence }: ReleaseBasis,
  _document: object,
  { categories, exhibitId }: PrepareRelease,
  { now }: Acting,
): readonly Fault[] {
  const claims = rights.claims.map((claim) => ({
    ...claim,
    exhibitIds: withCopies(evidence.exhibits, claim.exhibitIds),
  }))
  const exhibitIds = exhibitId === undefined ? [] : [exhibitId]
  const asked = { categories, exhibitIds }
  const because = claimsAgainst({ claims, reviews: rights.reviews }, asked, now)
  return because.length === 0 ? [] : [fault('claimStands', ...because)]
}
