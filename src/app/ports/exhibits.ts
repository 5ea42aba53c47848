/**
 * The exhibit room: where an exhibit is plaintext, and for how long.
 *
 * An exhibit is a list of parts or a file. A file of any size passes through the worker
 * as a stream, in and out, and is never whole in anybody's memory.
 *
 * Sealing, and opening for one redaction, happen in a worker process that has no
 * network and ends with the act. What comes back is ciphertext, digests, and in
 * the case of a redaction the redacted copy that may leave.
 */
import type { Json } from '../../base/canonical-json.ts'
import type { Instant } from '../../base/time.ts'
import type { Leftover, PlacedText } from '../../core/evidence/leftovers.ts'
import type { RedactedRecord } from '../../proof/redacted-record.ts'
import type { RedactionAsk } from '../redaction/place-asks.ts'

/** Digests and roots are SHA-256, lower-case hex. */
export type ExhibitSeal = {
  readonly digest: string
  readonly sizeBytes: number
  /** Root over one salted commitment for each part: fixed when the exhibit is sealed. */
  readonly partsRoot: string
  readonly parts: number
}

/** A file as it was sealed. */
export type FileSeal = {
  /** Of the sealed bytes. */
  readonly digest: string
  readonly sizeBytes: number
  readonly plaintext: { readonly digest: string; readonly sizeBytes: number }
}

export type SealedAnew = {
  readonly bytes: ByteStream
  readonly plaintext: Promise<FileSeal['plaintext']>
}

/** Bytes as they come; an error on the way means that the whole is nothing. */
export type ByteStream = AsyncIterable<Uint8Array>

export type ExhibitPlace = { readonly caseId: string; readonly exhibitId: string }

/** `beside`: other texts that go with the copy, in which hidden words may stand too. */
export type Redaction = {
  readonly asks: readonly RedactionAsk[]
  readonly beside: readonly PlacedText[]
}

export type RedactedExhibit = ExhibitSeal & {
  readonly record: RedactedRecord
  /** Hidden words that are still shown somewhere. */
  readonly leftovers: readonly Leftover[]
}

export type Exhibits = {
  /**
   * `parts`: the turns of a transcript, in order. Each becomes separately redactable; unless
   * they are `flat`, everything inside them too. Staged until it is recorded.
   */
  seal(place: ExhibitPlace, parts: readonly Json[], form?: 'flat'): Promise<ExhibitSeal>
  /**
   * Opens `sourceId` for this act and makes a copy without what is asked to be hidden, kept
   * as an exhibit of its own where it has a place, staged until it is recorded; null only
   * shows it. The digest is that of the copy as it leaves, in canonical form.
   */
  redact(
    sourceId: string,
    redaction: Redaction,
    place: ExhibitPlace | null,
  ): Promise<RedactedExhibit | { readonly notThere: number }>
  /** Keeps a copy that a peer released to this authority. */
  keep(place: ExhibitPlace, record: RedactedRecord): Promise<ExhibitSeal>
  /** Opens an exhibit for an officer who reads it. Every call is an act of custody. */
  open(exhibitId: string): Promise<RedactedRecord>

  /** The most bytes that a file may have here. */
  readonly fileBytesMax: number
  /**
   * Seals a file on its way in, under a key of its own. It stays staged until it is
   * recorded; nothing is kept of one whose stream ends with an error.
   */
  takeFile(place: ExhibitPlace, bytes: ByteStream): Promise<FileSeal>
  /**
   * Takes a file that was sealed to this node, under a key of its own, staged like one that
   * an officer sent. `bytes` is called once for each identity that may open it.
   */
  takeSealed(
    place: ExhibitPlace,
    identities: readonly string[],
    bytes: () => ByteStream,
  ): Promise<FileSeal>
  /** The file sealed to an age recipient; what it holds is known at the end of the stream. */
  sealedAnew(exhibitId: string, recipient: string): Promise<SealedAnew>
  /**
   * The file sealed to an age recipient outside, and kept so under an id of its own, staged:
   * this node cannot open it again.
   */
  sealFor(place: ExhibitPlace, sourceId: string, recipient: string): Promise<FileSeal>
  /** What was staged is recorded in its case. */
  settleFile(exhibitId: string): Promise<void>
  /** Takes away what was staged and never recorded. */
  dropFile(exhibitId: string): Promise<void>
  /** Files and exhibits that were staged before that time and not recorded since. */
  stagedBefore(at: Instant): Promise<readonly ExhibitPlace[]>
  /** The plaintext, for an officer. Every call is an act of custody. */
  openFile(exhibitId: string): Promise<ByteStream>
  /** SHA-256 of a stream, lower-case hex. */
  digestOf(bytes: ByteStream): Promise<string>
  /** The sealed bytes as they stand at rest. */
  sealedBytes(exhibitId: string): Promise<ByteStream>

  /**
   * Destroys key and ciphertext: nobody opens it again, from this node's storage. What is
   * destroyed already stays so; backups made before keep both until they are deleted.
   */
  destroy(exhibitId: string): Promise<void>
}
