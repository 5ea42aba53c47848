/** The cases to which the person was admitted, and nothing of any other. */
import type { Instant } from '../../../base/time.ts'

export type SharedModel = {
  readonly cases: readonly {
    readonly id: string
    readonly ref: string
    /** Only where the summary is shared. */
    readonly title?: string
    readonly openedAt?: Instant
  }[]
}
