/** One draw, with all that is needed to hold it again. */
import type { Instant } from '../../../base/time.ts'
import type { Population } from '../../../core/oversight/oversight.ts'
import type { Control } from '../../officer/control.ts'

export type OversightDrawModel = {
  readonly population: Population
  readonly from: Instant
  readonly until: Instant
  readonly announcedAt: Instant
  readonly length: number
  readonly listDigest: string
  readonly sampleSize: number
  readonly beacon: {
    readonly name: string
    readonly chain: string
    readonly round: number
    readonly appearsAt: Instant
  }
  readonly held: {
    readonly at: Instant
    readonly signature: string
    readonly randomness: string
    readonly picked: readonly { readonly place: number; readonly caseId: string }[]
  } | null
  readonly hold: Control
}
