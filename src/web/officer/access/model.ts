/** Who is let into a case and why, what waits for a second person, and what the reader may do. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { ActItem } from '../../parts.ts'
import type { Control } from '../control.ts'

export type AccessModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly formToken: string
  readonly classification: string
  /** Words of purposes; empty: none is excluded. */
  readonly purposes: readonly string[]
  readonly legalOrders: readonly string[]
  readonly proposals: readonly {
    readonly id: string
    readonly act: string
    /** Why it takes two persons as the case stands now. */
    readonly because: readonly Because[]
    readonly by: string
    readonly at: Instant
    readonly expiresAt: Instant
    /** What is approved is exactly this. */
    readonly digest: string
    readonly facts: readonly { readonly name: string; readonly value: string }[]
    readonly approve: Control
    readonly reject: Control
    readonly withdraw: Control
  }[]
  readonly people: readonly {
    readonly name: string
    readonly roles: readonly string[]
    readonly sees: 'whole' | 'shared' | 'nothing'
    readonly because: readonly Because[]
  }[]
  readonly acts: readonly (ActItem & {
    /** Why it is, or may be, only proposed here. */
    readonly secondPerson?: Because
  })[]
  readonly refused?: readonly Because[]
}
