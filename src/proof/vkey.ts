/**
 * Verifier keys of signed notes (C2SP signed-note), e.g.
 * `example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k`.
 *
 * A key id is a label of four bytes, easy to collide and no security boundary;
 * only the public key is.
 */
import {
  concatBytes,
  equalBytes,
  fromBase64,
  fromHex,
  toBase64,
  toHex,
  utf8,
} from '../base/bytes.ts'
import { malformed } from '../base/errors.ts'
import type { Hashing } from './primitives.ts'

/** What a key signs, and how. */
export const KEY_TYPE = { ed25519: 0x01, cosignature: 0x04, mlDsa44Cosignature: 0x06 } as const
export type KeyType = (typeof KEY_TYPE)[keyof typeof KEY_TYPE]

/** Bytes of a public key of each type. */
const KEY_SIZES = new Map<number, number>([
  [KEY_TYPE.ed25519, 32],
  [KEY_TYPE.cosignature, 32],
  [KEY_TYPE.mlDsa44Cosignature, 1312],
])

export const KEY_ID_SIZE = 4

export type NoteKey = {
  readonly name: string
  readonly keyId: Uint8Array
  readonly type: KeyType
  readonly publicKey: Uint8Array
}

/** @throws ComityError `malformed` if the name or the key has a wrong form. */
export function noteKey(
  primitives: Hashing,
  name: string,
  type: KeyType,
  publicKey: Uint8Array,
): NoteKey {
  requireKeyName(name, 'name')
  if (publicKey.length !== KEY_SIZES.get(type)) {
    throw malformed('public key has a wrong length', { field: 'publicKey' })
  }
  const material = concatBytes(utf8(`${name}\n`), Uint8Array.of(type), publicKey)
  return { name, keyId: primitives.sha256(material).slice(0, KEY_ID_SIZE), type, publicKey }
}

/** @throws ComityError `malformed`, also if the key id does not belong to the key. */
export function parseVkey(primitives: Hashing, text: string, field = 'vkey'): NoteKey {
  // Base64 may hold `+` as well: only the first two separate.
  const first = text.indexOf('+')
  const second = text.indexOf('+', first + 1)
  if (first < 0 || second < 0) throw malformed('verifier key has no three parts', { field })
  const typed = fromBase64(text.slice(second + 1), field)
  const type = typed[0]
  if (!isKeyType(type)) throw malformed('verifier key is of an unknown type', { field })
  const key = noteKey(primitives, text.slice(0, first), type, typed.subarray(1))
  if (!equalBytes(fromHex(text.slice(first + 1, second), field), key.keyId)) {
    throw malformed('key id does not belong to the key', { field })
  }
  return key
}

export function formatVkey(key: NoteKey): string {
  const typed = concatBytes(Uint8Array.of(key.type), key.publicKey)
  return `${key.name}+${toHex(key.keyId)}+${toBase64(typed)}`
}

const NOT_IN_A_NAME = /[\p{White_Space}\p{Cc}+]/u

/** Key names are not empty and hold no space and no `+`. @throws ComityError `malformed` */
export function requireKeyName(name: string, field: string): void {
  if (name === '' || NOT_IN_A_NAME.test(name)) throw malformed('not a key name', { field })
}

function isKeyType(type: number | undefined): type is KeyType {
  return type !== undefined && KEY_SIZES.has(type)
}
