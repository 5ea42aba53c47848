/**
 * What every change of an agreement goes through, whoever caused it: events are appended,
 * what signatures and time bring follows in the same transaction, and an agreement that
 * stops binding takes back whatever waits to be sent under it.
 */
import type { Decision, Refusal } from '../base/decision.ts'
import { refuse } from '../base/decision.ts'
import { growingFold } from '../base/growing-fold.ts'
import type { Instant } from '../base/time.ts'
import { type AgreementState, foldAgreement, noAgreement } from '../core/agreement/agreement.ts'
import type { AgreementEvent } from '../core/agreement/agreement-events.ts'
import { dueEvents } from '../core/agreement/decide-agreement.ts'
import type { OfferedText } from '../core/agreement/offered-texts.ts'
import type { Recorded } from '../core/case/recorded.ts'
import type { Kernel } from './kernel.ts'
import type { AnyEvent, OpenStream, Unit } from './ports/streams.ts'

/** `history`: of a stream of kind `agreement`. */
export const foldAgreementStream: (history: readonly Recorded<AnyEvent>[]) => AgreementState =
  growingFold(
    (state, recorded) => foldAgreement(state, recorded as Recorded<AgreementEvent>),
    noAgreement,
  )

/** One transaction on the stream of one agreement. */
export type Recording = {
  readonly kernel: Kernel
  readonly unit: Unit
  readonly stream: OpenStream
  readonly now: Instant
}

/** @returns what was appended, in order */
export async function recordEvents(
  { kernel, unit, stream, now }: Recording,
  events: readonly AgreementEvent[],
  by: string,
): Promise<readonly AgreementEvent[]> {
  const before = foldAgreementStream(stream.history)
  if (events.length > 0) await stream.append(events, by)
  const due = dueEvents(foldAgreementStream(stream.history), now)
  if (due.length > 0) await stream.append(due, kernel.node.id)
  const after = foldAgreementStream(stream.history)
  if (permits(before) && !permits(after) && before.digest) await unit.withhold(before.digest)
  return [...events, ...due]
}

const permits = ({ phase }: AgreementState) => phase === 'inForce' || phase === 'retiring'

/** A step that does not count leaves who tried it, and why it does not. */
export async function recordRefusal(
  { stream }: Pick<Recording, 'stream'>,
  { step, party, by }: { readonly step: string; readonly party: string; readonly by: string },
  { why, because }: Refusal,
): Promise<void> {
  await stream.append([{ type: 'agreementStepRefused', step, party, why, because } as AnyEvent], by)
}

/** An offer as its offerer signed it; nothing where it was not signed. */
export function offerOf(text: OfferedText) {
  const { document, digest, offeredBy: party, signBy, rapid, reason, statement } = text
  const joining = text.joining.length > 0 ? { joining: text.joining } : {}
  if (!statement) return {}
  // Every later text states why it is offered.
  const isFirst = reason === ''
  return {
    offer: { document, digest, party, signBy, rapid, reason, isFirst, ...joining, statement },
  }
}

export function noSuchAgreement<T>(): Decision<T> {
  return refuse('unknownAgreement', {
    rule: 'agreement:known',
    text: 'no such agreement was offered',
  })
}
