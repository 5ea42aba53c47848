/**
 * What is inside a sealed report, before padding: canonical JSON. age binds nothing
 * outside to what is inside, so the document itself says for which node, form, roster and
 * script it was made; whoever opens it compares that with the signed receipt.
 *
 * It cannot be checked on arrival: a server that could would be able to read it.
 */
import { type Bytes, concatBytes, fromBase64, toHex, utf8 } from '../../base/bytes.ts'
import type { Json } from '../../base/canonical-json.ts'
import { hmacSha256 } from '../../proof/hmac.ts'
import type { Hashing } from '../../proof/primitives.ts'
import type { AcceptedReceipt } from './filing.ts'
import { type FilingStatement, statementDigest } from './filing-statement.ts'
import type { FormAnswers } from './report-forms.ts'

export type SealedAttachment = {
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
  /** SHA-256 of its age file, hex. */
  readonly sealedDigest: string
  /** A scrubbed copy stands beside its original, or alone. */
  readonly role: 'original' | 'scrubbed'
  /** Of a scrubbed copy: where its original stands in the list; null: it was not sent. */
  readonly of: number | null
}

export type ReportDocument = {
  readonly v: 1
  readonly origin: string
  readonly formId: string
  readonly formVersion: number
  readonly formDigest: string
  readonly mode: 'sealed-in-browser'
  readonly language: string
  /** Replies are sealed to it; it travels inside, so that a server cannot put another there. */
  readonly mailboxRecipient: string
  readonly recipientsDigest: string
  readonly bundleDigest: string
  /** 32 random bytes, base64: nobody can try what was written against a digest. */
  readonly salt: string
  readonly answers: FormAnswers
  readonly attachments: readonly SealedAttachment[]
  /** Of an organisation that files by name; its digest is in the receipt. */
  readonly statement?: FilingStatement
}

/**
 * Of a file's content, under the salt inside its report: whoever seals it again says that it
 * is the same, and nobody without the report can try files against it.
 */
export function attachmentDigest(hashing: Hashing, salt: string, content: Uint8Array): Bytes {
  const said = concatBytes(utf8('comity/attachment/v1\n'), hashing.sha256(content))
  return hmacSha256(hashing, fromBase64(salt, 'salt'), said)
}

/** What the receipt says of a filing, and the document must say too. */
export type FiledContext = Pick<
  AcceptedReceipt,
  'origin' | 'formDigest' | 'recipientsDigest' | 'bundleDigest' | 'mode' | 'statementDigest'
>

/** Both kinds of reports have these; what is sealed in a browser also names its script. */
const BOUND = ['origin', 'formDigest', 'recipientsDigest', 'mode'] as const

/** Names of the members in which an opened report differs from its receipt. */
export function contextFaults(hashing: Hashing, document: Json, filed: FiledContext): string[] {
  const said = (document ?? {}) as Readonly<Record<string, Json | undefined>>
  const isInBrowser = filed.mode === 'sealed-in-browser'
  const names = isInBrowser ? [...BOUND, 'bundleDigest' as const] : BOUND
  const differs = names.filter((name) => {
    // Reports sealed on arrival did not always say it.
    const isSilent = !isInBrowser && said[name] === undefined
    return !isSilent && said[name] !== filed[name]
  })
  const { statement } = said
  const digest = statement && toHex(statementDigest(hashing, statement as FilingStatement))
  return digest === filed.statementDigest ? differs : [...differs, 'statement']
}
