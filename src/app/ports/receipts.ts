/** How far the log has come with an entry. */
import type { Bytes } from '../../base/bytes.ts'

export type ReceiptState = 'accepted' | 'sequenced' | 'signed' | 'sealed'

export type EntryReceipt = {
  readonly state: ReceiptState
  /** Position in the log, once sequenced. */
  readonly leafIndex: number | undefined
  /** The bytes that the log holds. */
  readonly entry: Bytes
  /** The `.tlog-proof`, once the quorum of the policy has cosigned. */
  readonly receipt: Bytes | undefined
}

export type Receipts = {
  /** `undefined` if there is no entry by that log id. */
  of(logId: string): Promise<EntryReceipt | undefined>
  /** The states of many entries at once, without building their proofs. */
  states(logIds: readonly string[]): Promise<ReadonlyMap<string, ReceiptState>>
}
