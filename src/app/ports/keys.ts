/**
 * The node's own keys: four of them, each for one purpose, so that losing one
 * does not lose the others. Where the private parts are kept is the adapter's
 * matter. Signing of messages may leave the process; notes are signed in it.
 */
import type { Bytes } from '../../base/bytes.ts'

export type NodeKeys = {
  /** Requests, message headers, receipts, the node document. Its id is `<node id>/msg1`. */
  readonly messageKeyId: string
  readonly messagePublicKey: Bytes
  /** Ed25519 over the bytes: 64 bytes. */
  signMessage(bytes: Uint8Array): Bytes | Promise<Bytes>
  /** Checkpoints of the node's own log. */
  readonly logPublicKey: Bytes
  signLog(bytes: Uint8Array): Bytes | Promise<Bytes>
  /** Cosignatures on the checkpoints of others. */
  readonly witnessPublicKey: Bytes
  signWitness(bytes: Uint8Array): Bytes | Promise<Bytes>
  /** What peers seal to: an age recipient. */
  readonly encryptionRecipient: string
  /** The age identity that opens it. It never leaves the process. */
  encryptionIdentity(): string | Promise<string>
  /** 32 bytes under which database columns are sealed. They never leave the process. */
  columnKey(): Bytes | Promise<Bytes>
}
