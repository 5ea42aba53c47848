/**
 * OpenPGP for what CSAF demands of it (requirements 19 and 20): a key, detached
 * signatures in ASCII armour. Nothing is encrypted with it.
 *
 * The library is loaded with the first call: only the node's own job and the
 * administrator's commands need it.
 */
import type { PrivateKey } from 'openpgp'
import { malformed } from '../base/errors.ts'
import { DAY_MS, type Instant, instantFromMs, msOf } from '../base/time.ts'

const load = () => import('openpgp')

/** Signatures must stay valid for 30 days at any time, better 90 (requirement 19). */
const VALID_DAYS_MIN = 90
const KEY_TEXT_MAX = 64 * 1024

export type OpenPgpKey = {
  /** Lower-case hex. */
  readonly fingerprint: string
  readonly publicKey: string
  readonly privateKey: string
}

/** Ed25519 (RFC 9580 `ed25519Legacy`, which GnuPG reads), without an end. */
export async function makeOpenPgpKey(
  holder: { readonly name: string; readonly email: string },
  now: Instant,
): Promise<OpenPgpKey> {
  const { generateKey, readPrivateKey } = await load()
  const { privateKey, publicKey } = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [holder],
    format: 'armored',
    date: new Date(msOf(now)),
  })
  const key = await readPrivateKey({ armoredKey: privateKey })
  return { fingerprint: key.getFingerprint(), publicKey, privateKey }
}

/**
 * A key that the administrator brings: one private key in ASCII armour, without a
 * passphrase, that can sign for 90 days from `now`.
 *
 * @throws ComityError `malformed`
 */
export async function takeOpenPgpKey(armored: string, now: Instant): Promise<OpenPgpKey> {
  if (armored.length > KEY_TEXT_MAX) throw malformed('the OpenPGP key is too long')
  const key = await readSound(armored)
  const end = await key.getExpirationTime()
  if (end === null) throw malformed('the OpenPGP key is not valid', { reason: 'key-not-valid' })
  const last = typeof end === 'number' ? end : end.getTime()
  if (last < msOf(now) + VALID_DAYS_MIN * DAY_MS) {
    throw malformed('the OpenPGP key ends within 90 days', { reason: 'key-ends' })
  }
  try {
    await key.getSigningKey(undefined, new Date(msOf(now)))
  } catch (cause) {
    throw malformed('the OpenPGP key cannot sign', { reason: 'key-cannot-sign', cause })
  }
  return {
    fingerprint: key.getFingerprint(),
    publicKey: key.toPublic().armor(),
    privateKey: key.armor(),
  }
}

async function readSound(armored: string): Promise<PrivateKey> {
  const { readPrivateKey } = await load()
  let key: PrivateKey
  try {
    key = await readPrivateKey({ armoredKey: armored })
  } catch (cause) {
    throw malformed('not one OpenPGP private key in ASCII armour', { reason: 'no-key', cause })
  }
  if (!key.isDecrypted()) {
    const text = 'the OpenPGP key has a passphrase: take it off first, the node seals the key'
    throw malformed(text, { reason: 'key-has-passphrase' })
  }
  return key
}

export type OpenPgpSigner = (text: string, now: Instant) => Promise<string>

/** Detached, over the UTF-8 bytes as they are, in ASCII armour. */
export async function openPgpSigner(privateKey: string): Promise<OpenPgpSigner> {
  const { createMessage, readPrivateKey, sign } = await load()
  const key = await readPrivateKey({ armoredKey: privateKey })
  return async (text, now) => {
    const message = await createMessage({ binary: new TextEncoder().encode(text) })
    return sign({ message, signingKeys: key, detached: true, date: new Date(msOf(now)) })
  }
}

/**
 * When a public key ends; null: never.
 *
 * @throws ComityError `malformed` if it is none, or was revoked
 */
export async function openPgpKeyEnd(publicKey: string): Promise<Instant | null> {
  const { readKey } = await load()
  const key = await readKey({ armoredKey: publicKey }).catch((cause: unknown) => {
    throw malformed('not an OpenPGP public key in ASCII armour', { reason: 'no-key', cause })
  })
  const end = await key.getExpirationTime()
  if (end === null) throw malformed('the OpenPGP key is not valid', { reason: 'key-not-valid' })
  return typeof end === 'number' ? null : instantFromMs(end.getTime())
}

/** Lower-case hex. @throws ComityError `malformed` */
export async function openPgpFingerprint(publicKey: string): Promise<string> {
  const { readKey } = await load()
  const key = await readKey({ armoredKey: publicKey }).catch((cause: unknown) => {
    throw malformed('not an OpenPGP public key in ASCII armour', { reason: 'no-key', cause })
  })
  return key.getFingerprint()
}
