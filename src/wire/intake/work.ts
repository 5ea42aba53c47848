/**
 * The price of a sealed filing: a number that takes many tries to find and one hash to
 * check. It is bound to one ticket and one sealed report, so it pays for that filing only.
 *
 * It costs a person's browser a moment and a flood its machines; it keeps nobody out.
 */
import { type Bytes, concatBytes, utf8 } from '../../base/bytes.ts'
import type { Hashing } from '../../proof/primitives.ts'

/** Bits that must be zero, at rest and at most. */
export const WORK_BITS = { rest: 15, most: 20 } as const

const NONCE_SIZE = 8

/** What every try starts with: the nonce follows, 8 bytes, big-endian. */
export function workPrefix({ sha256 }: Hashing, ticket: string, sealedDigest: Uint8Array): Bytes {
  return concatBytes(utf8('comity/filing-work/v1\n'), sha256(utf8(ticket)), sealedDigest)
}

export function workInput(prefix: Uint8Array, nonce: number): Bytes {
  const input = new Uint8Array(prefix.length + NONCE_SIZE)
  input.set(prefix)
  new DataView(input.buffer).setBigUint64(prefix.length, BigInt(nonce))
  return input
}

/** True if the hash starts with that many zero bits. */
export function isWork(hash: Uint8Array, bits: number): boolean {
  const whole = Math.floor(bits / 8)
  const rest = bits % 8
  return hash.subarray(0, whole).every((byte) => byte === 0) && (hash[whole] ?? 0) < 2 ** (8 - rest)
}
