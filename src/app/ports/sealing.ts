/** Sealing with age. What is sealed here can be opened with the ordinary `age` tool. */
import type { Bytes } from '../../base/bytes.ts'

export type Sealing = {
  /** True for an age recipient that we seal to. */
  isRecipient(text: string): boolean
  /**
   * What a sealed file shows of itself: to how many it is sealed, and how much is inside.
   *
   * @throws ComityError `malformed` if it is no age file
   */
  shapeOf(sealed: Uint8Array): { readonly recipients: number; readonly payloadBytes: number }
  /** True if what is inside was padded to one of the sizes of `sealReport`. @throws as `shapeOf` */
  isPadded(sealed: Uint8Array): boolean
  /** The recipient of a mailbox, of the same kind as one that reports are sealed to. */
  mailboxRecipient(mailboxKey: Uint8Array, recipient: string): Promise<string>
  /** Pads, then seals to all of them. @throws ComityError `malformed` for fewer than two */
  sealReport(recipients: readonly string[], plaintext: Uint8Array): Promise<Bytes>
  /** Two layers: someone of the outer group opens first, then someone of the inner one. */
  sealContact(
    groups: { readonly inner: readonly string[]; readonly outer: readonly string[] },
    plaintext: Uint8Array,
  ): Promise<Bytes>
}
