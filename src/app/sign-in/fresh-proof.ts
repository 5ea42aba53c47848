/** For how long a strong proof of who somebody is counts. */
import { type Instant, MINUTE_MS, msOf } from '../../base/time.ts'

const FRESH_MS = 10 * MINUTE_MS

/** Both in wire time. */
export function isFreshProof(provedAt: Instant | undefined, now: Instant): boolean {
  return provedAt !== undefined && msOf(now) - msOf(provedAt) < FRESH_MS
}
