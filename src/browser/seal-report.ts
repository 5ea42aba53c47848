/**
 * Seals a report in the reporter's browser. It is loaded when somebody starts to write.
 *
 * The code is made here; what it opens is derived here; what leaves is what `bodyOf`
 * returns: age files, hashes and a proof of work. Neither the code nor anything that was
 * written is in it. A server that serves another script could break this promise: the
 * digest of this one stands on the page, in the report and in the receipt.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, fromBase64, textFromUtf8, toBase64, toHex, utf8 } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import { mailboxIdentity } from '../seal/mailbox-identity.ts'
import { pad, unpad } from '../seal/padme.ts'
import {
  openWithAny,
  recipientKind,
  recipientOf,
  sealInPieces,
  sealNested,
  sealTo,
} from '../seal/seal.ts'
import { commitmentOfDigests, eventTag, FILING_EVENTS } from '../wire/intake/filing.ts'
import {
  type FilingStatement,
  statementDigest,
  statementOf,
} from '../wire/intake/filing-statement.ts'
import {
  type SealedFiles,
  sealedInOrder,
  type UploadHeader,
  writeUpload,
} from '../wire/intake/filing-upload.ts'
import {
  CODE_RANDOM_BYTES,
  displayCode,
  newReceiptCode,
  readReceiptCode,
  secretsOfCode,
} from '../wire/intake/receipt-code.ts'
import type { ReportDocument, SealedAttachment } from '../wire/intake/report-document.ts'
import type { FormAnswers } from '../wire/intake/report-forms.ts'
import { isWork, workInput, workPrefix } from '../wire/intake/work.ts'
import { readMessage, writeMessage } from './sealed-message.ts'

/** As the page says it. */
export type Sealing = {
  readonly origin: string
  readonly formId: string
  readonly formVersion: number
  readonly formDigest: string
  readonly inner: readonly string[]
  readonly outer: readonly string[]
  readonly recipientsDigest: string
  readonly bundleDigest: string
}

export type Written = {
  readonly code: string
  readonly answers: FormAnswers
  readonly contact: string
  readonly files: readonly FileToSeal[]
}

export type FileToSeal = Pick<SealedAttachment, 'name' | 'mediaType' | 'role' | 'of'> & {
  readonly content: Blob
}

/** Of the bytes to seal, how many are done; the page may draw before it goes on. */
export type Progress = (done: number, all: number) => Promise<void>

export type Sealed = {
  readonly files: SealedFiles
  readonly header: Omit<UploadHeader, 'v' | 'sizes' | 'ticket' | 'work'>
  /** SHA-256 of each sealed file in order, hex: the receipt must name the same. */
  readonly digests: readonly string[]
  /** What an organisation that filed by name can show; nobody else has it. */
  readonly statement: FilingStatement | undefined
}

const hashing = { sha256 }
const ROSTER_MIN = 2
const SALT_BYTES = 32

/** A fresh code, as people see it. */
export function newCode(): string {
  return displayCode(newReceiptCode(hashing, randomBytes(CODE_RANDOM_BYTES)))
}

/** A code that was typed, as people see it. */
export function shownCode(typed: string): string {
  return displayCode(readReceiptCode(hashing, typed))
}

/** True if both are the same code, however it was typed. */
export function isSameCode(code: string, typed: string): boolean {
  try {
    return readReceiptCode(hashing, code) === readReceiptCode(hashing, typed)
  } catch {
    return false
  }
}

