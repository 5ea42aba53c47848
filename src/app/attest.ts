/** What the acts on agreements and on orders share: asking for a stamp, taking in a file. */
import { type Static, Type } from '@sinclair/typebox'
import { type Bytes, fromBase64, fromHex, toBase64, toHex } from '../base/bytes.ts'
import type { Decision } from '../base/decision.ts'
import { malformed, unverified } from '../base/errors.ts'
import {
  type Attestation,
  type AttestedDocument,
  attachSignature,
  SIGNATURE_FILE_SIZE_MAX,
  SIGNATURE_MEDIA_TYPES,
  type SignatureAttached,
  type TimeStampReceived,
  TOKEN_SIZE_MAX,
} from '../core/attestation/attestation.ts'
import type { Kernel } from './kernel.ts'

const line = Type.String({ minLength: 1, maxLength: 200 })

/** What the officer gives: the file, what is in it, and who looked at it. */
export const signatureFields = {
  /** Base64. */
  file: Type.String({
    minLength: 1,
    maxLength: Math.ceil(SIGNATURE_FILE_SIZE_MAX / 3) * 4,
    pattern: '^[A-Za-z0-9+/]+={0,2}$',
  }),
  mediaType: Type.Union(SIGNATURE_MEDIA_TYPES.map((type) => Type.Literal(type))),
  /** SHA-256 that the signature is over, in hex. */
  signedDigest: Type.String({ pattern: '^[0-9A-Fa-f]{64}$' }),
  /** Function of the person who signed. */
  signerFunction: line,
  /** Function of the person, or name of the service, that checked the signature. */
  checkedBy: line,
  checkedHow: Type.String({ minLength: 1, maxLength: 1000 }),
}
export const signatureForm = Type.Object(signatureFields, { additionalProperties: false })
export type SignatureInput = Static<typeof signatureForm>

/** @throws ComityError `unavailable` or `unverified`; then nothing was changed */
export async function askTimeStamp(
  { attestations }: Pick<Kernel, 'attestations'>,
  document: AttestedDocument,
): Promise<TimeStampReceived> {
  if (!attestations.stamp) throw malformed('this node has no time-stamp authority')
  const { token, stamp } = await attestations.stamp(fromHex(document.digest, 'digest'))
  if (token.length > TOKEN_SIZE_MAX) {
    throw unverified('the time stamp is too long to be kept', { reason: 'size' })
  }
  const { at: stampedAt, authority, policy, serial } = stamp
  const facts = { stampedAt, authority, policy, serial, token: toBase64(token) }
  return { type: 'timeStampReceived', document, ...facts }
}

export type SignatureFile = { readonly signatureId: string; readonly bytes: Bytes }

/** @throws ComityError `malformed` if the file is too large or no base64 */
export function takeSignatureFile({ random }: Pick<Kernel, 'random'>, file: string): SignatureFile {
  const bytes = fromBase64(file, 'file')
  if (bytes.length > SIGNATURE_FILE_SIZE_MAX) {
    throw malformed('the file is too large', { field: 'file', reason: 'size' })
  }
  return { signatureId: random.uuidByTime(), bytes }
}

export function decideAttachment(
  { primitives }: Pick<Kernel, 'primitives'>,
  before: readonly Attestation[],
  document: AttestedDocument,
  { signatureId, bytes }: SignatureFile,
  input: SignatureInput,
): Decision<readonly SignatureAttached[]> {
  const { mediaType, signerFunction, checkedBy, checkedHow, signedDigest } = input
  const digest = toHex(primitives.sha256(bytes))
  const file = { signatureId, mediaType, digest, sizeBytes: bytes.length }
  const facts = { document, ...file, signerFunction, checkedBy, checkedHow }
  return attachSignature(before, facts, signedDigest)
}
