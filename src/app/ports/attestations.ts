/** Outside time stamps, and the signature files that officers attach. */
import type { Bytes } from '../../base/bytes.ts'
import type { Instant } from '../../base/time.ts'

export type GivenTimeStamp = {
  readonly token: Bytes
  readonly stamp: {
    readonly at: Instant
    readonly serial: string
    readonly policy: string
    readonly authority: string
  }
}

export type Attestations = {
  /**
   * Asks the time-stamp authority; undefined where none is configured.
   *
   * @param digest SHA-256 of what is stamped: nothing else leaves
   * @throws ComityError `unavailable` if it does not answer, `unverified` if the answer does not verify
   */
  readonly stamp: ((digest: Uint8Array) => Promise<GivenTimeStamp>) | undefined
  /** Kept sealed under the key of the stream that has the document. */
  keepSignature(streamId: string, signatureId: string, file: Uint8Array): Promise<void>
  keptSignature(streamId: string, signatureId: string): Promise<Bytes | undefined>
}
