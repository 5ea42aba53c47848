/** What a recipient signs when it confirms that nothing of a release is left. */
import type { Bytes } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import type { Instant } from '../base/time.ts'

export type RetractionStatement = {
  readonly releaseId: string
  /** Node id of the authority that released. */
  readonly releasedBy: string
  /** Node id of the one that deleted. */
  readonly party: string
  readonly confirmedAt: Instant
}

export function retractionInput(statement: RetractionStatement): Bytes {
  return canonicalBytes({ kind: 'comity/retraction-done/v1', ...statement })
}
