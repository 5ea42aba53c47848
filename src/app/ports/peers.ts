/** Nodes whose documents were exchanged out of band and pinned. There is no other way in. */
import type { MessageKey } from '../../wire/http-signature.ts'

export type Peer = {
  readonly id: string
  readonly name: string
  /** As law packs name it: `EU`, `GB`, `US-CA`. */
  readonly legalOrder: string
  readonly webUrl: string
  readonly messageKeys: readonly MessageKey[]
  readonly logVkey: string
  readonly witnessVkey: string
  /** The signed document as it was pinned: canonical JSON. */
  readonly document: Uint8Array
}

export type Peers = {
  all(): readonly Peer[]
  find(id: string): Peer | undefined
}
