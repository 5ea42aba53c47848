/**
 * Forms of the exchange's documents, as TypeBox schemas: the JSON Schemas under
 * `protocol/schemas/exchange` are these, written out. Reading is strict: canonical
 * JSON (RFC 8785), no unknown member, every text of a known form.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { equalBytes } from '../../base/bytes.ts'
import { canonicalBytes, type Json, parseJson } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { type Instant, instant } from '../../base/time.ts'

import { EXCHANGE_VERSIONS, VERSION_CODE } from './version.ts'

const SAFE = Number.MAX_SAFE_INTEGER

export const Version1 = Type.Literal(1)
export const NodeIdForm = Type.String({
  maxLength: 100,
  pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$',
})
export const KeyIdForm = Type.String({
  maxLength: 164,
  pattern: '^[a-z0-9.-]+/[A-Za-z0-9._-]{1,63}$',
})
export const UuidForm = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
})
/** SHA-256 or HMAC-SHA256 in lower-case hex. */
export const HashForm = Type.String({ pattern: '^[0-9a-f]{64}$' })
export const Salt32Form = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })
export const Signature64Form = Type.String({ pattern: '^[A-Za-z0-9+/]{86}==$' })
/** An id that another part of Comity gave: an object, an agreement. */
export const ReferenceForm = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$' })
export const CountForm = Type.Integer({ minimum: 1, maximum: SAFE })
export const SeqForm = Type.Integer({ minimum: 0, maximum: SAFE })
export const InstantForm = Type.Unsafe<Instant>(
  Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$' }),
)

export const NodeSignatureForm = strictObject({ keyId: KeyIdForm, value: Signature64Form })

export function strictObject<P extends Parameters<typeof Type.Object>[0]>(members: P) {
  return Type.Object(members, { additionalProperties: false })
}

/**
 * Reads one document from bytes of a peer.
 *
 * @throws ComityError `malformed` with the JSON pointer as field, and reason
 * `not-json`, `not-canonical`, `version` or `schema`
 */
export function readForm<F extends TSchema>(
  form: F,
  bytes: Uint8Array,
  field: string,
): Readonly<Static<F>> {
  const value = parseJson(bytes, field)
  requireVersion(value, field)
  requireForm(form, value, field)
  // One spelling only: no repeated member, no number that two parsers read differently.
  if (!equalBytes(canonicalBytes(value as object), bytes)) {
    throw malformed('text is not canonical JSON', { field, reason: 'not-canonical' })
  }
  return value as Readonly<Static<F>>
}

/** Said apart from a wrong form: the other side may know a version that both speak. */
function requireVersion(value: Json, field: string): void {
  const { v } = (value ?? {}) as { readonly v?: Json }
  if (!Number.isSafeInteger(v) || EXCHANGE_VERSIONS.includes(v as number)) return
  throw malformed('a document is of another version', {
    field: `${field}/v`,
    reason: VERSION_CODE,
  })
}

/** @throws ComityError `malformed` with reason `schema` */
export function requireForm<F extends TSchema>(
  form: F,
  value: Json,
  field: string,
): asserts value is Json & Static<F> {
  if (Value.Check(form, value)) return
  const first = Value.Errors(form, value).First()
  throw malformed('a document has a wrong form', {
    field: `${field}${first?.path ?? ''}`,
    reason: 'schema',
  })
}

/** A pattern knows no calendar. @throws ComityError `malformed` */
export function requireInstant(text: string | undefined, field: string): void {
  if (text !== undefined) instant(text, field)
}
