/**
 * Sealing of database columns: AES-256-GCM under a key for each case or person,
 * itself wrapped by the node's key. Destroying a wrapped key makes every column
 * under it unreadable.
 *
 * Nonces are synthetic (HMAC of context and plaintext), so that the same value in
 * the same place gives the same bytes: a rebuilt projection is identical. Equal
 * values in the same place are therefore visible as equal; the context names the
 * row, so rows cannot be compared with each other.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { type Bytes, concatBytes, utf8 } from '../../base/bytes.ts'
import { unverified } from '../../base/errors.ts'

const KEY_SIZE = 32
const NONCE_SIZE = 12
const TAG_SIZE = 16

export type ColumnKey = {
  /** `context` names the row and column; opening with another one fails. */
  seal(context: string, plaintext: Uint8Array): Bytes
  /** @throws ComityError `unverified` if the bytes or the context were changed */
  open(context: string, sealed: Uint8Array): Bytes
}

export type AtRest = {
  /** A fresh column key, wrapped for storage. */
  newKey(): Bytes
  unwrap(wrapped: Uint8Array): ColumnKey
  /** The node's own key, for what belongs to no case: officers, intake batches. */
  readonly node: ColumnKey
  /** For what strangers make us seal as often as they like: stored data is not under it. */
  readonly tokens: ColumnKey
  /**
   * Sealed under the current node key again; `undefined` if it is so already.
   *
   * @throws ComityError `unverified` if no node key opens it
   */
  resealed(context: string, sealed: Uint8Array): Bytes | undefined
}

/** The context of every wrapped column key. */
export const WRAP_CONTEXT = 'comity/column-key/v1'

/**
 * @param nodeKey 32 bytes that never leave this process and the key store
 * @param former keys before it, under which columns may still be sealed: they open
 * and seal nothing new
 */
export function atRest(nodeKey: Uint8Array, former: readonly Uint8Array[] = []): AtRest {
  const current = columnKey(nodeKey)
  const all = [current, ...former.map(columnKey)]
  const tokens = [nodeKey, ...former].map((key) => columnKey(subkey(key, 'tokens')))
  const node: ColumnKey = {
    seal: (context, plaintext) => current.seal(context, plaintext),
    open: (context, sealed) => openWithAny(all, context, sealed),
  }
  return {
    node,
    tokens: {
      seal: (tokens[0] as ColumnKey).seal,
      open: (context, sealed) => openWithAny(tokens, context, sealed),
    },
    resealed(context, sealed) {
      if (opens(current, context, sealed)) return undefined
      return current.seal(context, openWithAny(all, context, sealed))
    },
    newKey: () => node.seal(WRAP_CONTEXT, randomBytes(KEY_SIZE)),
    unwrap: (wrapped) => columnKey(node.open(WRAP_CONTEXT, wrapped)),
  }
}

function openWithAny(keys: readonly ColumnKey[], context: string, sealed: Uint8Array): Bytes {
  const fitting = keys.length > 1 ? keys.find((key) => opens(key, context, sealed)) : undefined
  return (fitting ?? (keys[0] as ColumnKey)).open(context, sealed)
}

function opens(key: ColumnKey, context: string, sealed: Uint8Array): boolean {
  try {
    key.open(context, sealed)
    return true
  } catch {
    return false
  }
}

function columnKey(key: Uint8Array): ColumnKey {
  const encryptionKey = subkey(key, 'encryption')
  const nonceKey = subkey(key, 'nonce')
  return {
    seal(context, plaintext) {
      const aad = utf8(context)
      const nonce = createHmac('sha256', nonceKey)
        .update(utf8(`${aad.length}:`))
        .update(aad)
        .update(plaintext)
        .digest()
        .subarray(0, NONCE_SIZE)
      const cipher = createCipheriv('aes-256-gcm', encryptionKey, nonce).setAAD(aad)
      return concatBytes(nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag())
    },
    open(context, sealed) {
      try {
        const nonce = sealed.subarray(0, NONCE_SIZE)
        const tag = sealed.subarray(sealed.length - TAG_SIZE)
        const decipher = createDecipheriv('aes-256-gcm', encryptionKey, nonce)
          .setAAD(utf8(context))
          .setAuthTag(tag)
        const body = sealed.subarray(NONCE_SIZE, sealed.length - TAG_SIZE)
        return concatBytes(decipher.update(body), decipher.final())
      } catch (cause) {
        throw unverified('a sealed column does not open', { cause })
      }
    },
  }
}

function subkey(key: Uint8Array, purpose: string): Uint8Array {
  return createHmac('sha256', key).update(`comity/at-rest/${purpose}/v1`).digest()
}
