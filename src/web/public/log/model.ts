/** The log of this node: its newest checkpoint and who cosigned it. */
import type { Instant } from '../../../base/time.ts'

export type LogModel = {
  readonly origin: string
  readonly treeSize: number
  readonly rootHash: string
  /** The signed note as it stands. */
  readonly checkpoint: string
  readonly publishedAt: Instant
  readonly cosigners: readonly {
    readonly name: string
    readonly isOutsideParty: boolean
    readonly at?: Instant
  }[]
  readonly quorum: { readonly needed: number; readonly reached: boolean; readonly rule: string }
}
