/**
 * The node's own keys: each purpose has a key of its own, so that losing one does not
 * lose the others. Where the private parts are kept is the adapter's
 * matter: signing may leave the process. What must open things (the age identities
 * and the column keys) is held in the memory of the process while it runs.
 *
 * A message key, an encryption identity and a column key may have a predecessor or
 * a successor for a while: the intervals say which of them count when.
 */
import type { Bytes } from '../../base/bytes.ts'
import type { Instant } from '../../base/time.ts'

export type NodeKeys = {
  /**
   * Requests, message headers, receipts, the node document. The id of the first is
   * `<node id>/msg1`. A successor takes over when `takeDue` says so.
   */
  readonly messageKeyId: string
  readonly messagePublicKey: Bytes
  /** Ed25519 over the bytes: 64 bytes. */
  signMessage(bytes: Uint8Array): Bytes | Promise<Bytes>
  /** The message key of this moment: its id and its signatures stay together. */
  messageSigner(): MessageKeySigner
  /** The oldest message key that still counts: others know it longest. Signs the node document. */
  documentSigner(): MessageKeySigner
  /**
   * Takes into use what counts at `now`.
   *
   * @returns the purposes that have another key than before
   * @throws ComityError `unavailable` if none counts; everything stays as it was
   */
  takeDue(now: Instant): readonly ('message' | 'witness' | 'encryption' | 'witnessMlDsa44')[]
  /** Checkpoints of the node's own log. */
  readonly logPublicKey: Bytes
  signLog(bytes: Uint8Array): Bytes | Promise<Bytes>
  /** Cosignatures on the checkpoints of others. */
  readonly witnessPublicKey: Bytes
  readonly signWitness: (bytes: Uint8Array) => Bytes | Promise<Bytes>
  /** The same by ML-DSA-44, with a key that has nothing in common with the other; absent until one was made. */
  readonly witnessMlDsa44?: SigningKey | undefined
  /** What peers seal to: an age recipient. */
  readonly encryptionRecipient: string
  /** The age identities that open what peers sealed, the current one first. They never leave the process. */
  encryptionIdentities(): readonly string[] | Promise<readonly string[]>
  /** 32 bytes under which database columns are sealed. They never leave the process. */
  columnKey(): Bytes | Promise<Bytes>
  /** The current column key first, then those from which columns are still being moved. */
  columnKeys(): readonly Bytes[] | Promise<readonly Bytes[]>
  /** Public parts, for the node document. */
  readonly published: PublishedKeys
}

export type SigningKey = {
  readonly publicKey: Bytes
  sign(bytes: Uint8Array): Bytes | Promise<Bytes>
}

export type MessageKeySigner = SigningKey & { readonly keyId: string }

export type PublishedKeys = {
  /** Oldest first; retired ones too. */
  readonly messageKeys: readonly (KeyInterval & {
    readonly id: string
    readonly publicKey: Bytes
  })[]
  readonly encryptionRecipients: readonly (KeyInterval & { readonly recipient: string })[]
  readonly revocations: readonly KeyRevocation[]
}

/** `null`: nobody has set this end yet. */
export type KeyInterval = {
  readonly validFrom: Instant | null
  readonly validUntil: Instant | null
}

/** From `at` on, nothing that this key signs counts, and nothing may be sealed to it. */
export type KeyRevocation = {
  /** Id of a message key, or an age recipient. */
  readonly key: string
  readonly at: Instant
  readonly reason: RevocationReason
}

export type RevocationReason = 'compromised' | 'lost' | 'superseded'
