/** One entry of the contact directory, with what it was before. */
import type { Because } from '../../../base/decision.ts'
import type { CalendarDate, Instant } from '../../../base/time.ts'

export type ContactModel = {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly kind: string
  /** Shown in this order; a link only for web addresses. */
  readonly facts: readonly {
    readonly field: string
    readonly text: string
    readonly isLink: boolean
  }[]
  readonly verified?: { readonly on: CalendarDate; readonly by: string }
  readonly history: readonly {
    readonly version: number
    readonly change: string
    readonly at: Instant
    readonly by: string
  }[]
  readonly keep:
    | { readonly isAllowed: true }
    | { readonly isAllowed: false; readonly because: readonly Because[] }
  readonly formToken: string
  readonly refused?: readonly Because[]
}
