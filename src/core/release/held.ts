/**
 * Which content of this case came from a peer: the exhibits that each received release
 * brought, with every copy made of them here, and what the originator allows.
 *
 * What a release showed of the peer's case record is not part of our own record, so no
 * release takes it along; only exhibits can.
 */
import type { HeldContent } from './basis.ts'
import { consentedTo } from './onward.ts'
import type { ReleaseState } from './release.ts'
import { retractionOf } from './retraction.ts'

type HeldExhibit = {
  readonly exhibitId: string
  readonly releaseId: string | null
  readonly derivedFrom: string | null
}

export function heldContent(
  releases: Pick<ReleaseState, 'received' | 'retractions' | 'onward'>,
  exhibits: readonly HeldExhibit[],
): readonly HeldContent[] {
  return releases.received.map(({ releaseId, from, categories, handling, duties }) => ({
    originator: from,
    releaseId,
    categories,
    exhibitIds: broughtBy(releaseId, exhibits),
    ...(handling === undefined ? {} : { handling }),
    duties,
    consentedTo: consentedTo(releases, releaseId),
    isRetracted: retractionOf(releases, releaseId, from) !== undefined,
  }))
}

/** Also the copies of copies. An exhibit stands after what it was made from. */
function broughtBy(releaseId: string, exhibits: readonly HeldExhibit[]): readonly string[] {
  const found = new Set<string>()
  for (const { exhibitId, releaseId: by, derivedFrom } of exhibits) {
    const isCopy = derivedFrom !== null && found.has(derivedFrom)
    if (by === releaseId || isCopy) found.add(exhibitId)
  }
  return [...found]
}
