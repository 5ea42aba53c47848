/** What anyone may read of this node's log, and whom the node trusts to have seen it. */

export type PublicLog = {
  /** The newest published checkpoint, a signed note; `undefined` before the first. */
  checkpoint(): Promise<Uint8Array | undefined>
  /** The policy (C2SP tlog-policy) by which receipts of this log count as sealed. */
  readonly policy: Uint8Array
}
