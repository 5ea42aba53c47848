/**
 * Two clocks. `caseNow` is the time of law: deadlines, embargoes, notices. In a
 * demonstration it runs ahead by an offset that only grows. `wireNow` is the
 * time of machines: signatures, cosignatures, sessions, jobs. It is always real.
 */
import type { Instant } from '../../base/time.ts'

export type Clocks = {
  caseNow(): Instant
  wireNow(): Instant
  /** Milliseconds that case time runs ahead of real time; 0 in production. */
  caseOffsetMs(): number
}
