/**
 * Files between nodes: what lies here for a peer until it has fetched it, and what of a
 * peer's file has come so far. All of it is ciphertext, and none of it is kept longer than
 * its way takes.
 */
import type { ExhibitPlace, FileSeal } from './exhibits.ts'

/** SHA-256, lower-case hex, and size of the sealed bytes. */
export type SealedBytes = { readonly digest: string; readonly sizeBytes: number }

/** What a peer answers; `stopped`: it will not come. */
export type PeerFile<Value> =
  | { readonly kind: 'given'; readonly value: Value }
  | { readonly kind: 'later' }
  | { readonly kind: 'stopped' }

export type Transfers = {
  /** Of what one peer may have on its way here at a time, in bytes of plaintext. */
  readonly pendingBytesMax: number

  /**
   * The exhibit sealed to the peer, made when it is first asked for; undefined while it is
   * being made.
   */
  sealedFor(copy: {
    readonly releaseId: string
    readonly exhibitId: string
    readonly peer: string
    /** SHA-256 of the plaintext that was released. */
    readonly plaintext: string
  }): Promise<SealedBytes | undefined>
  /** A piece of it, as long as there is one; undefined if there is nothing at that place. */
  pieceFor(releaseId: string, from: number): Promise<Uint8Array | undefined>
  dropSealed(releaseId: string): Promise<void>

  /** Asks the peer for what it sealed to this node. */
  ask(peer: string, releaseId: string): Promise<PeerFile<SealedBytes>>
  askPiece(peer: string, releaseId: string, from: number): Promise<PeerFile<Uint8Array>>
  /** How much of these very bytes is here. */
  arrivedBytes(releaseId: string, digest: string): Promise<number>
  /** Puts a piece behind what is here, which must be `from` bytes; on disk before it answers. */
  append(
    place: { readonly releaseId: string; readonly digest: string; readonly from: number },
    piece: Uint8Array,
  ): Promise<void>
  /** Seals it anew as an exhibit, staged; undefined if it is not what was announced. */
  take(
    place: ExhibitPlace,
    arrived: { readonly releaseId: string; readonly digest: string },
  ): Promise<FileSeal | undefined>
  /** `but`: the sealed bytes by this digest stay. */
  dropArrived(releaseId: string, but?: string): Promise<void>
  /** Removes what belongs to no release on its way. */
  keepOnly(isOnItsWay: (releaseId: string) => Promise<boolean>): Promise<void>
}
