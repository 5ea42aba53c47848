/** What anyone may read of this node's log, and whom the node trusts to have seen it. */

import type { Policy } from '../../proof/policy.ts'

export type PublicLog = {
  /** The newest published checkpoint, a signed note; `undefined` before the first. */
  checkpoint(): Promise<Uint8Array | undefined>
  /** The policy (C2SP tlog-policy) by which receipts of this log count as sealed. */
  readonly policy: Uint8Array
  /**
   * A policy with each log that has followed one of its logs since,
   * by a notice that this node has accepted. Witnesses and quorum stay as they are.
   */
  withFollowers(policy: Policy): Policy
}
