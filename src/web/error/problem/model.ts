/** A problem (RFC 9457) as a page. The same status and code are in the machine's answer. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'

export type ProblemStatus = 400 | 403 | 404 | 413 | 429 | 500 | 503

export type ProblemModel = {
  readonly status: ProblemStatus
  /** Stable code of the problem. */
  readonly code: string
  /** The field that was wrong, never its value. */
  readonly field?: string
  readonly because: readonly Because[]
  /** Given with 429 and 503. */
  readonly retryAt?: Instant
  /** Lets an operator find the entry in the server's own record. */
  readonly traceId?: string
}
