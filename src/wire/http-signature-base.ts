/**
 * What a signature of the exchange covers: the one profile of RFC 9421 in
 * `protocol/spec/exchange.md`. Signer and verifier build the same text from the
 * same message; nothing about the covered components is negotiable.
 */
import { type Bytes, utf8 } from '../base/bytes.ts'
import {
  type HeaderList,
  type HttpRequest,
  type HttpResponse,
  requireField,
} from './http-message.ts'

export const SIGNATURE_LABEL = 'comity'
export const SIGNATURE_TAG = 'comity'
export const SIGNATURE_ALGORITHM = 'ed25519'

export type SignatureParameters = {
  /** Seconds since 1970. */
  readonly createdS: number
  /** Seconds since 1970. */
  readonly expiresS: number
  /** Base64url without padding, at least 128 random bits. */
  readonly nonce: string
  readonly keyId: string
}

/** The part of a request that its response is bound to. */
export type RequestBinding = Pick<HttpRequest, 'method' | 'targetUri' | 'headers'>

/** A component identifier as it stands in the base, with its value. */
export type Component = readonly [identifier: string, value: string]

export function requestComponents(request: HttpRequest): readonly Component[] {
  const field = (name: string): Component => [`"${name}"`, requireField(request.headers, name)]
  return [
    ['"@method"', request.method],
    ['"@target-uri"', request.targetUri],
    field('comity-origin'),
    field('comity-destination'),
    ...(request.body.length > 0 ? [field('content-type'), field('content-digest')] : []),
  ]
}

export function responseComponents(
  response: HttpResponse,
  request: RequestBinding,
): readonly Component[] {
  return [
    ['"@status"', String(response.status)],
    ['"content-type"', requireField(response.headers, 'content-type')],
    ['"content-digest"', requireField(response.headers, 'content-digest')],
    ['"@method";req', request.method],
    ['"@target-uri";req', request.targetUri],
    [`"signature";req;key="${SIGNATURE_LABEL}"`, signatureValue(request.headers)],
  ]
}

/** RFC 9421, section 2.5: the text that is signed. */
export function signatureBase(components: readonly Component[], parameters: string): Bytes {
  const lines = components.map(([identifier, value]) => `${identifier}: ${value}`)
  return utf8([...lines, `"@signature-params": ${parameters}`].join('\n'))
}

/** The value of `@signature-params`, and after `comity=` of Signature-Input: one spelling only. */
export function parametersText(
  components: readonly Component[],
  { createdS, expiresS, nonce, keyId }: SignatureParameters,
): string {
  const covered = components.map(([identifier]) => identifier).join(' ')
  return (
    `(${covered});created=${createdS};expires=${expiresS};nonce="${nonce}";keyid="${keyId}"` +
    `;alg="${SIGNATURE_ALGORITHM}";tag="${SIGNATURE_TAG}"`
  )
}

/** The request's signature as a structured byte sequence, `:…:`. */
function signatureValue(headers: HeaderList): string {
  return requireField(headers, 'signature').slice(`${SIGNATURE_LABEL}=`.length)
}
