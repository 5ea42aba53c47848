/**
 * Padding before sealing, so that a sealed file's length says little: at least
 * 4 KiB, then Padmé (Nikitin and others, "Reducing Metadata Leakage from
 * Encrypted Files and Communication with PURBs", PoPETs 2019, section 4), which
 * adds at most 12 % and leaves O(log log n) bits.
 *
 * Padded form: length as u32 big-endian ‖ bytes ‖ zeros.
 */
import type { Bytes } from '../base/bytes.ts'
import { invariant, malformed } from '../base/errors.ts'

export const PADDED_SIZE_MIN = 4096

const LENGTH_SIZE = 4
const LENGTH_MAX = 2 ** 32 - 1

export function pad(bytes: Uint8Array): Bytes {
  invariant(bytes.length <= LENGTH_MAX, 'padded bytes have a length of 32 bits')
  const padded = new Uint8Array(paddedSize(bytes.length))
  new DataView(padded.buffer).setUint32(0, bytes.length)
  padded.set(bytes, LENGTH_SIZE)
  return padded
}

/** @throws ComityError `malformed` if these bytes are not what `pad` makes of anything */
export function unpad(padded: Uint8Array): Bytes {
  if (padded.length < PADDED_SIZE_MIN) throw malformed('padding is too short')
  const size = new DataView(padded.buffer, padded.byteOffset).getUint32(0)
  if (padded.length !== paddedSize(size)) throw malformed('padding has a wrong length')
  const end = LENGTH_SIZE + size
  if (padded.subarray(end).some((byte) => byte !== 0)) throw malformed('padding is not zero')
  return new Uint8Array(padded.subarray(LENGTH_SIZE, end))
}

/** Bytes that `pad` makes of `size` bytes. */
export function paddedSize(size: number): number {
  return Math.max(PADDED_SIZE_MIN, padme(LENGTH_SIZE + size))
}

/** True for a size that `pad` makes of something. */
export function isPaddedSize(size: number): boolean {
  return size >= PADDED_SIZE_MIN && padme(size) === size
}

/** Rounds up to a number whose last E − S bits are zero, E = ⌊log2 n⌋, S = ⌊log2 E⌋ + 1. */
function padme(size: number): number {
  const exponent = floorLog2(size)
  const significant = exponent === 0 ? 1 : floorLog2(exponent) + 1
  const step = 2 ** Math.max(0, exponent - significant)
  return Math.ceil(size / step) * step
}

// By division: bit operators end at 32 bits, and Math.log2 rounds.
function floorLog2(value: number): number {
  let exponent = 0
  for (let rest = value; rest >= 2; rest = Math.floor(rest / 2)) exponent++
  return exponent
}
