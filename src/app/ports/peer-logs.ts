/** The logs of peers as this node's monitor has seen them; for people. */
import type { Instant } from '../../base/time.ts'

export type PeerLog = {
  readonly origin: string
  readonly node: string
  /** Of the largest head that was found consistent; undefined before the first. */
  readonly treeSize: number | undefined
  /** Leaves whose tiles were checked. */
  readonly auditedSize: number
  /** POSIX seconds: when witnesses last confirmed the head, by their clocks. */
  readonly freshAt: number | undefined
  readonly lookedAt: Instant
  readonly reachedAt: Instant | undefined
  readonly failingSince: Instant | undefined
  /** Why the last look failed: a code. */
  readonly failure: string | undefined
  readonly witnessesReached: number
  readonly isClosed: boolean
  /** What the last look found and no signature proves. */
  readonly suspicions: readonly string[]
}

export type PeerLogs = {
  /** By node, each node's logs in the order in which they followed each other. */
  all(): Promise<readonly PeerLog[]>
}
