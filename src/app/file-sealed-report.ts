/**
 * A person files a report that their browser sealed, without an account.
 *
 * The node sees ciphertext, hashes and the day. It checks what a sealed file shows of
 * itself: that each is an age file for as many recipients as it must be, and padded. It
 * cannot tell what is inside, nor whether officers can open it.
 *
 * The same filing sent again gets the same receipt, so that a reporter whose connection
 * broke loses nothing; one that differs is refused.
 */
import { fromBase64, fromHex, toHex, utf8 } from '../base/bytes.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { malformed, unavailable } from '../base/errors.ts'
import type { SignedReceipt } from '../wire/intake/filing.ts'
import { SEALED_CONTACT_MAX_BYTES, sealedInOrder } from '../wire/intake/filing-upload.ts'
import type { FilingUpload } from '../wire/intake/read-upload.ts'
import { formsDigest } from '../wire/intake/report-forms.ts'
import { isWork, workInput, workPrefix } from '../wire/intake/work.ts'
import { acceptedReceipt } from './accepted-receipt.ts'
import type { Kernel } from './kernel.ts'
import type { Filing, NewFiling } from './ports/filings.ts'
import { type IntakeRoster, intakeRoster } from './sealing-keys.ts'

export const SEALED_FORM_ID = 'report'

export type FileSealedReport = {
  readonly upload: FilingUpload
  /** What the ticket asked for. */
  readonly workBits: number
  /** Digest of the scripts that this node serves now. */
  readonly bundleDigest: string
  /** Of the page, as BCP 47. */
  readonly language: string
}

export type FiledSealed = {
  readonly receipt: SignedReceipt
  /** It was here before. */
  readonly isRepeated: boolean
}

export type WhyNotFiled =
  | 'alreadyFiled'
  | 'rosterChanged'
  | 'formChanged'
  | 'scriptChanged'
  | 'workMissing'

export async function fileSealedReport(
  kernel: Kernel,
  filing: FileSealedReport,
): Promise<Decision<FiledSealed, WhyNotFiled>> {
  const { upload, workBits, language } = filing
  const { header, files } = upload
  const { primitives, random } = kernel
  const digests = sealedInOrder(files).map((bytes) => primitives.sha256(bytes))
  const prefix = workPrefix(primitives, header.ticket, digests[0] ?? new Uint8Array())
  if (!isWork(primitives.sha256(workInput(prefix, header.work)), workBits)) {
    return refused('workMissing', 'the proof of work does not fit this filing')
  }
  const sealedDigests = digests.map(toHex)
  const roster = await intakeRoster(kernel)
  const stale = staleParts(kernel, filing, roster)
  if (stale) return (await repeated(kernel, header, sealedDigests)) ?? stale
  requireShapes(kernel, upload, roster)
  const receipt = await acceptedReceipt(kernel, {
    formId: SEALED_FORM_ID,
    mode: 'sealed-in-browser',
    commitment: header.commitment,
    sealedDigests,
    recipientsDigest: header.recipientsDigest,
    bundleDigest: header.bundleDigest,
    ...(header.statementDigest ? { statementDigest: header.statementDigest } : {}),
  })
  const added: NewFiling = {
    id: random.uuid(),
    mailboxHash: fromHex(header.mailboxHash),
    filedOn: receipt.receipt.filedOn,
    language,
    report: new Uint8Array(files.report),
    contact: files.contact && new Uint8Array(files.contact),
    attachments: files.attachments,
    // Whoever filed could name a wrong one and so stop officers from sealing it again.
    reportDigest: undefined,
    contactDigest: undefined,
    sealedFor: roster.digest,
    commitment: fromBase64(header.commitment),
    tags: header.tags,
    acceptedReceipt: receipt,
    formTokenHash: new Uint8Array(primitives.sha256(utf8(`ticket/v1\n${header.ticket}`))),
  }
  if (await kernel.filings.add(added)) return permit({ receipt, isRepeated: false })
  // It was here before: the same, or another one with its ticket or code.
  return (await repeated(kernel, header, sealedDigests)) ?? alreadyFiled()
}

type Header = FilingUpload['header']

async function repeated(
  { filings }: Kernel,
  { mailboxHash, commitment }: Header,
  sealedDigests: readonly string[],
): Promise<Decision<FiledSealed, WhyNotFiled> | undefined> {
  const known = await filings.findByMailbox(fromHex(mailboxHash))
  if (!known) return undefined
  return isSame(known, commitment, sealedDigests)
    ? permit({ receipt: known.acceptedReceipt, isRepeated: true })
    : alreadyFiled()
}

function isSame({ acceptedReceipt }: Filing, commitment: string, digests: readonly string[]) {
  const { receipt } = acceptedReceipt
  const isEqual = receipt.sealedDigests.join() === digests.join()
  return isEqual && receipt.commitment === commitment
}

/** What changed at the node since the page was opened. */
function staleParts(
  { primitives }: Kernel,
  { upload, bundleDigest }: FileSealedReport,
  roster: IntakeRoster,
) {
  const { header } = upload
  if (roster.inner.length < 2 || (upload.files.contact && roster.outer.length === 0)) {
    throw unavailable('this authority has too few intake officers to seal for')
  }
  if (header.recipientsDigest !== roster.digest) {
    return refused('rosterChanged', 'the list of officers changed while you wrote')
  }
  if (header.formDigest !== formsDigest(primitives)) {
    return refused('formChanged', 'the form changed while you wrote')
  }
  if (header.bundleDigest !== bundleDigest) {
    return refused('scriptChanged', 'the script that seals changed while you wrote')
  }
  return undefined
}

function requireShapes(
  { sealing }: Kernel,
  { files }: FilingUpload,
  { inner, outer }: IntakeRoster,
): void {
  const requireRecipients = (sealed: Uint8Array, count: number, field: string) => {
    if (sealing.shapeOf(sealed).recipients === count) return
    throw malformed('a sealed file has other recipients than it must have', {
      field,
      reason: 'wrong-recipients',
    })
  }
  const padded = [files.report, ...files.attachments]
  for (const [at, sealed] of padded.entries()) {
    const field = at === 0 ? 'report' : 'attachments'
    requireRecipients(sealed, inner.length, field)
    if (!sealing.isPadded(sealed)) {
      throw malformed('a sealed file is not padded', { field, reason: 'not-padded' })
    }
  }
  if (!files.contact) return
  requireRecipients(files.contact, outer.length, 'contact')
  if (files.contact.length > SEALED_CONTACT_MAX_BYTES) {
    throw malformed('a sealed contact is too large', { field: 'contact', reason: 'size' })
  }
}

function alreadyFiled() {
  return refused('alreadyFiled', 'this form was sent before; the first sending counts')
}

function refused(why: WhyNotFiled, text: string) {
  return refuse(why, { rule: `intake:${why}`, text })
}
