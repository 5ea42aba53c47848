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

export type SealedExhibit = {
  readonly digest: string
  readonly sizeBytes: number
  /** Root over one salted commitment for each part: fixed when the exhibit is sealed. */
  readonly partsRoot: string
  readonly parts: number
}

export type Exhibits = {
  /** `parts`: the turns of a transcript, in order. Each becomes separately redactable. */
  seal(caseId: string, exhibitId: string, parts: readonly Json[]): Promise<SealedExhibit>
  /** Opens the exhibit for this act and returns the copy without the named parts. */
  redact(exhibitId: string, hidden: readonly number[]): Promise<RedactedRecord>
  /** The age file as it stands at rest. */
  ciphertext(exhibitId: string): Promise<Bytes>
}
