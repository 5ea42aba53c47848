/** What was sent to peers about a case, and what they signed for it. */
import type { MessageHeader } from '../../wire/exchange/message-header.ts'
import type { SignedReceipt } from '../../wire/exchange/receipt.ts'
import type { NodeSignature } from '../../wire/exchange/signed.ts'

export type ChannelReceipt = {
  readonly header: MessageHeader
  /** By this node's message key. */
  readonly headerSignature: NodeSignature
  /** By the destination's message key; null until it has answered. */
  readonly receipt: SignedReceipt | null
}

export type ChannelReceipts = {
  /**
   * Messages about a case, by destination and in the order of their numbers.
   * `leadCaseId`: the lead's own id of the case, under which its participants write to it.
   */
  forCase(caseId: string, leadCaseId: string | null): Promise<readonly ChannelReceipt[]>
}
