/** Filings as the node keeps them: sealed, with nothing that says when exactly or from where. */
import type { Bytes } from '../../base/bytes.ts'
import type { CalendarDate } from '../../base/time.ts'
import type { FilingPart } from '../../core/sealing/events.ts'
import type { FilingEvent, SignedReceipt } from '../../wire/intake/filing.ts'

export type NewFiling = {
  readonly id: string
  /** SHA-256 of the mailbox id. */
  readonly mailboxHash: Bytes
  readonly filedOn: CalendarDate
  readonly language: string
  readonly report: Bytes
  readonly contact: Bytes | undefined
  /** Files sealed on their own; those of a report sealed on arrival are inside it. */
  readonly attachments: readonly Uint8Array[]
  /** SHA-256 of what is inside; a salt in it keeps the digest from being guessed. */
  /** Unknown for what a browser sealed, until officers seal it again. */
  readonly reportDigest: Bytes | undefined
  readonly contactDigest: Bytes | undefined
  /** Digest of the roster that it is sealed to. */
  readonly sealedFor: string
  readonly commitment: Bytes
  readonly tags: Readonly<Record<FilingEvent, string>>
  readonly acceptedReceipt: SignedReceipt
  /** Hash of the form token or ticket; a second filing with the same one is refused. */
  readonly formTokenHash: Bytes
}

export type Filing = {
  readonly id: string
  readonly filedOn: CalendarDate
  readonly language: string
  readonly hasContact: boolean
  readonly attachments: number
  /** A follow-up says that somebody is treated badly because of it. */
  readonly saysRetaliation: boolean
  /** Digest of the roster that the report is sealed to now. */
  readonly sealedFor: string
  readonly acceptedReceipt: SignedReceipt
  /** The case that it was admitted into. */
  readonly caseId: string | undefined
  /** Log id of the batch that holds it, once there is one. */
  readonly batchLogId: string | undefined
  /** The day on which it was closed, because nobody could open it. */
  readonly closedOn: CalendarDate | undefined
}

/** One part of a filing that is sealed to a roster that no longer holds. */
export type StaleFiling = {
  readonly filingId: string
  readonly part: FilingPart
  readonly sealedFor: string
  /** An answer: sealed to the mailbox too. */
  readonly isForReporter: boolean
}

export type ListPage = { readonly skip: number; readonly limit: number }

export type SealedPart = {
  readonly bytes: Bytes
  readonly sealedFor: string
  /** Undefined for a filing from before digests were kept, until it is sealed again. */
  readonly contentDigest: Bytes | undefined
  /** An answer: sealed to the mailbox too. */
  readonly isForReporter: boolean
}

export type ResealedPart = {
  readonly filingId: string
  readonly part: FilingPart
  /** SHA-256 of the sealed bytes that are replaced, hex. */
  readonly from: string
  readonly bytes: Uint8Array
  readonly sealedFor: string
  readonly contentDigest: Uint8Array | undefined
}

/** Everything that opens a filing's leaf in the log, for the reporter alone. */
export type FilingProof = {
  readonly leafIndex: number
  readonly treeSize: number
  readonly hashes: readonly string[]
}

export const REPLY_KINDS = [
  'acknowledged',
  'needMoreInformation',
  'feedback',
  'extended',
  'transmitted',
  'outcome',
  'closed',
  'protection',
] as const
/** What an answer of the authority is, so that the right one stops a period. */
export type ReplyKind = (typeof REPLY_KINDS)[number]

export const FOLLOW_UP_KINDS = [
  'followUp',
  'retaliation',
  'appealRejection',
  'appealDelay',
  'appealCredit',
] as const
/** What the reporter says a message is: bad treatment because of the report starts a clock. */
export type FollowUpKind = (typeof FOLLOW_UP_KINDS)[number]

export type MailboxMessage = {
  readonly id: string
  readonly isFromReporter: boolean
  readonly kind: ReplyKind | FollowUpKind
  readonly on: CalendarDate
  /** Undefined: the reporter deleted it. */
  readonly sealed: Bytes | undefined
}

export type NewMessage = Omit<MailboxMessage, 'sealed'> & {
  readonly filingId: string
  readonly sealed: Uint8Array
  readonly sealedFor: string
}

/** Two officers opened the contact, and nothing forbids to tell the reporter. */
export type ContactOpened = {
  readonly id: string
  readonly filingId: string
  readonly on: CalendarDate
  readonly basis: string
}

export const MAILBOX_MESSAGES_MAX = 200
/** Of the whole node: at most about 600 MiB. */
export const DRAFTS_MAX = 2000

export type NewDraft = {
  /** SHA-256 of the draft id. */
  readonly idHash: Bytes
  readonly sealed: Bytes
  readonly lastDay: CalendarDate
  readonly today: CalendarDate
  readonly tokenHash: Bytes
}

export type Filings = {
  findByCase(caseId: string): Promise<Filing | undefined>
  /** The oldest first. */
  messages(filingId: string): Promise<readonly MailboxMessage[]>
  /** Those of which the reporter is told, the first first. */
  contactOpenings(filingId: string): Promise<readonly ContactOpened[]>
  /** Takes the ciphertext away, for everybody. */
  deleteMessage(filingId: string, messageId: string): Promise<boolean>
  /** `false` if the form token or the mailbox was used before: nothing is kept then. */
  add(filing: NewFiling): Promise<boolean>
  /** Neither admitted nor closed. */
  waiting(): Promise<readonly Filing[]>
  /** Those that nobody could open. */
  closed(): Promise<readonly Filing[]>
  find(id: string): Promise<Filing | undefined>
  findByMailbox(mailboxHash: Uint8Array): Promise<Filing | undefined>
  sealedReport(id: string): Promise<Bytes | undefined>
  /** `position` counts from 0, as the report lists them. */
  sealedAttachment(id: string, position: number): Promise<Bytes | undefined>
  sealedContact(id: string): Promise<Bytes | undefined>
  sealedPart(id: string, part: FilingPart): Promise<SealedPart | undefined>
  /** By position: of what is inside, for files that were sealed again. */
  attachmentDigests(id: string): Promise<readonly (Bytes | undefined)[]>
  /** Parts that are sealed to another roster than this one, the oldest first. */
  staleFilings(rosterDigest: string, page: ListPage): Promise<readonly StaleFiling[]>
  /** How many parts are sealed to each roster. */
  countByRoster(): Promise<readonly { readonly sealedFor: string; readonly count: number }[]>
  proofOf(id: string): Promise<FilingProof | undefined>
  /** Replaces an earlier one with this id. Nothing is kept where a token was used before. */
  saveDraft(draft: NewDraft): Promise<'kept' | 'full' | 'tokenUsed'>
  openDraft(idHash: Uint8Array, today: CalendarDate): Promise<Bytes | undefined>
  deleteDraft(idHash: Uint8Array): Promise<void>
  deleteOldDrafts(today: CalendarDate): Promise<void>
  /** Closes the current batch: one log entry for all filings since the last, with filler. */
  closeBatch(): Promise<void>
}
