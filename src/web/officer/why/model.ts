/** Why a decision came out as it did: rules, inputs, who, and what it relied on. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { Actor, Counting, ReceiptStage } from '../../parts.ts'

export type WhyModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  /** What was decided, e.g. the act's name. */
  readonly act: string
  readonly subject: string
  readonly decision: 'permit' | 'refuse'
  /** The refusal's code. */
  readonly why?: string
  readonly because: readonly Because[]
  readonly inputs: readonly {
    readonly name: string
    readonly value: string
    readonly from?: string
  }[]
  readonly steps: readonly Counting[]
  readonly duties: readonly string[]
  readonly at: Instant
  readonly by: Actor
  readonly version: number
  readonly stage: ReceiptStage
  /** How a person can object. */
  readonly challenge?: string
}
