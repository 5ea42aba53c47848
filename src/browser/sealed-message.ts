/** A message of a mailbox before it is sealed: padded, and bound to its node from inside. */
import { type Bytes, toBase64 } from '../base/bytes.ts'
import { canonicalBytes, parseJson } from '../base/canonical-json.ts'
import { malformed, unverified } from '../base/errors.ts'
import { pad, unpad } from '../seal/padme.ts'

/** @param salt 32 random bytes, so that nobody can try texts against the digest */
export function writeMessage(origin: string, text: string, salt: Uint8Array): Bytes {
  return pad(canonicalBytes({ v: 1, origin, text, salt: toBase64(salt) }))
}

/** @throws ComityError `malformed`; `unverified` if it was made for another node */
export function readMessage(padded: Uint8Array, origin: string): string {
  const message = (parseJson(unpad(padded)) ?? {}) as { text?: unknown; origin?: unknown }
  if (typeof message.text !== 'string') throw malformed('not a message')
  if (message.origin !== origin) throw unverified('a message for another node')
  return message.text
}
