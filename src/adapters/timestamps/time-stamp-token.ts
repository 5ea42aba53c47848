/**
 * Time stamps of an outside authority (RFC 3161), verified.
 *
 * A verified stamp says: a certificate that leads to one of these roots, and is for
 * time stamping and nothing else, signed that this digest was before it at this time.
 * It says nothing about what the digest is of, and it is as good as the authority's
 * clock and key. Revocation lists are not read: who needs that checks the token,
 * which is kept whole, with a tool of their own.
 */
import {
  constants,
  createHash,
  createPublicKey,
  type KeyObject,
  verify,
  X509Certificate,
} from 'node:crypto'
import { ContentInfo, SignedData, type SignerInfo } from '@peculiar/asn1-cms'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { TimeStampResp, TSTInfo } from '@peculiar/asn1-tsp'
import { type Bytes, concatBytes, equalBytes, toHex } from '../../base/bytes.ts'
import { ComityError, malformed, unverified } from '../../base/errors.ts'
import { addMs, type Instant, instantFromMs, MINUTE_MS, msOf } from '../../base/time.ts'
import {
  certificatesIn,
  isSigner,
  type Listed,
  requireChain,
  requirePurpose,
} from './stamp-certificates.ts'

const OID = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  rsaPss: '1.2.840.113549.1.1.10',
} as const
/** No SHA-1: a stamp must still mean something in years. */
const HASHES: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
const SHA256 = '2.16.840.1.101.3.4.2.1'
const GRANTED = [0, 1]
const RESPONSE_SIZE_MAX = 64 * 1024
const SKEW_MS = MINUTE_MS

export type StampExpectation = {
  /** SHA-256 of what was stamped. */
  readonly digest: Uint8Array
  /** Of our request; none when an old token is looked at again. */
  readonly nonce?: Uint8Array
  /** PEM certificates that an administrator has pinned. */
  readonly roots: readonly string[]
  /** The stamp's time lies between these, one minute of clocks allowed. */
  readonly notBefore: Instant
  readonly notAfter: Instant
}

export type TimeStamp = {
  readonly at: Instant
  /** Hex. */
  readonly serial: string
  readonly policy: string
  /** Subject of the certificate that signed. */
  readonly authority: string
}

/**
 * Verifies a response to a request.
 *
 * @returns the token as it came, and what it says
 * @throws ComityError `malformed`; `unverified` with reason `refused`, `imprint`, `nonce`,
 * `time`, `certificate`, `purpose`, `chain` or `signature`
 */
export function verifyTimeStampResponse(
  bytes: Uint8Array,
  expected: StampExpectation,
): { readonly token: Bytes; readonly stamp: TimeStamp } {
  if (bytes.length > RESPONSE_SIZE_MAX) throw malformed('a time-stamp response is too long')
  const response = parsed(() => AsnConvert.parse(plain(bytes), TimeStampResp))
  if (!GRANTED.includes(Number(response.status.status)) || !response.timeStampToken) {
    throw unverified('the time-stamp authority refuses', { reason: 'refused' })
  }
  const { timeStampToken } = response
  const token = new Uint8Array(parsed(() => AsnConvert.serialize(timeStampToken)))
  return { token, stamp: verifyTimeStampToken(token, expected) }
}

/** As above, for a token that was kept. */
export function verifyTimeStampToken(token: Uint8Array, expected: StampExpectation): TimeStamp {
  const trusted = expected.roots.map((pem) => new X509Certificate(pem))
  return parsed(() => verifyToken(token, expected, trusted))
}

function verifyToken(
  token: Uint8Array,
  expected: StampExpectation,
  trusted: readonly X509Certificate[],
): TimeStamp {
  const { signedData, content, info } = readToken(token)
  requireImprint(info, expected)
  const at = requireTime(info, expected)
  const [signer, ...others] = signedData.signerInfos
  if (!signer || others.length > 0) {
    throw unverified('a time stamp has one signature', { reason: 'signature' })
  }
  const certificates = certificatesIn(signedData.certificates)
  const certificate = certificates.find((one) => isSigner(one, signer))
  if (!certificate) {
    throw unverified('the certificate of the signature is missing', { reason: 'certificate' })
  }
  requireSignature(signer, content, certificate)
  requirePurpose(certificate)
  requireChain(certificate, certificates, trusted, at)
  return {
    at,
    serial: toHex(new Uint8Array(info.serialNumber)),
    policy: info.policy,
    authority: certificate.x509.subject.replaceAll('\n', ', '),
  }
}

function readToken(token: Uint8Array) {
  const outer = AsnConvert.parse(plain(token), ContentInfo)
  if (outer.contentType !== OID.signedData) throw malformed('a time stamp is signed data')
  const signedData = AsnConvert.parse(outer.content, SignedData)
  const { eContentType, eContent } = signedData.encapContentInfo
  const inside = eContent?.single
  if (eContentType !== OID.tstInfo || !inside) throw malformed('a time stamp holds none')
  const content = new Uint8Array(inside.buffer)
  return { signedData, content, info: AsnConvert.parse(plain(content), TSTInfo) }
}

