/** The primitives of src/proof in a browser: synchronous, in plain JavaScript. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Primitives } from '../proof/primitives.ts'

export const browserPrimitives: Primitives = {
  sha256,
  verifyEd25519: (publicKey, message, signature) => {
    if (publicKey.length !== 32 || signature.length !== 64) return false
    try {
      // As RFC 8032 and node:crypto have it, not the looser rule of ZIP 215.
      return ed25519.verify(signature, message, publicKey, { zip215: false })
    } catch {
      // Bytes that are no point on the curve: nothing was verified.
      return false
    }
  },
}