export async function sealReport(
  sealing: Sealing,
  written: Written,
  progress: Progress = async () => {},
): Promise<Sealed> {
  const { inner, outer, origin } = sealing
  const secrets = secretsOfCode(hashing, readReceiptCode(hashing, written.code), origin)
  const attachments = await sealFiles(inner, written.files, progress)
  const kind = recipientKind(inner[0] ?? '')
  const salt = () => toBase64(randomBytes(SALT_BYTES))
  const statement = statementOf(origin, written.answers, salt())
  const document: ReportDocument = {
    v: 1,
    origin,
    formId: sealing.formId,
    formVersion: sealing.formVersion,
    formDigest: sealing.formDigest,
    mode: 'sealed-in-browser',
    language: String(written.answers['language'] ?? 'und'),
    mailboxRecipient: await recipientOf(mailboxIdentity(secrets.mailboxKey, kind)),
    recipientsDigest: sealing.recipientsDigest,
    bundleDigest: sealing.bundleDigest,
    salt: toBase64(randomBytes(SALT_BYTES)),
    answers: written.answers,
    attachments: attachments.map(({ listed }) => listed),
    ...(statement ? { statement } : {}),
  }
  const files: SealedFiles = {
    report: await sealPadded(inner, canonicalBytes(document)),
    contact: written.contact ? await sealContact({ inner, outer }, written.contact) : undefined,
    attachments: attachments.map(({ sealed }) => sealed),
  }
  const digests = await Promise.all(sealedInOrder(files).map(digestOf))
  const tags = FILING_EVENTS.map((event) => [
    event,
    toBase64(eventTag(hashing, secrets.eventTags, event)),
  ])
  return {
    files,
    digests: digests.map(toHex),
    header: {
      mailboxHash: toHex(sha256(secrets.mailboxId)),
      commitment: toBase64(commitmentOfDigests(hashing, secrets.filingNonce, digests)),
      tags: Object.fromEntries(tags) as UploadHeader['tags'],
      formDigest: sealing.formDigest,
      recipientsDigest: sealing.recipientsDigest,
      bundleDigest: sealing.bundleDigest,
      ...(statement ? { statementDigest: toHex(statementDigest(hashing, statement)) } : {}),
    },
    statement,
  }
}

export type Mailbox = {
  /** All that is sent of the code, hex. */
  readonly mailboxId: string
  readonly identities: readonly string[]
}

/** @returns undefined if it cannot be a code */
export function mailboxOf(typed: string, origin: string): Mailbox | undefined {
  try {
    const secrets = secretsOfCode(hashing, readReceiptCode(hashing, typed), origin)
    const kinds = ['x25519', 'hybrid'] as const
    return {
      mailboxId: toHex(secrets.mailboxId),
      identities: kinds.map((kind) => mailboxIdentity(secrets.mailboxKey, kind)),
    }
  } catch {
    return undefined
  }
}

/** @throws ComityError if it does not open with this code, or is no message of this node */
export async function openAnswer(
  { identities }: Mailbox,
  origin: string,
  sealed: string,
): Promise<string> {
  return readMessage(await openWithAny(identities, fromBase64(sealed)), origin)
}

/** A message to officers, with its work. */
export async function sealedFollowUp(
  { origin, inner }: Pick<Sealing, 'origin' | 'inner'>,
  text: string,
  { ticket, workBits }: { readonly ticket: string; readonly workBits: number },
): Promise<{ readonly sealed: string; readonly ticket: string; readonly work: number }> {
  const message = writeMessage(origin, text, randomBytes(SALT_BYTES))
  const sealed = await sealTo(inner, message, { minimumRecipients: ROSTER_MIN })
  const prefix = workPrefix(hashing, ticket, await digestOf(sealed))
  return { sealed: toBase64(sealed), ticket, work: await findWork(prefix, workBits) }
}

export type Draft = { readonly answers: FormAnswers; readonly contact: string }

export type DraftKeys = {
  /** All that is sent of the code, hex. */
  readonly draftId: string
  readonly identity: string
}

/** @returns undefined if it cannot be a code */
export function draftKeysOf(typed: string, origin: string): DraftKeys | undefined {
  try {
    const secrets = secretsOfCode(hashing, readReceiptCode(hashing, typed), origin)
    return {
      draftId: toHex(secrets.draftId),
      identity: mailboxIdentity(secrets.draftKey, 'x25519'),
    }
  } catch {
    return undefined
  }
}

