/** Nodes whose documents were exchanged out of band and pinned. There is no other way in. */
import type { Bytes } from '../../base/bytes.ts'

export type Peer = {
  readonly id: string
  readonly name: string
  readonly legalOrder: string
  readonly baseUrl: string
  readonly messageKeyId: string
  readonly messageKey: Bytes
  readonly encryptionRecipient: string
  readonly logVkey: string
  readonly witnessVkey: string
}

export type Peers = {
  all(): readonly Peer[]
  find(id: string): Peer | undefined
}
