/**
 * The exhibit room: where an exhibit is plaintext, and for how long.
 *
 * Sealing, and opening for one redaction, happen in a worker process that has no
 * network and ends with the act. What comes back is ciphertext, digests, and in
 * the case of a redaction the redacted copy that may leave.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import type { RedactedRecord } from '../../proof/redacted-record.ts'

/** Digests and roots are SHA-256, lower-case hex. */
export type ExhibitSeal = {
  readonly digest: string
  readonly sizeBytes: number
  /** Root over one salted commitment for each part: fixed when the exhibit is sealed. */
  readonly partsRoot: string
  readonly parts: number
}

export type ExhibitPlace = { readonly caseId: string; readonly exhibitId: string }

export type Exhibits = {
  /** `parts`: the turns of a transcript, in order. Each becomes separately redactable. */
  seal(place: ExhibitPlace, parts: readonly Json[]): Promise<ExhibitSeal>
  /**
   * Opens `sourceId` for this act and keeps the copy without the hidden parts as an
   * exhibit of its own. The digest is that of the copy as it leaves, in canonical form.
   */
  redact(
    sourceId: string,
    hidden: readonly number[],
    place: ExhibitPlace,
  ): Promise<ExhibitSeal & { readonly record: RedactedRecord }>
  /** Keeps a copy that a peer released to this authority. */
  keep(place: ExhibitPlace, record: RedactedRecord): Promise<ExhibitSeal>
  /** Opens an exhibit for an officer who reads it. Every call is an act of custody. */
  open(exhibitId: string): Promise<RedactedRecord>
  /** The age file as it stands at rest. */
  ciphertext(exhibitId: string): Promise<Bytes>
}
