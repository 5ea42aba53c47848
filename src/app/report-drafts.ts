/**
 * Drafts of reports. Only ciphertext comes here, sealed in the reporter's browser to a key
 * from the code; the id by which it is found comes from the code too and says nothing of the
 * mailbox. Whoever has the code replaces, opens and deletes the draft; nobody else can.
 *
 * Kept at the node, not in the browser: what stands in a browser's storage is found by whoever
 * gets the device, and is lost with it.
 */
import { utf8 } from '../base/bytes.ts'
import { type Decision, permit, refuse } from '../base/decision.ts'
import { malformed } from '../base/errors.ts'
import { addMs, type CalendarDate, DAY_MS, utcDateOf } from '../base/time.ts'
import { isWork, workInput, workPrefix } from '../wire/intake/work.ts'
import type { Kernel } from './kernel.ts'

/** A report has at most 256 KiB of text; padding and the header come on top. */
export const SEALED_DRAFT_MAX_BYTES = 320 * 1024
export const DRAFT_DAYS = 14

export type SaveDraft = {
  readonly draftId: Uint8Array
  readonly sealed: Uint8Array
  readonly ticket: string
  readonly work: number
  /** What the ticket asked for. */
  readonly workBits: number
}

export type WhyNotSaved = 'workMissing' | 'draftsFull' | 'notTaken'

/** @throws ComityError `malformed` if it is no sealed draft */
export async function saveDraft(
  { primitives, filings, clocks, sealing }: Kernel,
  { draftId, sealed, ticket, work, workBits }: SaveDraft,
): Promise<Decision<{ readonly until: CalendarDate }, WhyNotSaved>> {
  const prefix = workPrefix(primitives, ticket, primitives.sha256(sealed))
  if (!isWork(primitives.sha256(workInput(prefix, work)), workBits)) {
    return refused('workMissing', 'the proof of work does not fit this draft')
  }
  if (sealed.length > SEALED_DRAFT_MAX_BYTES) {
    throw malformed('the draft is too long', { field: 'sealed', reason: 'size' })
  }
  const isShaped = sealing.shapeOf(sealed).recipients === 1 && sealing.isPadded(sealed)
  if (!isShaped) {
    throw malformed('a draft is sealed to one key and padded', { field: 'sealed', reason: 'shape' })
  }
  const now = clocks.wireNow()
  const lastDay = utcDateOf(addMs(now, DRAFT_DAYS * DAY_MS))
  const kept = await filings.saveDraft({
    idHash: new Uint8Array(primitives.sha256(draftId)),
    sealed: new Uint8Array(sealed),
    lastDay,
    today: utcDateOf(now),
    tokenHash: new Uint8Array(primitives.sha256(utf8(`ticket/v1\n${ticket}`))),
  })
  if (kept === 'full') return refused('draftsFull', 'there is no room for another draft')
  if (kept === 'tokenUsed') return refused('notTaken', 'this was sent before')
  return permit({ until: lastDay })
}

/** @returns undefined for no draft, an old one, and a code that nobody has */
export function openDraft(
  { primitives, filings, clocks }: Kernel,
  draftId: Uint8Array,
): Promise<Uint8Array | undefined> {
  const idHash = new Uint8Array(primitives.sha256(draftId))
  return filings.openDraft(idHash, utcDateOf(clocks.wireNow()))
}

export async function deleteDraft(
  { primitives, filings }: Kernel,
  draftId: Uint8Array,
): Promise<void> {
  await filings.deleteDraft(new Uint8Array(primitives.sha256(draftId)))
}

function refused(why: WhyNotSaved, text: string) {
  return refuse(why, { rule: `intake:${why}`, text })
}
