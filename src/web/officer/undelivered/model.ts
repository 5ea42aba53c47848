/** What was given up, for an administrator: whom it was for, and why; not what it said. */

import type { UndeliveredItem } from '../../../app/ports/undelivered.ts'
import type { Instant } from '../../../base/time.ts'

export type UndeliveredModel = {
  readonly formToken: string
  readonly items: readonly {
    readonly kind: UndeliveredItem['kind']
    readonly id: string
    /** An officer's name, or an endpoint's; absent: the officer has no account any more. */
    readonly to?: string
    readonly advice: string
    readonly attempts: number
    readonly endedAt: Instant
    readonly isKept: boolean
  }[]
  /** What was asked for was not there any more. */
  readonly isGone?: true
}
