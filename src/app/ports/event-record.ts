/** An event as the node keeps it: with everything that opens its commitment. */
import type { Bytes } from '../../base/bytes.ts'
import type { EventEnvelope } from '../../wire/event-commitment.ts'

/** Ordinary entries go to the log at once, intake ones with the next batch. */
export type LogBatch = 'ordinary' | 'intake'

export type SealedEvent = {
  readonly envelope: EventEnvelope
  /** Ed25519 by the officer's key, or by the node's message key for a timer or a peer. */
  readonly signature: Bytes
  /** 32 bytes; without them the log entry can no longer be opened. */
  readonly salt: Bytes
  /** Names the log entry and its receipt. */
  readonly logId: string
}
