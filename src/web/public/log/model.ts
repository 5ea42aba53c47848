/** The log of this node: its newest checkpoint and who cosigned it. */
import type { Instant } from '../../../base/time.ts'

export type LogModel = {
  /** Absent before the first checkpoint. */
  readonly head?: {
    readonly origin: string
    readonly treeSize: number
    /** Lower-case hex. */
    readonly rootHash: string
    /** The signed note as it stands. */
    readonly checkpoint: string
    /** Signature and cosignatures were checked with the keys of the policy for this page. */
    readonly isVerified: boolean
  }
  readonly cosigners: readonly {
    readonly name: string
    readonly authority?: string
    readonly isOutsideParty: boolean
    /** Of the cosignature on this checkpoint, by the witness's own clock. */
    readonly at?: Instant
  }[]
  readonly quorum: { readonly needed: number; readonly reached: boolean; readonly rule: string }
}
