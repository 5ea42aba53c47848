/** Logs of peers as this node has seen them, and what was found about them. */
import type { Instant } from '../../../base/time.ts'
import type { Standing } from '../../../wire/monitor/standing.ts'

export type PeerLogsModel = {
  readonly logs: readonly PeerLogRow[]
  readonly findings: readonly {
    readonly findingId: string
    readonly peer: string
    readonly origin: string
    readonly finding: string
    readonly convicts: boolean
    readonly foundAt: Instant
  }[]
}

export type PeerLogRow = {
  readonly peer: string
  readonly origin: string
  readonly standing: Standing
  readonly treeSize?: number
  readonly auditedSize: number
  /** When witnesses last confirmed the head. */
  readonly freshAt?: Instant
  readonly reachedAt?: Instant
  readonly failingSince?: Instant
  /** Why: one of `unreachable`, `timeout`, …; `other` for what has no words of its own. */
  readonly failure?: string
  readonly witnessesReached: number
  readonly isClosed: boolean
  readonly suspicions: readonly string[]
}
