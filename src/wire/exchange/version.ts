/**
 * Versions of the exchange: the number in its paths (`/federation/v1/`) and in `v` of its
 * documents. A node document says which ones its node speaks, and one that says nothing
 * speaks version 1. Two nodes use the highest that both speak; without one they do not talk.
 */
import { EXCHANGE_VERSIONS } from '../../core/agreement/exchange-versions.ts'

export { EXCHANGE_VERSIONS }

const UNSAID: readonly number[] = [1]

/** Why a channel stands still, and what a request of another version is answered. */
export const VERSION_CODE = 'version'

/** `undefined` if there is none. */
export function commonVersion(
  theirs: readonly number[] = UNSAID,
  ours: readonly number[] = EXCHANGE_VERSIONS,
): number | undefined {
  return ours.toSorted((a, b) => b - a).find((version) => theirs.includes(version))
}
