/**
 * What passes through the mailbox of a report: follow-ups of the reporter and answers of
 * officers, each sealed in the browser of whoever wrote it. The node keeps ciphertext, the
 * day and the direction; it knows of an answer which kind it is, so that the reporter's
 * clocks and tags follow.
 */
import { toHex, utf8 } from '../base/bytes.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import { utcDateOf } from '../base/time.ts'
import type { Acting } from '../core/case/recorded.ts'
import type { DeskEvent } from '../core/desk/desk-events.ts'
import type { WhyNoAppeal } from '../core/disclosure/reporter-appeal.ts'
import { isWork, workInput, workPrefix } from '../wire/intake/work.ts'
import type { Kernel } from './kernel.ts'
import type { FollowUpKind, ReplyKind } from './ports/filings.ts'
import { startProtection } from './protection.ts'
import { appealOf, mayAppealNow, startAppeal } from './reporter-appeals.ts'
import { intakeRoster } from './sealing-keys.ts'

export const SEALED_MESSAGE_MAX_BYTES = 256 * 1024

export type FollowUp = {
  readonly mailboxId: Uint8Array
  readonly kind: FollowUpKind
  readonly sealed: Uint8Array
  readonly ticket: string
  readonly work: number
  /** What the ticket asked for. */
  readonly workBits: number
}

export type WhyNotWritten =
  | 'noMailbox'
  | 'workMissing'
  | 'notTaken'
  | 'noFiling'
  | 'mailboxFull'
  | WhyNoAppeal

export async function writeFollowUp(
  kernel: Kernel,
  { mailboxId, kind, sealed, ticket, work, workBits }: FollowUp,
): Promise<Decision<null, WhyNotWritten>> {
  const { primitives, filings, clocks, random } = kernel
  const prefix = workPrefix(primitives, ticket, primitives.sha256(sealed))
  if (!isWork(primitives.sha256(workInput(prefix, work)), workBits)) {
    return refused('workMissing', 'the proof of work does not fit this message')
  }
  const filing = await filings.findByMailbox(primitives.sha256(mailboxId))
  if (!filing) return refused('noMailbox', 'there is nothing for this code')
  const about = appealOf(kind)
  const may = about && (await mayAppealNow(kernel, filing, about))
  if (may?.decision === 'refuse') return may
  const roster = await intakeRoster(kernel)
  requireMessage(kernel, sealed, roster.inner.length)
  const message = {
    id: random.uuid(),
    filingId: filing.id,
    isFromReporter: true,
    kind,
    on: utcDateOf(clocks.caseNow()),
    sealed,
    sealedFor: roster.digest,
  } as const
  const tokenHash = new Uint8Array(primitives.sha256(utf8(`ticket/v1\n${ticket}`)))
  return kernel.streams.transact(async (unit) => {
    const taken = await unit.takeFollowUp(message, tokenHash)
    if (!taken) return refused('notTaken', 'this was sent before, or the mailbox is full')
    if (kind === 'retaliation' && taken.caseId !== undefined) {
      await startProtection(kernel, unit, taken.caseId, [message.id])
    }
    if (about !== undefined && taken.caseId !== undefined) {
      // A second one at the same moment is kept as a message of the first.
      await startAppeal(kernel, unit, taken.caseId, { id: message.id, about })
    }
    return permit(null)
  })
}

/** Ciphertext goes; that something was written stays in the case and in the log. */
export async function deleteMessage(
  { filings, primitives }: Kernel,
  mailboxId: Uint8Array,
  messageId: string,
): Promise<boolean> {
  const filing = await filings.findByMailbox(primitives.sha256(mailboxId))
  return filing !== undefined && (await filings.deleteMessage(filing.id, messageId))
}

export type ReplyToReporter = {
  readonly caseId: string
  readonly kind: ReplyKind
  /** For the mailbox and for every officer of the roster. */
  readonly sealed: Uint8Array
}

/** Access to the case was decided before; the answer is an event and goes with a batch. */
export async function writeToReporter(
  kernel: Kernel,
  { caseId, kind, sealed }: ReplyToReporter,
  acting: Acting,
): Promise<Decision<null, WhyNotWritten>> {
  const { primitives, filings, clocks, random } = kernel
  const filing = await filings.findByCase(caseId)
  if (!filing) return refused('noFiling', 'no report was filed for this case')
  const roster = await intakeRoster(kernel)
  requireMessage(kernel, sealed, roster.inner.length + 1)
  const messageId = random.uuid()
  const event: DeskEvent = {
    type: 'reporterWritten',
    messageId,
    kind,
    digest: toHex(primitives.sha256(sealed)),
  }
  return kernel.streams.transact(async (unit) => {
    const stream = await unit.open(caseId)
    if (!stream) return refused('noFiling', 'there is no such case')
    const isWritten = await unit.writeToReporter({
      id: messageId,
      filingId: filing.id,
      isFromReporter: false,
      kind,
      on: utcDateOf(clocks.caseNow()),
      sealed,
      sealedFor: roster.digest,
    })
    if (!isWritten) return refused('mailboxFull', 'the mailbox takes no more messages')
    await stream.append([event], acting.officer, 'intake')
    return permit(null)
  })
}

function requireMessage({ sealing }: Kernel, sealed: Uint8Array, recipients: number): void {
  const field = 'sealed'
  if (sealed.length > SEALED_MESSAGE_MAX_BYTES) {
    throw malformed('a message is too large', { field, reason: 'size' })
  }
  if (sealing.shapeOf(sealed).recipients !== recipients) {
    const text = 'a sealed message has other recipients than it must have'
    throw malformed(text, { field, reason: 'wrong-recipients' })
  }
  if (!sealing.isPadded(sealed)) {
    throw malformed('a sealed message is not padded', { field, reason: 'not-padded' })
  }
}

function refused(why: WhyNotWritten, text: string) {
  return refuse(why, { rule: `mailbox:${why}`, text })
}
