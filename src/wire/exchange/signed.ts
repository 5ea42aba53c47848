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

/** Who must have signed, and the keys that its pinned document lists, retired ones too. */
export type SignedBy = {
  readonly node: string
  readonly messageKeys: readonly MessageKey[]
  /** When it was signed, where the value says so. */
  readonly at?: Instant
}

/** Beside what else this process does, where the platform can. */
export type VerifyAside = {
  readonly verifyEd25519Aside?: (
    ...signed: Parameters<Primitives['verifyEd25519']>
  ) => Promise<boolean>
}

/** @throws ComityError `unverified` with reason `key-unknown`, `key-revoked` or `signature` */
export function verifyValue(
  primitives: Primitives,
  domain: Domain,
  value: object,
  signature: NodeSignature,
  by: SignedBy,
): void {
  const publicKey = keyThatCounts(signature, by)
  const bytes = fromBase64(signature.value, 'signature')
  if (!primitives.verifyEd25519(publicKey, domainBytes(domain, value), bytes)) throw isWrong()
}

/** The same, beside others if the platform can. */
export async function verifyValueAside(
  primitives: Primitives & VerifyAside,
  domain: Domain,
  value: object,
  signature: NodeSignature,
  by: SignedBy,
): Promise<void> {
  const verifyAside = primitives.verifyEd25519Aside
  if (verifyAside === undefined) return verifyValue(primitives, domain, value, signature, by)
  const publicKey = keyThatCounts(signature, by)
  const bytes = fromBase64(signature.value, 'signature')
  if (!(await verifyAside(publicKey, domainBytes(domain, value), bytes))) throw isWrong()
}

function keyThatCounts({ keyId }: NodeSignature, { node, messageKeys, at }: SignedBy): Uint8Array {
  const key = messageKeys.find((each) => each.id === keyId && each.node === node)
  if (key === undefined) {
    throw unverified('key is not one of this node', { field: 'keyId', reason: 'key-unknown' })
  }
  if (at !== undefined && isRevoked(key, at)) {
    throw unverified('key was revoked by its node', { field: 'keyId', reason: 'key-revoked' })
  }
  return key.publicKey
}

const isWrong = () => unverified('signature is wrong', { field: 'signature', reason: 'signature' })
