/** What oversight reads: how many decisions and refusals, by act and by rule. No case content. */
import type { Instant } from '../../../base/time.ts'

export type OversightModel = {
  readonly from: Instant
  readonly until: Instant
  readonly acts: readonly {
    readonly act: string
    readonly permitted: number
    readonly refused: number
  }[]
  readonly refusals: readonly { readonly rule: string; readonly count: number }[]
  readonly clocks: { readonly met: number; readonly overdue: number; readonly running: number }
}
