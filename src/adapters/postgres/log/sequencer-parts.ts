/** What a sequencer is given. */
import type { Instant } from '../../../base/time.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import type { NoteSigner } from '../../../proof/signed-note.ts'
import type { NoteKey } from '../../../proof/vkey.ts'
import type { Database } from '../database.ts'

export type KnownWitness = {
  /** By which it is known and remembered. */
  readonly key: NoteKey
  /** More keys of the same witness, of another algorithm: it answers with a line of each. */
  readonly moreKeys?: readonly NoteKey[]
  /** Submission and monitoring prefix, without a slash at the end. */
  readonly url: string
}

/**
 * `fatal`: end the process, a restart finds out what is true. `frozen`: the log
 * signs no more, it is still served. `warning`: tried again by itself.
 */
export type SequencerError = 'fatal' | 'frozen' | 'warning'

export type SequencerParts = {
  readonly database: Database
  /** Folder of the public files: `checkpoint` and `tile/…`. */
  readonly directory: string
  readonly origin: string
  readonly signer: NoteSigner
  readonly primitives: Primitives
  readonly witnesses: readonly KnownWitness[]
  /** Oldest first: the notices by which this log follows earlier ones, for witnesses that do not know it. */
  readonly notices?: readonly Uint8Array[]
  readonly wireNow: () => Instant
  readonly onError: (kind: SequencerError, error: Error) => void
  /** Pause between two rounds. */
  readonly intervalMs?: number
  /** An idle log is cosigned again after this time, so that its freshness shows. */
  readonly heartbeatMs?: number
  /** A witness that failed is asked again after this time. */
  readonly retryMs?: number
  readonly witnessTimeoutMs?: number
  /** Ends requests that are on their way. */
  readonly stopSignal?: AbortSignal
}
