/** Nodes whose documents were exchanged out of band and pinned. There is no other way in. */
import type { Instant } from '../../base/time.ts'
import type { RenewalKind } from '../../wire/exchange/renewal.ts'
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

/** The documents where the administrator pins them. */
export type PeerPins = {
  /** False if another document was put there since the node read it, or none is there. */
  holds(node: string): Promise<boolean>
  /** Puts this one in the place of the pinned one, and uses it at once. */
  replace(node: string, document: Uint8Array): Promise<void>
}

/** What became of the newest documents of peers; for people. */
export type RenewalNotes = {
  all(): Promise<readonly RenewalNote[]>
  /** @returns false if it said so already */
  keep(note: RenewalNote): Promise<boolean>
  drop(node: string): Promise<void>
  /** Those of the last day, and perhaps older ones. */
  renewals(node: string): Promise<readonly PastRenewal[]>
  count(node: string, renewal: PastRenewal): Promise<void>
}

export type PastRenewal = {
  /** Real time. */
  readonly at: Instant
  readonly kind: RenewalKind
}

export type RenewalNote = {
  readonly node: string
  readonly outcome: 'renewed' | 'refused'
  /** Why not; a word of `wire/exchange/renewal.ts`, or `changed-on-disk`. */
  readonly why: string | null
  /** Of the document that came; absent where it could not be read, or many may come. */
  readonly fingerprint: string | null
  readonly at: Instant
}

export type Peers = {
  all(): readonly Peer[]
  find(id: string): Peer | undefined
}
