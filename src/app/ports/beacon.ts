/** A public source of randomness that signs one value a round, each verifiable for ever. */
import type { Instant } from '../../base/time.ts'

export type Beacon = {
  /** Hex: names the chain of rounds. */
  readonly chain: string
  /** For people. */
  readonly name: string
  /** The first round that appears at or after the instant. */
  roundAt(at: Instant): number
  appearsAt(round: number): Instant
  /** The randomness of the round if this is its signature; undefined: it is not. */
  randomnessOf(round: number, signature: Uint8Array): Uint8Array | undefined
}
