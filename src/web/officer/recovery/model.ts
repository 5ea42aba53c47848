/** Recovery of an escrow key by M of N people: its sets of shares and its requests. */
import type { Because } from '../../../base/decision.ts'
import type { Instant } from '../../../base/time.ts'
import type { Control } from '../control.ts'

export type RecoveryModel = {
  readonly sets: readonly {
    readonly id: string
    readonly fingerprint: string
    readonly threshold: number
    readonly isInRoster: boolean
    readonly holders: readonly {
      readonly index: number
      readonly name: string
      readonly isPrinted: boolean
    }[]
    readonly ask: Control
  }[]
  readonly requests: readonly {
    readonly id: string
    readonly setId: string
    readonly ground: string
    readonly by: string
    readonly until: Instant
    readonly state: string
    readonly given: number
    readonly threshold: number
    /** The share of who looks, while it is not given. */
    readonly mine?: { readonly index: number; readonly sealed: string | null }
    readonly give: Control
    readonly cancel?: string
    /** Only for the requester of a live request. */
    readonly complete?: Control
    /** For the script: the record that shares are checked against, and the given ones. */
    readonly facts: string
  }[]
  readonly make: Control
  /** For the script that makes a set: officers with a sealing key, as JSON. */
  readonly holders: readonly {
    readonly id: string
    readonly name: string
    readonly recipient: string
  }[]
  readonly formToken: string
  readonly refused?: readonly Because[]
}