function requireImprint({ messageImprint, nonce }: TSTInfo, expected: StampExpectation): void {
  const { hashAlgorithm, hashedMessage } = messageImprint
  const stamped = new Uint8Array(hashedMessage.buffer)
  if (hashAlgorithm.algorithm !== SHA256 || !equalBytes(stamped, expected.digest)) {
    throw unverified('the time stamp is for something else', { reason: 'imprint' })
  }
  if (expected.nonce === undefined) return
  const answered = nonce && withoutLeadingZeros(new Uint8Array(nonce))
  if (!answered || !equalBytes(answered, withoutLeadingZeros(expected.nonce))) {
    throw unverified('the time stamp answers another request', { reason: 'nonce' })
  }
}

function requireTime({ genTime }: TSTInfo, { notBefore, notAfter }: StampExpectation): Instant {
  const atMs = genTime.getTime()
  const isFit = atMs >= msOf(addMs(notBefore, -SKEW_MS)) && atMs <= msOf(addMs(notAfter, SKEW_MS))
  if (!isFit) throw unverified('the time stamp is of another time', { reason: 'time' })
  return instantFromMs(atMs)
}

function requireSignature(signer: SignerInfo, content: Uint8Array, listed: Listed): void {
  const hash = HASHES[signer.digestAlgorithm.algorithm]
  if (hash === undefined) throw wrongSignature()
  requireAttributes(signer, { hash, content, certificate: listed.der })
  const signed = setOf(signer.signedAttrs ?? [])
  const key = signingKey(listed.x509.publicKey, signer)
  if (!verify(hash, signed, key, new Uint8Array(signer.signature.buffer))) throw wrongSignature()
}

/** The attributes are signed as the set that they are, not as the field that they fill. */
function setOf(attributes: NonNullable<SignerInfo['signedAttrs']>): Bytes {
  const inside = concatBytes(...attributes.map((one) => new Uint8Array(AsnConvert.serialize(one))))
  const { length } = inside
  const size =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : [0x82, Math.floor(length / 256), length % 256]
  return concatBytes(Uint8Array.of(0x31, ...size), inside)
}

function signingKey(publicKey: KeyObject, { signatureAlgorithm }: SignerInfo) {
  const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))
  if (signatureAlgorithm.algorithm !== OID.rsaPss) return { key }
  const { RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_AUTO } = constants
  return { key, padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_AUTO }
}

/** That the signature is of this content, as a time stamp, by this certificate and no other. */
function requireAttributes(
  { signedAttrs = [] }: SignerInfo,
  given: { readonly hash: string; readonly content: Uint8Array; readonly certificate: Uint8Array },
): void {
  const only = (type: string): Uint8Array | undefined => {
    const found = signedAttrs.filter(({ attrType }) => attrType === type)
    const [value, ...more] = found[0]?.attrValues ?? []
    return found.length === 1 && value && more.length === 0 ? new Uint8Array(value) : undefined
  }
  const contentType = only(OID.contentType)
  const expectedType = Buffer.from('060b2a864886f70d0109100104', 'hex')
  const digest = only(OID.messageDigest)
  const found = digest && AsnConvert.parse(plain(digest), OctetString)
  const hashed = createHash(given.hash).update(given.content).digest()
  const isFit =
    contentType !== undefined &&
    equalBytes(contentType, expectedType) &&
    found !== undefined &&
    equalBytes(new Uint8Array(found.buffer), hashed)
  if (!isFit) throw wrongSignature()
  const [older, newer] = [only(OID.signingCertificate), only(OID.signingCertificateV2)]
  const names = [
    newer && startsWithHash(newer, createHash('sha256').update(given.certificate).digest()),
    older && startsWithHash(older, createHash('sha1').update(given.certificate).digest()),
  ].filter((one) => one !== undefined)
  if (names.length === 0 || names.includes(false)) {
    throw unverified('the signature names another certificate', { reason: 'certificate' })
  }
}

/** SEQUENCE { SEQUENCE { SEQUENCE { [algorithm] OCTET STRING hash … } … } … }, RFC 5035. */
function startsWithHash(attribute: Uint8Array, hash: Uint8Array): boolean {
  let rest = attribute
  for (let depth = 0; depth < 3; depth++) rest = insideOf(rest, 0x30)?.content ?? new Uint8Array()
  const algorithm = insideOf(rest, 0x30)
  if (algorithm) {
    // SHA-256 is what stands there when nothing does; another is not ours to guess.
    if (!toHex(algorithm.content).startsWith('0609608648016503040201')) return false
    rest = algorithm.after
  }
  const found = insideOf(rest, 0x04)?.content
  return found !== undefined && equalBytes(found, hash)
}

function insideOf(der: Uint8Array, tag: number) {
  const [first, length = 0] = der
  if (first !== tag) return undefined
  const sizeBytes = length < 0x80 ? 0 : length - 0x80
  if (sizeBytes > 2 || der.length < 2 + sizeBytes) return undefined
  const size =
    sizeBytes === 0
      ? length
      : der.subarray(2, 2 + sizeBytes).reduce((sum, one) => sum * 256 + one, 0)
  const start = 2 + sizeBytes
  if (der.length < start + size) return undefined
  return { content: der.subarray(start, start + size), after: der.subarray(start + size) }
}

const wrongSignature = () => unverified('the signature is wrong', { reason: 'signature' })

/** Whatever the libraries trip over, at reading or at writing again, is the response's fault. */
function parsed<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof ComityError) throw cause
    throw malformed('not a time stamp', { reason: 'not-asn1', cause })
  }
}

function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0)
  return first < 0 ? new Uint8Array() : bytes.subarray(first)
}

const plain = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
