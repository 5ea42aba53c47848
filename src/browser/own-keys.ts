/**
 * The officer's own keys in this browser. A key that is made here is a non-extractable
 * `CryptoKey`: scripts of this origin can open with it and cannot read it. It is gone
 * when the browser's data is cleared.
 *
 * Beside it an age identity from a file or a pasted text serves for one opening and is
 * forgotten. Neither is ever sent.
 */
import type { Bytes } from '../base/bytes.ts'
import { ComityError } from '../base/errors.ts'
import { openWith, recipientOf } from '../seal/seal.ts'

const DATABASE = 'comity-sealing'
const STORE = 'keys'

export type StoredKey = {
  readonly recipient: string
  readonly key: CryptoKey
  /** Milliseconds; a recovered key is for a while only. */
  readonly untilMs: number | null
}

export type Identity = string | CryptoKey

/** Makes a key and keeps it. @returns its age recipient */
export async function makeKey(): Promise<string> {
  const pair = (await crypto.subtle.generateKey({ name: 'X25519' }, false, [
    'deriveBits',
  ])) as CryptoKeyPair
  const recipient = await recipientOf(pair.privateKey)
  await put({ recipient, key: pair.privateKey, untilMs: null })
  // Asks the browser not to clear it for want of space; it may refuse.
  await navigator.storage?.persist?.().catch(() => false)
  return recipient
}

/** Keeps a recovered X25519 identity until then, no longer readable. */
export async function keepRecovered(
  identity: string,
  recipient: string,
  untilMs: number,
): Promise<void> {
  const pkcs8 = new Uint8Array([...PKCS8_HEAD, ...seedOf(identity)])
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'X25519' }, false, [
    'deriveBits',
  ])
  if ((await recipientOf(key)) !== recipient) throw new Error('the key was kept wrongly')
  await put({ recipient, key, untilMs })
}

export async function storedKeys(): Promise<StoredKey[]> {
  const all = await inStore<StoredKey[]>('readonly', (store) => store.getAll())
  const isOver = ({ untilMs }: StoredKey) => untilMs !== null && untilMs <= Date.now()
  for (const { recipient } of all.filter(isOver)) await forgetKey(recipient)
  return all.filter((one) => !isOver(one))
}

async function forgetKey(recipient: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(recipient))
}

/**
 * What this browser can open with: the keys that it keeps, and what the page's two
 * controls hold, which are emptied.
 *
 * @returns `undefined` if a text was given that holds no identity
 */
export async function identitiesHere(): Promise<Identity[] | undefined> {
  const kept = (await storedKeys().catch(() => [])).map(({ key }) => key)
  const fileInput = input('identity-file')
  const textInput = input('identity-text')
  const text = textInput?.value || ((await fileInput?.files?.[0]?.text()) ?? '')
  if (textInput) textInput.value = ''
  if (fileInput) fileInput.value = ''
  if (text.trim() === '') return kept
  const lines = text.split('\n').map((line) => line.trim())
  const identity = lines.find((line) => line.startsWith('AGE-SECRET-KEY-'))
  return identity === undefined ? undefined : [...kept, identity]
}

/**
 * Opens with the first key that can.
 *
 * @throws ComityError of the last one that could not; `malformed` with field `identity` if
 * a text is no identity
 */
export async function openWithAny(
  identities: readonly Identity[],
  sealed: Uint8Array,
): Promise<Bytes> {
  let failure: unknown
  for (const identity of identities) {
    try {
      return await openWith(identity, sealed)
    } catch (error) {
      failure = error
      const isBadKey = error instanceof ComityError && error.field === 'identity'
      if (isBadKey) throw error
    }
  }
  throw failure ?? new ComityError('unverified', 'no key is here', { reason: 'no-key' })
}

function put(stored: StoredKey): Promise<unknown> {
  return inStore('readwrite', (store) => store.put(stored))
}

async function inStore<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await openDatabase()
  try {
    const transaction = database.transaction(STORE, mode)
    const result = resultOf(ask(transaction.objectStore(STORE)))
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve
      transaction.onabort = () => reject(transaction.error)
      transaction.onerror = () => reject(transaction.error)
    })
    return await result
  } finally {
    database.close()
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(STORE, { keyPath: 'recipient' })
  }
  return resultOf(request)
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function input(id: string): HTMLInputElement | null {
  return document.getElementById(id) as HTMLInputElement | null
}

/** RFC 8410: what stands before the 32 bytes of an X25519 private key. */
const PKCS8_HEAD = [
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20,
]
const BECH32 = 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'
const SEED_BYTES = 32
const IDENTITY = /^AGE-SECRET-KEY-1([02-9AC-HJ-NP-Z]{52})[02-9AC-HJ-NP-Z]{6}$/

/** The seed inside an identity, whose checksum was verified when its recipient was computed. */
function seedOf(identity: string): Uint8Array {
  const [, data = ''] = IDENTITY.exec(identity) ?? []
  const seed = new Uint8Array(SEED_BYTES)
  let value = 0
  let bits = 0
  let at = 0
  for (const symbol of data) {
    value = value * 32 + BECH32.indexOf(symbol)
    bits += 5
    if (bits < 8 || at === SEED_BYTES) continue
    bits -= 8
    seed[at++] = Math.floor(value / 2 ** bits)
    value %= 2 ** bits
  }
  if (at !== SEED_BYTES) throw new Error('not an X25519 identity')
  return seed
}
