/**
 * HTTP message signatures (RFC 9421 with RFC 9530) in one strict profile.
 *
 * A verified request was made by a key of the node it names as origin, for this
 * address and destination, with these bytes, within its time. It may be a replay:
 * the caller stores (keyId, nonce) until `forgetAfter` and refuses a second one.
 * A verified response was made for exactly that request. Neither says that the
 * sender may do what it asks.
 *
 * Nothing falls back: a message with several signatures, other components,
 * another order or another spelling is refused, whatever else is right with it.
 */
import { type BareItem, type InnerList, parseDictionary } from 'structured-headers'
import { fromBase64, toBase64 } from '../base/bytes.ts'
import { type ErrorDetail, unverified } from '../base/errors.ts'
import { type Instant, instantFromMs, msOf, SECOND_MS } from '../base/time.ts'
import { asVerified, type Verified } from '../base/verified.ts'
import type { Primitives } from '../proof/primitives.ts'
import { contentDigest, type DigestPrimitives, verifyContentDigest } from './content-digest.ts'
import {
  findField,
  type HeaderList,
  type HttpRequest,
  type HttpResponse,
  requireField,
} from './http-message.ts'
import {
  type Component,
  parametersText,
  type RequestBinding,
  requestComponents,
  responseComponents,
  SIGNATURE_ALGORITHM,
  SIGNATURE_LABEL,
  SIGNATURE_TAG,
  type SignatureParameters,
  signatureBase,
} from './http-signature-base.ts'

export type HttpPrimitives = Primitives & DigestPrimitives

/** A message key of a node, as its node document lists it. */
export type MessageKey = {
  readonly id: string
  readonly node: string
  readonly publicKey: Uint8Array
  readonly validFrom: Instant
  readonly validUntil: Instant
  /** From then on nothing that it signs counts, whatever its interval says. */
  readonly revokedAt?: Instant
}

export function isRevoked({ revokedAt }: MessageKey, at: Instant): boolean {
  return revokedAt !== undefined && at >= revokedAt
}

export type VerifyContext = {
  readonly primitives: HttpPrimitives
  /** Real time, never case time. */
  readonly now: Instant
  /** `undefined` for a key that no pinned node document lists. */
  readonly keyFor: (keyId: string) => MessageKey | undefined | Promise<MessageKey | undefined>
}

export type RequestSignature = {
  readonly origin: string
  readonly destination: string
  readonly keyId: string
  readonly nonce: string
  /** The nonce must be remembered until then. */
  readonly forgetAfter: Instant
}

export type Sign = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>

/** What the caller says about a signature that it makes; the lifetime is ours. */
export type SigningParameters = {
  readonly keyId: string
  readonly nonce: string
  readonly now: Instant
}

const LIFETIME_S = 300
const SKEW_S = 60

/** 16 bytes or more, base64url without padding. */
const NONCE = /^[A-Za-z0-9_-]{22,86}$/
const SIGNATURE_SIZE = 64

/**
 * Header fields of a signed request, all that the profile needs.
 *
 * @param draft its `contentType` counts only with a body
 */
export async function signRequest(
  draft: {
    readonly method: string
    readonly targetUri: string
    readonly origin: string
    readonly destination: string
    readonly contentType: string
    readonly body: Uint8Array
  },
  parameters: SigningParameters,
  { primitives, sign }: { readonly primitives: DigestPrimitives; readonly sign: Sign },
): Promise<HeaderList> {
  const headers: HeaderList = [
    ['comity-origin', draft.origin],
    ['comity-destination', draft.destination],
    ...(draft.body.length > 0 ? contentFields(primitives, draft.contentType, draft.body) : []),
  ]
  const components = requestComponents({ ...draft, headers })
  return [...headers, ...(await signatureFields(components, parameters, sign))]
}

