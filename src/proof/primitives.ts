/**
 * The cryptography that this folder needs, handed in as one value, so that it
 * has no dependency and runs at the speed of its platform: node:crypto on a
 * server, noble in a browser.
 */
import type { Bytes } from '../base/bytes.ts'

export type Primitives = {
  /** SHA-256 (FIPS 180-4): 32 bytes. */
  readonly sha256: (bytes: Uint8Array) => Bytes
  /** Ed25519 (RFC 8032). False for keys and signatures of a wrong form; never throws. */
  readonly verifyEd25519: (
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ) => boolean
  /** ML-DSA-44 (FIPS 204) with an empty context, where the platform has it; never throws. */
  readonly verifyMlDsa44?: (
    publicKey: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
  ) => boolean
}

/** The part of the primitives that plain tree arithmetic needs. */
export type Hashing = Pick<Primitives, 'sha256'>
