/** Keys for vectors: fixed, public, and therefore good for nothing else. */
import { createHash } from 'node:crypto'
import { publicKeyOf } from '../src/adapters/node-primitives.ts'
import { toBase64 } from '../src/base/bytes.ts'

/** The seed is 32 bytes that count up from `firstByte`. */
export function vectorKey(id: string, firstByte: number) {
  const seed = Uint8Array.from({ length: 32 }, (_, index) => firstByte + index)
  const listed = {
    id,
    node: id.slice(0, id.indexOf('/')),
    publicKey: toBase64(publicKeyOf(seed)),
    validFrom: '2026-01-01T00:00:00.000Z',
    validUntil: '2028-01-01T00:00:00.000Z',
  }
  return { seed, listed }
}

export function sha512Digest(body: string): string {
  return `sha-512=:${createHash('sha512').update(body).digest('base64')}:`
}
