/**
 * A sealed filing on its way to the node, as one body: length of the header (u32,
 * big-endian) ‖ header (JSON) ‖ the sealed files, one after the other in the order of the
 * commitment. The header says how long each is, so that a body which ends early is never
 * taken for a whole one.
 *
 * Nothing in it is plaintext of a report, and nothing opens one: not the code, not the
 * mailbox id, not the nonce of the commitment.
 */
import { type Bytes, concatBytes } from '../../base/bytes.ts'
import { canonicalBytes } from '../../base/canonical-json.ts'
import type { FilingEvent } from './filing.ts'

export const UPLOAD_TYPE = 'application/vnd.comity.filing'
const KIB = 1024
const MIB = 1024 * KIB
/** A report has at most 256 KiB of text; JSON, padding and recipients come on top. */
export const SEALED_REPORT_MAX_BYTES = 2 * MIB
export const SEALED_CONTACT_MAX_BYTES = 256 * KIB
/** Files that a reporter chooses; a cleaned copy of each may stand beside it. */
export const ATTACHMENTS_MAX = 10
export const SEALED_ATTACHMENTS_MAX = 2 * ATTACHMENTS_MAX
/** Of one file before sealing. */
export const SEALED_ATTACHMENT_MAX_BYTES = 25 * MIB
/** Padding adds an eighth at most, age a thousandth and its header. */
export const SEALED_FILE_MAX_BYTES = Math.ceil((SEALED_ATTACHMENT_MAX_BYTES * 9) / 8) + 256 * KIB
/** Of everything together, sealed. */
export const UPLOAD_MAX_BYTES = 100 * MIB

export type UploadHeader = {
  readonly v: 1
  readonly ticket: string
  /** See work.ts. */
  readonly work: number
  /** SHA-256 of the mailbox id, hex. */
  readonly mailboxHash: string
  readonly commitment: string
  readonly tags: Readonly<Record<FilingEvent, string>>
  readonly formDigest: string
  readonly recipientsDigest: string
  readonly bundleDigest: string
  /** See filing-statement.ts; only of an organisation that files by name. */
  readonly statementDigest?: string
  readonly sizes: {
    readonly report: number
    readonly contact: number | null
    readonly attachments: readonly number[]
  }
}

export type SealedFiles = {
  readonly report: Uint8Array
  readonly contact: Uint8Array | undefined
  readonly attachments: readonly Uint8Array[]
}

/** In the order of the commitment: the report, the contact if there is one, attachments. */
export function sealedInOrder({ report, contact, attachments }: SealedFiles): Uint8Array[] {
  return contact ? [report, contact, ...attachments] : [report, ...attachments]
}

const LENGTH_SIZE = 4

export function writeUpload(header: Omit<UploadHeader, 'v' | 'sizes'>, files: SealedFiles): Bytes {
  const sizes = {
    report: files.report.length,
    contact: files.contact?.length ?? null,
    attachments: files.attachments.map(({ length }) => length),
  }
  const head = canonicalBytes({ ...header, v: 1, sizes })
  const length = new Uint8Array(LENGTH_SIZE)
  new DataView(length.buffer).setUint32(0, head.length)
  return concatBytes(length, head, ...sealedInOrder(files))
}
