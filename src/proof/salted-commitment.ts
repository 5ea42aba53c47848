/**
 * Salted commitments: HMAC-SHA256 with a random salt of 32 bytes as key.
 *
 * With the salt, anyone can check that the content is the committed one.
 * Without it, the commitment tells nothing, even about guessable content, so
 * destroying the salt erases the link. A salt is used once.
 */
import { type Bytes, equalBytes } from '../base/bytes.ts'
import { malformed, unverified } from '../base/errors.ts'
import { hmacSha256 } from './hmac.ts'
import type { Hashing } from './primitives.ts'

export const SALT_SIZE = 32

/** @throws ComityError `malformed` if the salt is not 32 bytes */
export function commit(primitives: Hashing, salt: Uint8Array, content: Uint8Array): Bytes {
  if (salt.length !== SALT_SIZE) throw malformed('a salt must be 32 bytes', { field: 'salt' })
  return hmacSha256(primitives, salt, content)
}

/** @throws ComityError `unverified` if the commitment is to something else */
export function openCommitment(
  primitives: Hashing,
  commitment: Uint8Array,
  salt: Uint8Array,
  content: Uint8Array,
): void {
  if (equalBytes(commit(primitives, salt, content), commitment)) return
  throw unverified('content is not the committed one', { reason: 'wrong-opening' })
}
