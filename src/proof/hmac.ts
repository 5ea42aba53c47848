/** HMAC-SHA256 (RFC 2104) over the one hash that is handed in. */
import { type Bytes, concatBytes } from '../base/bytes.ts'
import type { Hashing } from './primitives.ts'

const BLOCK_SIZE = 64

export function hmacSha256({ sha256 }: Hashing, key: Uint8Array, message: Uint8Array): Bytes {
  const short = key.length > BLOCK_SIZE ? sha256(key) : key
  const inner = sha256(concatBytes(paddedWith(short, 0x36), message))
  return sha256(concatBytes(paddedWith(short, 0x5c), inner))
}

function paddedWith(key: Uint8Array, pad: number): Bytes {
  const block = new Uint8Array(BLOCK_SIZE).fill(pad)
  for (const [index, byte] of key.entries()) block[index] = byte ^ pad
  return block
}
