/** Filings as the node keeps them: sealed, with nothing that says when exactly or from where. */
import type { Bytes } from '../../base/bytes.ts'
import type { CalendarDate } from '../../base/time.ts'
import type { FilingEvent, SignedReceipt } from '../../wire/intake/filing.ts'

export type NewFiling = {
  readonly id: string
  /** SHA-256 of the mailbox id. */
  readonly mailboxHash: Bytes
  readonly filedOn: CalendarDate
  readonly language: string
  readonly report: Bytes
  readonly contact: Bytes | undefined
  readonly commitment: Bytes
  readonly tags: Readonly<Record<FilingEvent, string>>
  readonly acceptedReceipt: SignedReceipt
  /** Hash of the form token; a second filing with the same one is refused. */
  readonly formTokenHash: Bytes
}

export type Filing = {
  readonly id: string
  readonly filedOn: CalendarDate
  readonly language: string
  readonly hasContact: boolean
  readonly acceptedReceipt: SignedReceipt
  /** The case that it was admitted into. */
  readonly caseId: string | undefined
  /** Log id of the batch that holds it, once there is one. */
  readonly batchLogId: string | undefined
}

/** Everything that opens a filing's leaf in the log, for the reporter alone. */
export type FilingProof = {
  readonly leafIndex: number
  readonly treeSize: number
  readonly hashes: readonly string[]
}

export type Filings = {
  /** `false` if the form token was used before: nothing is kept then. */
  add(filing: NewFiling): Promise<boolean>
  waiting(): Promise<readonly Filing[]>
  find(id: string): Promise<Filing | undefined>
  findByMailbox(mailboxHash: Uint8Array): Promise<Filing | undefined>
  sealedReport(id: string): Promise<Bytes | undefined>
  sealedContact(id: string): Promise<Bytes | undefined>
  proofOf(id: string): Promise<FilingProof | undefined>
  /** Closes the current batch: one log entry for all filings since the last, with filler. */
  closeBatch(): Promise<void>
}
