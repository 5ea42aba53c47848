/** Randomness from the operating system. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { Random } from '../app/ports/random.ts'

export const systemRandom: Random = {
  bytes: (size) => new Uint8Array(randomBytes(size)),
  uuid: () => randomUUID(),
  uuidByTime,
}

/** UUID version 7 (RFC 9562, section 5.7). */
function uuidByTime(): string {
  const ms = Date.now().toString(16).padStart(12, '0')
  // The last three groups of a version 4 are random but for the version; the variant is the same.
  const [, , random, variant, node] = randomUUID().split('-')
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${random?.slice(1)}-${variant}-${node}`
}
