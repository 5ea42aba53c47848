/** For how long a strong proof of who somebody is counts. */
import { type Instant, MINUTE_MS, msOf } from '../../base/time.ts'

const FRESH_MS = 10 * MINUTE_MS

/** Both in wire time. A proof from the future is none: a clock was set back. */
export function isFreshProof(provedAt: Instant | undefined, now: Instant): boolean {
  const ageMs = provedAt === undefined ? -1 : msOf(now) - msOf(provedAt)
  return ageMs >= 0 && ageMs <= FRESH_MS
}
