/** To whom reports are sealed, and changing it: an administrator proposes, a second person approves. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { IntakeLayer } from '../../../core/sealing/events.ts'
import type { Control } from '../control.ts'

export type RosterRow = {
  readonly name: string
  readonly isEscrow: boolean
  readonly layer: IntakeLayer
}

export type SealingRosterModel = {
  readonly digest: string
  readonly since?: Instant
  readonly entries: readonly (RosterRow & {
    readonly fingerprint: string
    /** False for a key that was lost or replaced, or whose holder left. */
    readonly isUsed: boolean
  })[]
  readonly left: number
  readonly oldKeys: readonly { readonly name: string; readonly count: number }[]
  readonly proposal?: {
    readonly id: string
    readonly by: string
    readonly until: Instant
    readonly entries: readonly (RosterRow & { readonly isNew: boolean })[]
    readonly dropped: readonly string[]
    readonly approve: Control
    readonly end: Control
    readonly isOwn: boolean
  }
  /** Keys that a roster may name; their fingerprints are not shown, to be asked for. */
  readonly candidates: readonly {
    readonly recipient: string
    readonly name: string
    readonly isEscrow: boolean
    readonly layer: IntakeLayer | 'none'
  }[]
  readonly propose: Control
  readonly formToken: string
  readonly refused?: readonly Because[]
}
