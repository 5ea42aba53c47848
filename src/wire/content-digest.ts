/**
 * `Content-Digest` (RFC 9530, section 2) over the exact bytes received. SHA-256
 * and SHA-512 only; every digest that is given must be right.
 */
import { parseDictionary } from 'structured-headers'
import { equalBytes, toBase64 } from '../base/bytes.ts'
import { unverified } from '../base/errors.ts'

export type DigestPrimitives = {
  readonly sha256: (bytes: Uint8Array) => Uint8Array
  readonly sha512: (bytes: Uint8Array) => Uint8Array
}

export function contentDigest(primitives: Pick<DigestPrimitives, 'sha256'>, body: Uint8Array) {
  return `sha-256=:${toBase64(primitives.sha256(body))}:`
}

/** @throws ComityError `unverified` with reason `digest-form`, `digest-algorithm` or `digest` */
export function verifyContentDigest(
  primitives: DigestPrimitives,
  fieldValue: string,
  body: Uint8Array,
): void {
  const digests = parseDigests(fieldValue)
  if (digests.size === 0) throw refused('no digest is given', 'digest-form')
  for (const [algorithm, [value]] of digests) {
    const hash = hashFor(primitives, algorithm)
    if (!(value instanceof ArrayBuffer)) throw refused('a digest is not bytes', 'digest-form')
    if (!equalBytes(hash(body), new Uint8Array(value))) {
      throw refused('a digest does not fit the body', 'digest')
    }
  }
}

function parseDigests(fieldValue: string) {
  try {
    return parseDictionary(fieldValue)
  } catch {
    throw refused('content-digest is not a dictionary', 'digest-form')
  }
}

function hashFor(primitives: DigestPrimitives, algorithm: string) {
  if (algorithm === 'sha-256') return primitives.sha256
  if (algorithm === 'sha-512') return primitives.sha512
  throw refused('a digest is of another algorithm', 'digest-algorithm')
}

function refused(message: string, reason: string) {
  return unverified(message, { field: 'content-digest', reason })
}
