/** The primitives of src/proof on node:crypto, and signing with raw keys. */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import type { Bytes } from '../base/bytes.ts'
import type { Primitives } from '../proof/primitives.ts'

/** Sizes in bytes (RFC 8032, FIPS 204). */
const FORMS = {
  ed25519: { publicKey: 32, signature: 64 },
  'ml-dsa-44': { publicKey: 1312, signature: 2420 },
} as const
type Algorithm = keyof typeof FORMS

/** Parsed keys; there are as many as peers and witnesses, and strangers' keys push out the oldest. */
const PARSED_KEYS_MAX = 256
const parsedKeys = new Map<string, KeyObject>()

const verifyEd25519 = verifierFor('ed25519')
export const verifyMlDsa44 = verifierFor('ml-dsa-44')

export const nodePrimitives: Primitives = {
  sha256,
  verifyEd25519,
  verifyMlDsa44,
}

const SHA_256_SIZE = 32

/** By way of a text of one byte a character: memory for a Buffer takes thrice as long as the hash. */
function sha256(bytes: Uint8Array): Bytes {
  const characters = hash('sha256', bytes, 'latin1')
  const digest = new Uint8Array(SHA_256_SIZE)
  for (let at = 0; at < SHA_256_SIZE; at++) digest[at] = characters.charCodeAt(at)
  return digest
}

function verifierFor(algorithm: Algorithm): Primitives['verifyEd25519'] {
  const form = FORMS[algorithm]
  return (publicKey, message, signature) => {
    if (publicKey.length !== form.publicKey || signature.length !== form.signature) return false
    const key = publicKeyObject(algorithm, publicKey)
    return key !== undefined && verify(null, message, key, signature)
  }
}

/** In a thread of the pool, so that many are verified beside each other and beside this one. */
export function verifyEd25519Aside(
  ...[publicKey, message, signature]: Parameters<Primitives['verifyEd25519']>
): Promise<boolean> {
  const form = FORMS.ed25519
  const fits = publicKey.length === form.publicKey && signature.length === form.signature
  const key = fits ? publicKeyObject('ed25519', publicKey) : undefined
  if (key === undefined) return Promise.resolve(false)
  return new Promise((resolve, reject) => {
    verify(null, message, key, signature, (error, isRight) =>
      error ? reject(error) : resolve(isRight),
    )
  })
}

/** Signs with a seed of 32 bytes (RFC 8032): 64 bytes. */
export function signEd25519(seed: Uint8Array, message: Uint8Array): Bytes {
  return plainBytes(sign(null, message, privateKeyObject(seed)))
}

export function publicKeyOf(seed: Uint8Array): Bytes {
  return plainBytes(createPublicKey(privateKeyObject(seed)).export({ format: 'raw-public' }))
}

/** Signs with a seed of 32 bytes (FIPS 204), with an empty context: 2420 bytes. */
export function mlDsa44Signer(seed: Uint8Array): {
  readonly publicKey: Bytes
  readonly sign: (message: Uint8Array) => Bytes
} {
  const from = { key: Buffer.from(seed), asymmetricKeyType: 'ml-dsa-44' } as const
  const key = createPrivateKey({ ...from, format: 'raw-seed' })
  return {
    publicKey: plainBytes(createPublicKey(key).export({ format: 'raw-public' })),
    sign: (message) => plainBytes(sign(null, message, key)),
  }
}

/** Parsing takes longer than signing. A key lives here for as long as its very seed does. */
const parsedSeeds = new WeakMap<Uint8Array, KeyObject>()

function privateKeyObject(seed: Uint8Array): KeyObject {
  const known = parsedSeeds.get(seed)
  if (known !== undefined) return known
  const key = createPrivateKey({
    key: Buffer.from(seed),
    format: 'raw-private',
    asymmetricKeyType: 'ed25519',
  })
  parsedSeeds.set(seed, key)
  return key
}

function publicKeyObject(algorithm: Algorithm, publicKey: Uint8Array): KeyObject | undefined {
  const id = Buffer.from(publicKey).toString('base64')
  const known = parsedKeys.get(id)
  if (known !== undefined) return known
  const key = parsePublicKey(algorithm, publicKey)
  if (key === undefined) return undefined
  if (parsedKeys.size >= PARSED_KEYS_MAX) {
    parsedKeys.delete(parsedKeys.keys().next().value as string)
  }
  parsedKeys.set(id, key)
  return key
}

/** Undefined for bytes that are no key: whatever they signed is not verified. */
function parsePublicKey(algorithm: Algorithm, publicKey: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({
      key: Buffer.from(publicKey),
      format: 'raw-public',
      asymmetricKeyType: algorithm,
    })
  } catch {
    return undefined
  }
}

/** A copy without Buffer's own methods and without its shared pool. */
function plainBytes(buffer: Buffer): Bytes {
  return new Uint8Array(buffer)
}
