/** What anyone may read of this node's log, and whom the node trusts to have seen it. */

export type PublicLog = {
  /** The newest published checkpoint, a signed note; `undefined` before the first. */
  checkpoint(): Promise<Uint8Array | undefined>
  /** The policy (C2SP tlog-policy) by which receipts of this log count as sealed. */
  readonly policy: Uint8Array
  /**
   * The same policy with a line for each log that has followed one of its logs since,
   * by a notice that this node has accepted. Witnesses and quorum stay as they are.
   */
  withFollowers(policy: string): string
}
