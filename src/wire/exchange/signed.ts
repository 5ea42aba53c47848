/**
 * Signatures of a node's message key over documents of the exchange:
 * Ed25519 over domain ‖ canonical JSON. A domain keeps one kind of document from
 * passing as another.
 */
import { type Bytes, concatBytes, fromBase64, toBase64, utf8 } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { unverified } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { isRevoked, type MessageKey, type Sign } from '../http-signature.ts'

export const DOMAIN = {
  link: 'comity/link/v1\0',
  header: 'comity/header/v1\0',
  receipt: 'comity/message-receipt/v1\0',
  channelHead: 'comity/channel-head/v1\0',
  nodeDocument: 'comity/node/v1\0',
  backup: 'comity/backup/v1\0',
} as const

export type Domain = (typeof DOMAIN)[keyof typeof DOMAIN]

export type NodeSignature = { readonly keyId: string; readonly value: string }

export type MessageSigner = { readonly keyId: string; readonly sign: Sign }

export function domainBytes(domain: Domain, value: object): Bytes {
  return concatBytes(utf8(domain), canonicalBytes(value))
}

export async function signValue(
  domain: Domain,
  value: object,
  { keyId, sign }: MessageSigner,
): Promise<NodeSignature> {
  return { keyId, value: toBase64(await sign(domainBytes(domain, value))) }
}

/**
 * @param by the node that must have signed, and the keys its pinned document lists, retired ones too
 * `at`: when it was signed, where the value says so
 * @throws ComityError `unverified` with reason `key-unknown`, `key-revoked` or `signature`
 */
export function verifyValue(
  primitives: Primitives,
  domain: Domain,
  value: object,
  signature: NodeSignature,
  by: {
    readonly node: string
    readonly messageKeys: readonly MessageKey[]
    readonly at?: Instant
  },
): void {
  const key = by.messageKeys.find((each) => each.id === signature.keyId && each.node === by.node)
  if (key === undefined) {
    throw unverified('key is not one of this node', { field: 'keyId', reason: 'key-unknown' })
  }
  if (by.at !== undefined && isRevoked(key, by.at)) {
    throw unverified('key was revoked by its node', { field: 'keyId', reason: 'key-revoked' })
  }
  const bytes = fromBase64(signature.value, 'signature')
  if (!primitives.verifyEd25519(key.publicKey, domainBytes(domain, value), bytes)) {
    throw unverified('signature is wrong', { field: 'signature', reason: 'signature' })
  }
}