/** Header fields of a signed response: content type, digest, signature. */
export async function signResponse(
  draft: { readonly status: number; readonly contentType: string; readonly body: Uint8Array },
  request: RequestBinding,
  parameters: SigningParameters,
  { primitives, sign }: { readonly primitives: DigestPrimitives; readonly sign: Sign },
): Promise<HeaderList> {
  const headers = contentFields(primitives, draft.contentType, draft.body)
  const components = responseComponents({ ...draft, headers }, request)
  return [...headers, ...(await signatureFields(components, parameters, sign))]
}

/** @throws ComityError `unverified`; its `reason` is stable and has a vector */
export async function verifyRequest(
  request: HttpRequest,
  context: VerifyContext,
): Promise<Verified<RequestSignature>> {
  const { parameters, signature } = readSignature(request.headers)
  const origin = requireField(request.headers, 'comity-origin')
  const key = await requireKey(context, parameters.keyId, origin)
  const components = requestComponents(request)
  requireProfile(request.headers, components, parameters)
  requireTimely(parameters, context.now)
  if (request.body.length > 0) requireContent(request, context.primitives)
  requireSigned(context, key, components, parameters, signature)
  return asVerified({
    origin,
    destination: requireField(request.headers, 'comity-destination'),
    keyId: parameters.keyId,
    nonce: parameters.nonce,
    forgetAfter: instantFromMs((parameters.expiresS + SKEW_S) * SECOND_MS),
  })
}

/**
 * @param node who must have signed: the destination of the request
 * @throws ComityError `unverified`; its `reason` is stable and has a vector
 */
export async function verifyResponse(
  response: HttpResponse,
  { request, node }: { readonly request: RequestBinding; readonly node: string },
  context: VerifyContext,
): Promise<Verified<HttpResponse>> {
  const { parameters, signature } = readSignature(response.headers)
  const key = await requireKey(context, parameters.keyId, node)
  const components = responseComponents(response, request)
  requireProfile(response.headers, components, parameters)
  requireTimely(parameters, context.now)
  requireContent(response, context.primitives)
  requireSigned(context, key, components, parameters, signature)
  return asVerified(response)
}

function contentFields(
  primitives: DigestPrimitives,
  contentType: string,
  body: Uint8Array,
): HeaderList {
  return [
    ['content-type', contentType],
    ['content-digest', contentDigest(primitives, body)],
  ]
}

async function signatureFields(
  components: readonly Component[],
  { keyId, nonce, now }: SigningParameters,
  sign: Sign,
): Promise<HeaderList> {
  const createdS = Math.floor(msOf(now) / SECOND_MS)
  const parameters = { keyId, nonce, createdS, expiresS: createdS + LIFETIME_S }
  const text = parametersText(components, parameters)
  const signature = await sign(signatureBase(components, text))
  return [
    ['signature-input', `${SIGNATURE_LABEL}=${text}`],
    ['signature', `${SIGNATURE_LABEL}=:${toBase64(signature)}:`],
  ]
}

function readSignature(headers: HeaderList) {
  const [, parameters] = onlyMember(requireField(headers, 'signature-input'), 'signature-input')
  const text = requireField(headers, 'signature')
  onlyMember(text, 'signature')
  // By hand, not by the parser, which takes base64 without padding.
  const inner = /^comity=:(.*):$/.exec(text)?.[1]
  if (inner === undefined) throw refused('signature is not bytes', 'signature-form', 'signature')
  return { parameters: readParameters(parameters), signature: signatureBytes(inner) }
}

/** The one member of a dictionary field, which must be ours. */
function onlyMember(fieldValue: string, field: string) {
  const members = parseMembers(fieldValue, field)
  const [first] = members
  if (members.size > 1) throw refused('there are several signatures', 'signature-several', field)
  if (first === undefined || first[0] !== SIGNATURE_LABEL) {
    throw refused('signature has another label', 'signature-label', field)
  }
  return first[1] as InnerList
}

function parseMembers(fieldValue: string, field: string) {
  try {
    return parseDictionary(fieldValue)
  } catch {
    throw refused('a signature field is not a dictionary', 'signature-form', field)
  }
}

