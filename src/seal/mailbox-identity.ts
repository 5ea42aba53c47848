/**
 * The age identity of a mailbox, made from 32 bytes that only the holder of the receipt
 * code can derive. Replies are sealed to its recipient.
 *
 * It is of the same kind as the officers' keys, because a file for both kinds would only
 * be as strong as the weaker one.
 */
import { bech32 } from '@scure/base'
import { invariant } from '../base/errors.ts'
import type { IdentityKind } from './seal.ts'

const KEY_SIZE = 32
const PREFIX: Readonly<Record<IdentityKind, string>> = {
  x25519: 'AGE-SECRET-KEY-',
  hybrid: 'AGE-SECRET-KEY-PQ-',
}

export function mailboxIdentity(mailboxKey: Uint8Array, kind: IdentityKind): string {
  invariant(mailboxKey.length === KEY_SIZE, 'a mailbox key has 32 bytes')
  return bech32.encodeFromBytes(PREFIX[kind], mailboxKey).toUpperCase()
}
