/**
 * A certificate of contribution: the authority says that somebody who goes by this name
 * helped, and for what. Signed by the node's message key, with what ties the key to the
 * log, so that it is checked without the node.
 *
 * It does not say who the person is: whoever can show that the name is theirs can use it.
 */
import { type Static, Type } from '@sinclair/typebox'
import { type Bytes, concatBytes, fromBase64, utf8 } from '../base/bytes.ts'
import { canonicalBytes, type Json } from '../base/canonical-json.ts'
import { unverified } from '../base/errors.ts'
import { CREDIT_ROLES } from '../core/disclosure/recognition-events.ts'
import type { Primitives } from '../proof/primitives.ts'
import {
  NodeIdForm,
  requireForm,
  Signature64Form,
  strictObject,
  UuidForm,
  Version1,
} from './exchange/form.ts'
import { KeyOpeningForm } from './intake/sealed-receipt.ts'

const CertificateForm = strictObject({
  v: Version1,
  origin: NodeIdForm,
  authority: Type.String({ minLength: 1, maxLength: 200 }),
  id: UuidForm,
  name: Type.String({ minLength: 1, maxLength: 80 }),
  roles: Type.Array(Type.Union(CREDIT_ROLES.map((role) => Type.Literal(role))), {
    minItems: 1,
    maxItems: CREDIT_ROLES.length,
  }),
  /** The day is not kept, so that it tells nothing about the report. */
  month: Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$' }),
  simulatedClock: Type.Boolean(),
})

export const ContributionForm = strictObject({
  v: Version1,
  kind: Type.Literal('contribution-certificate'),
  certificate: CertificateForm,
  keyId: Type.String({ maxLength: 164 }),
  signature: Signature64Form,
  /** Null: the reader must have the key from elsewhere. */
  key: Type.Union([KeyOpeningForm, Type.Null()]),
})

export type Certificate = Readonly<Static<typeof CertificateForm>>
export type Contribution = Readonly<Static<typeof ContributionForm>>

export function certificateInput(certificate: Certificate): Bytes {
  return concatBytes(utf8('comity/contribution/v1\n'), canonicalBytes(certificate as Json))
}

/** @throws ComityError `malformed` */
export function readContribution(value: Json): Contribution {
  requireForm(ContributionForm, value, '')
  return value as Contribution
}

/** @throws ComityError `unverified` if none of these keys made the signature */
export function verifyContribution(
  primitives: Primitives,
  { certificate, keyId, signature }: Contribution,
  keys: ReadonlyMap<string, Bytes>,
): void {
  const key = keys.get(keyId)
  if (!key) throw unverified('the key is not one of this node', { field: 'keyId' })
  const bytes = fromBase64(signature, 'signature')
  if (primitives.verifyEd25519(key, certificateInput(certificate), bytes)) return
  throw unverified('the signature is wrong', { field: 'signature' })
}
