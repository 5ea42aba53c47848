/** Openings of this node's own events, once their receipts are sealed. */

import { type EventOpening, writeEventOpening } from '../wire/event-opening.ts'
import type { Kernel } from './kernel.ts'
import type { StreamView } from './ports/streams.ts'

/** `undefined` while the quorum has not cosigned the entry of that version. */
export async function openingOf(
  { receipts }: Pick<Kernel, 'receipts'>,
  stream: StreamView,
  version: number,
): Promise<EventOpening | undefined> {
  const event = stream.sealedEvents[version - 1]
  if (!event) return undefined
  const logged = await receipts.of(event.logId)
  if (!logged?.receipt) return undefined
  const { entry, receipt } = logged
  return writeEventOpening(event.envelope, { salt: event.salt, entry, receipt })
}
