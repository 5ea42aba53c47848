/**
 * A person files a report, without an account.
 *
 * The text exists as plaintext only in this call: it is sealed to the intake
 * officers before anything is written. The reporter gets a code, shown once, and
 * at once a signed receipt that says nothing about them.
 */
import { toBase64, toHex, utf8 } from '../base/bytes.ts'
import { canonicalBytes } from '../base/canonical-json.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { unavailable } from '../base/errors.ts'
import type { Primitives } from '../proof/primitives.ts'
import {
  eventTag,
  FILING_EVENTS,
  type FilingEvent,
  filingCommitment,
  type SignedReceipt,
} from '../wire/intake/filing.ts'
import {
  type FilingStatement,
  statementDigest,
  statementOf,
} from '../wire/intake/filing-statement.ts'
import {
  CODE_RANDOM_BYTES,
  displayCode,
  newReceiptCode,
  secretsOfCode,
} from '../wire/intake/receipt-code.ts'
import { FORM_VERSION, type FormAnswers, formsDigest } from '../wire/intake/report-forms.ts'
import { acceptedReceipt } from './accepted-receipt.ts'
import type { Kernel } from './kernel.ts'
import type { NewFiling } from './ports/filings.ts'
import { type IntakeRoster, intakeRoster } from './sealing-keys.ts'

export const ATTACHMENT_MAX_BYTES = 1024 * 1024

export type Attachment = {
  readonly name: string
  readonly mediaType: string
  readonly content: Uint8Array
}

export type FileReport = {
  /** Those that the form of its kind asks for; checked by whoever read them. */
  readonly answers: FormAnswers & { readonly language: string }
  readonly contact: string | undefined
  readonly attachment: Attachment | undefined
  /** Random secret of the form as it was served; makes a double submission harmless. */
  readonly formToken: string
}

export type Filed = {
  readonly code: string
  readonly receipt: SignedReceipt
  /** Of an organisation that filed by name: what it can show, kept nowhere else. */
  readonly statement: FilingStatement | undefined
}

const FORM_ID = 'basic'
const MODE = 'sealed-on-arrival'
const SALT_BYTES = 32

export async function fileReport(
  kernel: Kernel,
  filing: FileReport,
): Promise<Decision<Filed, 'alreadyFiled'>> {
  const { primitives, random, node } = kernel
  const code = newReceiptCode(primitives, random.bytes(CODE_RANDOM_BYTES))
  const secrets = secretsOfCode(primitives, code, node.id)
  const roster = await intakeRoster(kernel)
  const statement = statementOf(node.id, filing.answers, newSalt(kernel))
  const { report, contact, reportDigest, contactDigest } = await sealFiling(kernel, filing, {
    roster,
    statement,
    mailboxKey: secrets.mailboxKey,
  })
  const sealed = contact ? [report, contact] : [report]
  const commitment = filingCommitment(primitives, secrets.filingNonce, sealed)
  const receipt = await acceptedReceipt(kernel, {
    formId: FORM_ID,
    mode: MODE,
    commitment: toBase64(commitment),
    sealedDigests: sealed.map((bytes) => toHex(primitives.sha256(bytes))),
    recipientsDigest: roster.digest,
    ...(statement ? { statementDigest: toHex(statementDigest(primitives, statement)) } : {}),
  })
  const isNew = await kernel.filings.add({
    id: random.uuid(),
    mailboxHash: new Uint8Array(primitives.sha256(secrets.mailboxId)),
    filedOn: receipt.receipt.filedOn,
    language: filing.answers.language,
    report,
    contact,
    attachments: [],
    reportDigest,
    contactDigest,
    sealedFor: roster.digest,
    commitment,
    tags: tagsOf(primitives, secrets.eventTags),
    acceptedReceipt: receipt,
    formTokenHash: new Uint8Array(primitives.sha256(utf8(`form-token/v1\n${filing.formToken}`))),
  })
  if (!isNew) {
    const text = 'this form was sent before; the first sending counts'
    return refuse('alreadyFiled', { rule: 'intake:once', text })
  }
  return permit({ code: displayCode(code), receipt, statement })
}

async function sealFiling(
  kernel: Kernel,
  { answers, contact, attachment }: FileReport,
  {
    roster,
    statement,
    mailboxKey,
  }: {
    readonly roster: IntakeRoster
    readonly statement: FilingStatement | undefined
    readonly mailboxKey: Uint8Array
  },
): Promise<Pick<NewFiling, 'report' | 'contact' | 'reportDigest' | 'contactDigest'>> {
  if (roster.inner.length < 2 || (contact && roster.outer.length === 0)) {
    throw unavailable('this authority has too few intake officers to seal for')
  }
  const [recipient = ''] = roster.inner
  const document = {
    v: 1,
    origin: kernel.node.id,
    formId: FORM_ID,
    formVersion: FORM_VERSION,
    formDigest: formsDigest(kernel.primitives),
    mode: MODE,
    language: answers.language,
    mailboxRecipient: await kernel.sealing.mailboxRecipient(mailboxKey, recipient),
    recipientsDigest: roster.digest,
    salt: newSalt(kernel),
    answers,
    ...(statement ? { statement } : {}),
    attachments: attachment
      ? [
          {
            name: attachment.name,
            mediaType: attachment.mediaType,
            sizeBytes: attachment.content.length,
            content: toBase64(attachment.content),
          },
        ]
      : [],
  }
  const digestOf = (bytes: Uint8Array) => new Uint8Array(kernel.primitives.sha256(bytes))
  const plain = canonicalBytes(document)
  const report = await kernel.sealing.sealReport(roster.inner, plain)
  const reportDigest = digestOf(plain)
  if (!contact) return { report, reportDigest, contact: undefined, contactDigest: undefined }
  const plainContact = canonicalBytes({ v: 1, contact, salt: newSalt(kernel) })
  const sealed = await kernel.sealing.sealContact(roster, plainContact)
  return { report, reportDigest, contact: sealed, contactDigest: digestOf(plainContact) }
}

/** Inside what is sealed: without it somebody with the digest could try what was written. */
const newSalt = ({ random }: Kernel) => toBase64(random.bytes(SALT_BYTES))

function tagsOf(primitives: Primitives, key: Uint8Array): Record<FilingEvent, string> {
  const entries = FILING_EVENTS.map((event) => [event, toBase64(eventTag(primitives, key, event))])
  return Object.fromEntries(entries) as Record<FilingEvent, string>
}
