/** Who was let into a case by a link, and when they looked. */
import type { Instant } from '../../../base/time.ts'
import type { ActItem } from '../../parts.ts'

export type GuestsModel = {
  readonly case: { readonly id: string; readonly ref: string; readonly title: string }
  readonly guests: readonly {
    readonly person: string
    readonly name: string
    readonly sees: readonly string[]
    readonly admittedBy: string
    readonly admittedAt: Instant
    readonly until: Instant
    /** `locked`: the code was typed wrong too often. */
    readonly state: 'open' | 'locked' | 'over'
    /** The newest first. */
    readonly views: readonly Instant[]
  }[]
  readonly admit: ActItem
  readonly remove: ActItem
}
