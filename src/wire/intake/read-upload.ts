/**
 * Reads a sealed filing as filing-upload.ts writes it, strictly: every length within its
 * limit, nothing missing at the end and nothing behind it.
 */
import { type Static, Type } from '@sinclair/typebox'
import { type Json, parseJson } from '../../base/canonical-json.ts'
import { malformed } from '../../base/errors.ts'
import { HashForm, requireForm, strictObject, Version1 } from '../exchange/form.ts'
import {
  SEALED_ATTACHMENTS_MAX,
  SEALED_CONTACT_MAX_BYTES,
  SEALED_FILE_MAX_BYTES,
  SEALED_REPORT_MAX_BYTES,
  type SealedFiles,
  type UploadHeader,
} from './filing-upload.ts'

const HEADER_MAX_BYTES = 16 * 1024
const LENGTH_SIZE = 4

const Base64Of32 = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' })
const sizeUpTo = (maximum: number) => Type.Integer({ minimum: 1, maximum })

export const UploadHeaderForm = strictObject({
  v: Version1,
  ticket: Type.String({ maxLength: 200 }),
  work: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  mailboxHash: HashForm,
  commitment: Base64Of32,
  tags: strictObject({
    acknowledged: Base64Of32,
    feedback: Base64Of32,
    extended: Base64Of32,
    transmitted: Base64Of32,
    outcome: Base64Of32,
    closed: Base64Of32,
  }),
  formDigest: HashForm,
  recipientsDigest: HashForm,
  bundleDigest: HashForm,
  statementDigest: Type.Optional(HashForm),
  sizes: strictObject({
    report: sizeUpTo(SEALED_REPORT_MAX_BYTES),
    contact: Type.Union([sizeUpTo(SEALED_CONTACT_MAX_BYTES), Type.Null()]),
    attachments: Type.Array(sizeUpTo(SEALED_FILE_MAX_BYTES), { maxItems: SEALED_ATTACHMENTS_MAX }),
  }),
})

export type FilingUpload = { readonly header: UploadHeader; readonly files: SealedFiles }

/** @throws ComityError `malformed` */
export function readUpload(body: Uint8Array): FilingUpload {
  if (body.length < LENGTH_SIZE) throw truncated()
  const headSize = new DataView(body.buffer, body.byteOffset).getUint32(0)
  if (headSize > HEADER_MAX_BYTES) {
    throw malformed('the header is too long', { field: 'header', reason: 'header-size' })
  }
  const headEnd = LENGTH_SIZE + headSize
  if (body.length < headEnd) throw truncated()
  const header = headerOf(parseJson(body.subarray(LENGTH_SIZE, headEnd)))
  const { report, contact, attachments } = header.sizes
  let at = headEnd
  const next = (size: number) => {
    at += size
    return body.subarray(at - size, at)
  }
  const files = {
    report: next(report),
    contact: contact === null ? undefined : next(contact),
    attachments: attachments.map(next),
  }
  if (at > body.length) throw truncated()
  if (at < body.length) {
    throw malformed('the body is longer than its header says', { reason: 'too-long' })
  }
  return { header, files }
}

function headerOf(value: Json): UploadHeader {
  requireForm(UploadHeaderForm, value, '')
  return value as Static<typeof UploadHeaderForm>
}

function truncated() {
  return malformed('the body ends before what its header says', { reason: 'truncated' })
}
