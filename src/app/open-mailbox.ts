/**
 * A reporter asks what became of a report, with the code and nothing else.
 *
 * A code that is wrong in any way is answered exactly like one that nobody has:
 * the same work is done for both.
 */
import { type CalendarDate, utcDateOf } from '../base/time.ts'
import type { CaseState } from '../core/case/case.ts'
import { NO_CODE, receiptCodeOrNone, secretsOfCode } from '../wire/intake/receipt-code.ts'
import { writeSealedFiling } from '../wire/intake/sealed-receipt.ts'
import { foldCaseStream } from './case-stream.ts'
import { openingOf } from './event-openings.ts'
import type { Kernel } from './kernel.ts'
import type { ContactOpened, Filing, MailboxMessage } from './ports/filings.ts'
import type { EntryReceipt } from './ports/receipts.ts'
import { type ReporterVoice, voiceOf } from './reporter-voice.ts'

/** `accepted`: signed at once. `batched`: its batch is in the log. `sealed`: witnesses cosigned. */
export type FilingStage = 'accepted' | 'batched' | 'sealed'

export type Mailbox = {
  readonly filing: Filing
  readonly stage: FilingStage
  /** The day on which an officer admitted it, in case time; null: it waits. */
  readonly acknowledgedOn: CalendarDate | null
  /** The file `filing-sealed.json`, once there is one. */
  readonly sealedReceipt: Uint8Array | undefined
  readonly messages: readonly MailboxMessage[]
  readonly contactOpenings: readonly ContactOpened[]
  readonly voice: ReporterVoice
}

export async function openMailbox(kernel: Kernel, typedCode: string): Promise<Mailbox | undefined> {
  const { primitives, node } = kernel
  const code = receiptCodeOrNone(primitives, typedCode)
  const { mailboxId } = secretsOfCode(primitives, code ?? NO_CODE, node.id)
  return openMailboxById(kernel, code === undefined ? undefined : mailboxId)
}

/**
 * For a browser that keeps the code to itself: the id finds the mailbox and opens nothing.
 * What is no id is looked up as one that nobody can have filed for.
 */
export async function openMailboxById(
  kernel: Kernel,
  mailboxId: Uint8Array | undefined,
): Promise<Mailbox | undefined> {
  const { primitives, filings, random } = kernel
  const nobodys = random.bytes(32)
  const filing = await filings.findByMailbox(primitives.sha256(mailboxId ?? nobodys))
  if (!filing) return undefined
  const logged = filing.batchLogId ? await kernel.receipts.of(filing.batchLogId) : undefined
  const sealedReceipt = await sealedReceiptOf(kernel, filing, logged)
  const state = await caseOf(kernel, filing)
  const isPlaced = logged !== undefined && logged.state !== 'accepted'
  return {
    filing,
    stage: sealedReceipt ? 'sealed' : isPlaced ? 'batched' : 'accepted',
    acknowledgedOn: state?.openedAt ? utcDateOf(state.openedAt) : null,
    sealedReceipt,
    messages: await filings.messages(filing.id),
    contactOpenings: await filings.contactOpenings(filing.id),
    voice: voiceOf(kernel, filing, state),
  }
}

async function caseOf(kernel: Kernel, { caseId }: Filing): Promise<CaseState | undefined> {
  const stream = caseId ? await kernel.streams.read(caseId) : undefined
  return stream && foldCaseStream(stream.history)
}

async function sealedReceiptOf(
  kernel: Kernel,
  { id, acceptedReceipt }: Filing,
  logged: EntryReceipt | undefined,
): Promise<Uint8Array | undefined> {
  const proof = logged?.receipt && (await kernel.filings.proofOf(id))
  if (!proof || !logged?.receipt) return undefined
  const { leafIndex, treeSize, hashes } = proof
  return writeSealedFiling({
    accepted: acceptedReceipt,
    path: { leafIndex, treeSize, hashes },
    entry: logged.entry,
    receipt: logged.receipt,
    key: (await keyOpening(kernel)) ?? null,
  })
}

/** The event by which this node published its keys, if its own log entry is sealed. */
export async function keyOpening(kernel: Kernel) {
  const view = await kernel.streams.read(kernel.authorityStreamId)
  const published = view?.history.findLast(({ event }) => event.type === 'nodeDocumentPublished')
  return view && published ? openingOf(kernel, view, published.version) : undefined
}
