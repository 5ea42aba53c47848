/**
 * Outside time stamps and signature files: each names a document of the package by
 * its digest. Whether a time stamp itself is good is asked of `verify`, which knows
 * the roots that the reader trusts; without it, or where it leads to none of them,
 * a stamp is listed as not checked and fails nothing. Of a signature file in the package
 * only its digest is checked: what it says is for the tools of its own format.
 */
import { fromBase64, fromHex, toHex } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import { ComityError, unverified } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import {
  type AttestationEvent,
  attestationsIn,
  type SignatureAttached,
  type TimeStampReceived,
} from '../../core/attestation/attestation.ts'
import type { CaseState } from '../../core/case/case.ts'
import { orderDocument } from '../../core/enforcement/order-document.ts'
import type { Primitives } from '../../proof/primitives.ts'
import { requireForm } from '../exchange/form.ts'
import {
  historyOf,
  type PackageContent,
  type PackageStream,
  signaturePath,
  streamPath,
} from './content.ts'
import { agreementOf } from './derived.ts'
import { AttestationForm } from './forms.ts'
import type { Checking } from './report.ts'

/**
 * @param digest SHA-256 of what was stamped
 * @returns the time of the stamp
 * @throws ComityError; `unverified` with reason `chain` if it leads to none of the reader's roots
 */
export type VerifyTimeStamp = (token: Uint8Array, digest: Uint8Array) => { readonly at: Instant }

export function checkAttestations(
  primitives: Primitives,
  content: PackageContent,
  state: CaseState,
  verify: VerifyTimeStamp | undefined,
  checking: Checking,
): void {
  const stamps: string[] = []
  const attached = new Set<string>()
  let included = 0
  for (const stream of content.streams) {
    if (stream.kind !== 'case' && stream.kind !== 'agreement') continue
    const file = streamPath(stream.id)
    for (const { event, version } of attestationsIn(historyOf(stream))) {
      checking.looked(file)
      const look = () => {
        requireForm(AttestationForm, event as never, '')
        requireDocument(primitives, content, stream, state, event)
        if (event.type === 'timeStampReceived') stamps.push(timeStampLine(event, verify))
        else {
          attached.add(event.signatureId)
          if (requireSignatureFile(primitives, content, event)) included += 1
        }
      }
      checking.attempt(file, look, version)
    }
  }
  for (const id of content.signatures.keys()) {
    const file = signaturePath(id)
    checking.looked(file)
    if (!attached.has(id)) checking.fail(file, 'no event attaches this file')
  }
  const listed = stamps.length > 0 ? `: ${stamps.join('; ')}` : ''
  checking.found(
    `${stamps.length} time stamps${listed}; ${attached.size} attached signatures, not checked here, ${included} of them in the package`,
  )
}

/** False if the file is not in the package: the node may have erased it. */
function requireSignatureFile(
  primitives: Primitives,
  { signatures }: PackageContent,
  { signatureId, digest, sizeBytes }: SignatureAttached,
): boolean {
  const bytes = signatures.get(signatureId)
  if (!bytes) return false
  if (toHex(primitives.sha256(bytes)) === digest && bytes.length === sizeBytes) return true
  throw unverified(`${signaturePath(signatureId)} is not the file that was attached`)
}

function requireDocument(
  primitives: Primitives,
  { facts }: PackageContent,
  stream: PackageStream,
  { enforcement }: CaseState,
  { document }: AttestationEvent,
): void {
  const digestOf = (value: object) => toHex(primitives.sha256(canonicalBytes(value)))
  if (stream.kind === 'agreement') {
    const isIt = document.kind === 'agreement' && document.id === stream.id
    if (isIt && document.digest === agreementOf(stream).digest) return
  } else if (document.kind === 'order') {
    const place = { authority: facts.node, caseId: facts.caseId }
    const order = orderDocument(enforcement, document.id, place)
    if (order && document.digest === digestOf(order)) return
  }
  throw unverified('the document that it names is not in the record')
}

function timeStampLine(event: TimeStampReceived, verify: VerifyTimeStamp | undefined): string {
  const { document, stampedAt, token } = event
  const what = `${document.kind} ${document.id}`
  const bytes = fromBase64(token, 'token')
  if (!verify) return `${what}, not checked`
  try {
    const { at } = verify(bytes, fromHex(document.digest, 'digest'))
    if (at !== stampedAt) throw unverified('the time stamp states another time than the event')
    return `${what} at ${at}`
  } catch (error) {
    if (error instanceof ComityError && error.reason === 'chain') return `${what}, not checked`
    throw error
  }
}
