/**
 * The certificates that a time stamp brings: which one signed, whether it is for time
 * stamping and nothing else, and whether it leads to a root that an administrator pinned.
 * Revocation lists are not read.
 */
import { X509Certificate } from 'node:crypto'
import type { CertificateSet, SignerInfo } from '@peculiar/asn1-cms'
import { AsnConvert } from '@peculiar/asn1-schema'
import { type Certificate, ExtendedKeyUsage } from '@peculiar/asn1-x509'
import { equalBytes } from '../../base/bytes.ts'
import { unverified } from '../../base/errors.ts'
import { type Instant, msOf } from '../../base/time.ts'

const EXTENDED_KEY_USAGE = '2.5.29.37'
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
const CHAIN_MAX = 6

export type Listed = {
  readonly x509: X509Certificate
  readonly asn1: Certificate
  readonly der: Buffer
}

export function certificatesIn(set: CertificateSet | undefined): readonly Listed[] {
  return [...(set ?? [])].flatMap(({ certificate }) => {
    if (!certificate) return []
    const der = Buffer.from(AsnConvert.serialize(certificate))
    return [{ x509: new X509Certificate(der), asn1: certificate, der }]
  })
}

/** Whether the signature says that it is by this certificate. */
export function isSigner({ asn1 }: Listed, { sid }: SignerInfo): boolean {
  const named = sid.issuerAndSerialNumber
  if (!named) return false
  const { issuer, serialNumber } = asn1.tbsCertificate
  return (
    equalBytes(new Uint8Array(serialNumber), new Uint8Array(named.serialNumber)) &&
    equalBytes(
      new Uint8Array(AsnConvert.serialize(issuer)),
      new Uint8Array(AsnConvert.serialize(named.issuer)),
    )
  )
}

/** For time stamping, critically, and for nothing else (RFC 3161, 2.3). */
export function requirePurpose({ asn1 }: Listed): void {
  const usages = (asn1.tbsCertificate.extensions ?? []).filter(
    ({ extnID }) => extnID === EXTENDED_KEY_USAGE,
  )
  const [usage] = usages
  const purposes = usage ? [...AsnConvert.parse(usage.extnValue.buffer, ExtendedKeyUsage)] : []
  if (usages.length === 1 && usage?.critical && purposes.join() === TIME_STAMPING) return
  throw unverified('the certificate is not for time stamps alone', { reason: 'purpose' })
}

/** To a pinned root, every certificate valid at the time of the stamp. */
export function requireChain(
  signer: Listed,
  given: readonly Listed[],
  trusted: readonly X509Certificate[],
  at: Instant,
): void {
  let current = signer.x509
  for (let length = 0; length < CHAIN_MAX; length++) {
    requireValid(current, at)
    const root = trusted.find((one) => isIssued(current, one) || one.raw.equals(current.raw))
    if (root) {
      requireValid(root, at)
      return
    }
    const next = given.find(({ x509 }) => x509 !== current && x509.ca && isIssued(current, x509))
    if (!next) break
    current = next.x509
  }
  throw unverified('the certificate leads to no pinned root', { reason: 'chain' })
}

function isIssued(certificate: X509Certificate, by: X509Certificate): boolean {
  return by.ca && certificate.checkIssued(by) && certificate.verify(by.publicKey)
}

function requireValid(certificate: X509Certificate, at: Instant): void {
  const atMs = msOf(at)
  if (certificate.validFromDate.getTime() <= atMs && atMs <= certificate.validToDate.getTime())
    return
  throw unverified('a certificate was not valid at that time', { reason: 'certificate' })
}
