/**
 * What somebody outside says of a document that stands here: a time stamp, or a
 * signature in a file. Both name the document by its digest and change nothing of
 * it. A time stamp was verified before it reaches this file; of a signature file
 * only the digest of the document was, and a person says who checked the rest.
 */
import { type Decision, permit, refuse } from '../../base/decision.ts'
import type { Instant } from '../../base/time.ts'
import type { Recorded } from '../case/recorded.ts'

/** One exact text: an agreement, or an order that was made. */
export type AttestedDocument = {
  readonly kind: 'agreement' | 'order'
  /** Of the agreement or the measure. */
  readonly id: string
  /** SHA-256 of its canonical bytes, lower-case hex. */
  readonly digest: string
}

export const SIGNATURE_MEDIA_TYPES = [
  'application/pkcs7-signature',
  'application/pdf',
  'application/jose+json',
  'application/xml',
  'application/octet-stream',
] as const
export type SignatureMediaType = (typeof SIGNATURE_MEDIA_TYPES)[number]

export const TOKEN_SIZE_MAX = 16 * 1024
export const SIGNATURE_FILE_SIZE_MAX = 256 * 1024

export type TimeStampReceived = {
  readonly type: 'timeStampReceived'
  readonly document: AttestedDocument
  /** Real time, by the authority's clock. */
  readonly stampedAt: Instant
  /** Subject of the certificate that signed. */
  readonly authority: string
  readonly policy: string
  /** Hex. */
  readonly serial: string
  /** Base64 of the RFC 3161 token. */
  readonly token: string
}

export type SignatureAttached = {
  readonly type: 'signatureAttached'
  readonly document: AttestedDocument
  readonly signatureId: string
  readonly mediaType: SignatureMediaType
  /** SHA-256 of the file, lower-case hex. The file is kept sealed. */
  readonly digest: string
  readonly sizeBytes: number
  /** Functions, not names. */
  readonly signerFunction: string
  readonly checkedBy: string
  readonly checkedHow: string
}

export type AttestationEvent = TimeStampReceived | SignatureAttached
export type Attestation = Recorded<AttestationEvent>

const ATTESTATION_EVENTS: Readonly<Record<AttestationEvent['type'], true>> = {
  timeStampReceived: true,
  signatureAttached: true,
}

export function isAttestationEvent(event: { readonly type: string }): event is AttestationEvent {
  return Object.hasOwn(ATTESTATION_EVENTS, event.type)
}

export function attestationsIn(
  history: readonly Recorded<{ readonly type: string }>[],
): readonly Attestation[] {
  return history.flatMap((recorded) => {
    const { event } = recorded
    return isAttestationEvent(event) ? [{ ...recorded, event }] : []
  })
}

export type WhyAttestation = 'digestMismatch' | 'emptyFile' | 'alreadyAttached'

/** @param stated the digest that the signature is over, as the officer read it out of the file */
export function attachSignature(
  before: readonly Attestation[],
  facts: Omit<SignatureAttached, 'type'>,
  stated: string,
): Decision<readonly SignatureAttached[], WhyAttestation> {
  if (stated.toLowerCase() !== facts.document.digest) {
    const text = 'the digest that was signed is not that of the document as it is held here'
    return refuse('digestMismatch', { rule: 'attestation:digest', text })
  }
  if (facts.sizeBytes === 0) {
    return refuse('emptyFile', { rule: 'attestation:file', text: 'the file is empty' })
  }
  const isKnown = before.some(
    ({ event }) =>
      event.type === 'signatureAttached' &&
      event.digest === facts.digest &&
      event.document.digest === facts.document.digest,
  )
  if (isKnown) {
    const text = 'this file is attached to this document already'
    return refuse('alreadyAttached', { rule: 'attestation:once', text })
  }
  return permit([{ type: 'signatureAttached', ...facts }])
}

/** Shown where this node has no time-stamp authority; the same words at every door. */
export function requireTimeStamps(isConfigured: boolean): Decision<null, 'noTimeStamps'> {
  if (isConfigured) return permit(null)
  const text =
    'this node has no time-stamp authority: an administrator names one in its configuration'
  return refuse('noTimeStamps', { rule: 'attestation:authority', text })
}