function readParameters(given: ReadonlyMap<string, BareItem>): SignatureParameters {
  if (given.get('alg') !== SIGNATURE_ALGORITHM) {
    throw refused('signature is of another algorithm', 'parameter-alg', 'alg')
  }
  if (given.get('tag') !== SIGNATURE_TAG) {
    throw refused('signature has another tag', 'parameter-tag', 'tag')
  }
  const nonce = given.get('nonce')
  if (typeof nonce !== 'string' || !NONCE.test(nonce)) {
    throw refused('nonce is missing or too short', 'parameter-nonce', 'nonce')
  }
  const keyId = given.get('keyid')
  if (typeof keyId !== 'string') throw refused('key id is missing', 'parameter-keyid', 'keyid')
  return { nonce, keyId, createdS: seconds(given, 'created'), expiresS: seconds(given, 'expires') }
}

function seconds(given: ReadonlyMap<string, BareItem>, name: 'created' | 'expires'): number {
  const value = given.get(name)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw refused('a time is missing or no whole number', `parameter-${name}`, name)
}

function signatureBytes(base64: string): Uint8Array {
  const bytes = base64Or(base64, () => refused('signature is not bytes', 'signature-form'))
  if (bytes.length !== SIGNATURE_SIZE) throw refused('signature has a wrong size', 'signature-form')
  return bytes
}

function base64Or(text: string, error: () => Error): Uint8Array {
  try {
    return fromBase64(text, 'signature')
  } catch {
    throw error()
  }
}

async function requireKey({ keyFor, now }: VerifyContext, keyId: string, node: string) {
  const key = await keyFor(keyId)
  if (key === undefined || key.id !== keyId) {
    throw refused('key is not known', 'key-unknown', 'keyid')
  }
  if (key.node !== node) throw refused('key belongs to another node', 'key-node', 'keyid')
  if (isRevoked(key, now)) {
    throw refused('key was revoked by its node', 'key-revoked', 'keyid')
  }
  if (now < key.validFrom || now > key.validUntil) {
    throw refused('key is not in its validity', 'key-validity', 'keyid')
  }
  return key
}

/**
 * Components, parameters, their order and their spelling: all at once, because
 * the field must be the one text that the profile gives.
 */
function requireProfile(
  headers: HeaderList,
  components: readonly Component[],
  parameters: SignatureParameters,
): void {
  const expected = `${SIGNATURE_LABEL}=${parametersText(components, parameters)}`
  if (requireField(headers, 'signature-input') !== expected) {
    throw refused('components or parameters differ from the profile', 'profile', 'signature-input')
  }
}

function requireTimely({ createdS, expiresS }: SignatureParameters, now: Instant): void {
  const nowS = msOf(now) / SECOND_MS
  if (expiresS <= createdS || expiresS - createdS > LIFETIME_S) {
    throw refused('signature lives too long or not at all', 'time-lifetime', 'expires')
  }
  if (createdS > nowS + SKEW_S) {
    throw refused('signature is from the future', 'time-created', 'created')
  }
  if (nowS > expiresS + SKEW_S) throw refused('signature has expired', 'time-expired', 'expires')
}

function requireContent(
  message: Pick<HttpRequest, 'headers' | 'body'>,
  primitives: DigestPrimitives,
): void {
  if (findField(message.headers, 'content-encoding') !== undefined) {
    throw refused('content is encoded', 'content-encoding', 'content-encoding')
  }
  verifyContentDigest(primitives, requireField(message.headers, 'content-digest'), message.body)
}

function requireSigned(
  { primitives }: VerifyContext,
  key: MessageKey,
  components: readonly Component[],
  parameters: SignatureParameters,
  signature: Uint8Array,
): void {
  const base = signatureBase(components, parametersText(components, parameters))
  if (!primitives.verifyEd25519(key.publicKey, base, signature)) {
    throw refused('signature is wrong', 'signature', 'signature')
  }
}

function refused(message: string, reason: string, field?: string) {
  const detail: ErrorDetail = field === undefined ? { reason } : { reason, field }
  return unverified(message, detail)
}
