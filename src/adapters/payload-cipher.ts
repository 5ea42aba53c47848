/** The cipher of age payloads, by the machine's own cryptography. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { PayloadCipher } from '../seal/payload.ts'

const CIPHER = 'chacha20-poly1305'
const TAG = { authTagLength: 16 } as const
const KEY_BYTES = 32

export const payloadCipher: PayloadCipher = {
  payloadKey: (fileKey, salt) =>
    new Uint8Array(hkdfSync('sha256', fileKey, salt, 'payload', KEY_BYTES)),
  seal(key, nonce, chunk) {
    const cipher = createCipheriv(CIPHER, key, nonce, TAG)
    const sealed = cipher.update(chunk)
    cipher.final()
    return [sealed, cipher.getAuthTag()]
  },
  open(key, nonce, chunk) {
    const end = chunk.length - TAG.authTagLength
    const decipher = createDecipheriv(CIPHER, key, nonce, TAG)
    decipher.setAuthTag(chunk.subarray(end))
    const shown = decipher.update(chunk.subarray(0, end))
    // Throws if the chunk was changed; of a stream cipher it gives nothing more.
    decipher.final()
    return shown
  },
}
