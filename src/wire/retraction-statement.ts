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

/** What a recipient signs when it keeps what was erased where it came from. */
export type KeptInput = {
  readonly releaseId: string
  readonly releasedBy: string
  readonly party: string
  readonly answer: 'partial' | 'refused'
  readonly ground: string
  readonly law: string
  readonly answeredAt: Instant
}

export function keptInput(statement: KeptInput): Bytes {
  return canonicalBytes({ kind: 'comity/erasure-answer/v1', ...statement })
}
