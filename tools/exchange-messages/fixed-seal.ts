/**
 * Age files that come out the same every time: while one is made, random bytes are those
 * of a counter. Good for vectors and for nothing else.
 */
import { createHash } from 'node:crypto'
import { bech32 } from '@scure/base'
import type { Bytes } from '../../src/base/bytes.ts'
import { recipientOf, sealTo } from '../../src/seal/seal.ts'

/** An X25519 identity of 32 bytes that count up from `firstByte`, and its recipient. */
export async function fixedIdentity(firstByte: number) {
  const secret = Uint8Array.from({ length: 32 }, (_, index) => firstByte + index)
  const identity = bech32.encode('age-secret-key-', bech32.toWords(secret)).toUpperCase()
  return { identity, recipient: await recipientOf(identity) }
}

export async function fixedSeal(
  recipients: readonly string[],
  plaintext: Uint8Array,
): Promise<Bytes> {
  const real = globalThis.crypto.getRandomValues
  let count = 0
  globalThis.crypto.getRandomValues = ((target: Uint8Array) => {
    const stream = createHash('shake256', { outputLength: target.length })
    target.set(stream.update(`comity vector ${count}`).digest())
    count += 1
    return target
  }) as typeof real
  try {
    return await sealTo(recipients, plaintext, { minimumRecipients: 1 })
  } finally {
    globalThis.crypto.getRandomValues = real
  }
}
