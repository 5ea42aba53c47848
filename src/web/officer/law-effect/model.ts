/** What a version of a law pack would change for the open cases of this node. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { Control } from '../control.ts'

export type LawEffectModel = {
  readonly pack: { readonly id: string; readonly title: string; readonly version: string }
  /** Left out: nobody has asked yet. */
  readonly run?: {
    readonly state: 'running' | 'done' | 'failed' | 'stopped'
    readonly startedAt: Instant
    readonly total: number
    readonly looked: number
    readonly changed: number
    readonly decided: number
    readonly lost: number
    readonly unread: number
    readonly counts: readonly { readonly kind: string; readonly count: number }[]
  }
  readonly cases: readonly {
    readonly id: string
    readonly title: string
    readonly kinds: readonly string[]
  }[]
  /** Cases of this page that the reader may not see. */
  readonly hidden: number
  /** Address of the next page. */
  readonly next?: string
  readonly start: Control
  readonly formToken: string
  readonly refused?: readonly Because[]
}
