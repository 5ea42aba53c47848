/** Randomness from the operating system. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Random } from '../app/ports/random.ts'
import { toHex } from '../base/bytes.ts'

export const systemRandom: Random = {
  bytes: (size) => new Uint8Array(randomBytes(size)),
  uuid: () => randomUUID(),
  uuidByTime,
}

/** UUID version 7 (RFC 9562, section 5.7). */
function uuidByTime(): string {
  const bytes = new Uint8Array(randomBytes(16))
  const ms = toHex(new Uint8Array(new BigUint64Array([BigInt(Date.now())]).buffer).reverse()).slice(
    4,
  )
  const rest = toHex(bytes.subarray(6))
  const variant = (8 + (Number.parseInt(rest[4] ?? '0', 16) % 4)).toString(16)
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${rest.slice(1, 4)}-${variant}${rest.slice(5, 8)}-${rest.slice(8)}`
}