export async function sealedDraft(
  origin: string,
  code: string,
  draft: Draft,
  { ticket, workBits }: { readonly ticket: string; readonly workBits: number },
): Promise<{ draftId: string; sealed: string; ticket: string; work: number }> {
  const keys = draftKeysOf(code, origin)
  if (!keys) throw new Error('a draft needs a code')
  const content = pad(utf8(JSON.stringify({ v: 1, origin, ...draft })))
  const recipient = await recipientOf(keys.identity)
  const sealed = await sealTo([recipient], content, { minimumRecipients: 1 })
  const prefix = workPrefix(hashing, ticket, await digestOf(sealed))
  const work = await findWork(prefix, workBits)
  return { draftId: keys.draftId, sealed: toBase64(sealed), ticket, work }
}

/** @throws if it does not open with this code, or is no draft of this node */
export async function openDraft(
  { identity }: DraftKeys,
  origin: string,
  sealed: string,
): Promise<Draft> {
  const content = unpad(await openWithAny([identity], fromBase64(sealed)))
  const draft = JSON.parse(textFromUtf8(content)) as Draft & { readonly origin: string }
  if (draft.origin !== origin) throw new Error('a draft of another node')
  return draft
}

/** What is sent. The work takes a moment: more when the authority is flooded. */
export async function bodyOf(
  { files, header }: Sealed,
  { ticket, workBits }: { readonly ticket: string; readonly workBits: number },
): Promise<Bytes> {
  const prefix = workPrefix(hashing, ticket, await digestOf(files.report))
  return writeUpload({ ...header, ticket, work: await findWork(prefix, workBits) }, files)
}

/** Tries at once: WebCrypto answers each in its own time. */
const TRIES = 512

/** By WebCrypto, which is as fast in browsers that compile no scripts. */
async function findWork(prefix: Uint8Array, bits: number): Promise<number> {
  for (let first = 0; ; first += TRIES) {
    const tries = Array.from({ length: TRIES }, (_, index) => first + index)
    const hashes = await Promise.all(tries.map((nonce) => digestOf(workInput(prefix, nonce))))
    const found = hashes.findIndex((hash) => isWork(hash, bits))
    if (found >= 0) return first + found
  }
}

type SealedFile = { readonly sealed: Bytes; readonly listed: SealedAttachment }

/** One after the other: each is in memory open, padded and sealed for a moment. */
async function sealFiles(
  inner: readonly string[],
  files: readonly FileToSeal[],
  progress: Progress,
): Promise<SealedFile[]> {
  const all = files.reduce((sum, { content }) => sum + content.size, 0)
  const done: SealedFile[] = []
  let before = 0
  for (const { content, ...named } of files) {
    const { size: sizeBytes } = content
    const padded = pad(new Uint8Array(await content.arrayBuffer()))
    const onPiece = (sealedBytes: number) => progress(Math.min(all, before + sealedBytes), all)
    const sealed = await sealInPieces(inner, padded, { minimumRecipients: ROSTER_MIN, onPiece })
    const sealedDigest = toHex(await digestOf(sealed))
    done.push({ sealed, listed: { ...named, sizeBytes, sealedDigest } })
    before += sizeBytes
  }
  return done
}

function sealPadded(inner: readonly string[], content: Uint8Array): Promise<Bytes> {
  return sealTo(inner, pad(content), { minimumRecipients: ROSTER_MIN })
}

/** Two layers: somebody of the outer group opens first, then somebody of the inner one. */
function sealContact(
  groups: { readonly inner: readonly string[]; readonly outer: readonly string[] },
  contact: string,
): Promise<Bytes> {
  const salt = toBase64(randomBytes(SALT_BYTES))
  return sealNested(groups, pad(canonicalBytes({ v: 1, contact, salt })), { minimumRecipients: 1 })
}

async function digestOf(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Bytes))
}

function randomBytes(size: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(size))
}
