/**
 * Delivery in a row. One transaction is under way at a time, and the next one leaves only
 * when every receipt of the last is verified (`protocol/spec/exchange.md`, Receipts). What
 * follows from them is put on record while the next one is under way, and then the one after
 * it is made. So at most two transactions are stored. A process that dies sends both again,
 * the same bytes in the same order, and the peer answers them with the same receipts.
 */
import type { Batch } from './batch.ts'
import {
  type DeliveryDeps,
  type DeliveryOutcome,
  type Flight,
  openChannel,
  sendBatch,
  takeAnswer,
} from './delivery.ts'
import { inFlightOrNext, prepareAhead, storedBehind } from './in-flight.ts'
import { recordReceipts } from './receipts.ts'

export type FlowOptions = {
  readonly signal: AbortSignal
  /** The receipts of a transaction are on record. */
  readonly onDelivered: () => void
}

/** The lease is renewed, and the peer's document read, at least as often. */
const FLOW_MS = 15_000

type OpenChannel = Omit<Flight, 'batch'>

/** A transaction whose receipts were verified, and the next one, if it is made already. */
type Answered = {
  readonly batch: Batch
  readonly recorded: Promise<DeliveryOutcome>
  readonly next: Batch | undefined
}

/**
 * @returns how the last transaction ended
 * @throws ComityError `unavailable` if peer or database cannot be reached
 */
export async function deliverInFlow(
  deps: DeliveryDeps,
  destination: string,
  { signal, onDelivered }: FlowOptions,
): Promise<DeliveryOutcome> {
  const open = await openChannel(deps, destination)
  if ('kind' in open) return open
  const endMs = performance.now() + FLOW_MS
  let last: Answered | undefined
  try {
    do {
      const step: Answered | DeliveryOutcome = await deliverNext(deps, open, last, signal)
      if ('kind' in step) return step
      last = step
      step.recorded.then(({ kind }) => kind === 'delivered' && onDelivered()).catch(() => {})
    } while (!signal.aborted && performance.now() < endMs)
    return await last.recorded
  } finally {
    await last?.recorded.catch(() => {})
  }
}

async function deliverNext(
  deps: DeliveryDeps,
  open: OpenChannel,
  last: Answered | undefined,
  signal: AbortSignal,
): Promise<Answered | DeliveryOutcome> {
  const { lease, peer } = open
  const behind = last && (await storedBehind(deps.db, lease, last))
  const before = behind ? undefined : await last?.recorded
  if (before && before.kind !== 'delivered') return before
  const batch = behind ?? (await inFlightOrNext(deps, lease, peer))
  if (batch === undefined) return { kind: 'idle' }
  const flight = { ...open, batch }
  // What fails here fails again in the step that needs it, and is heard of there.
  const ahead = last?.recorded.then(() => prepareAhead(deps, lease, flight)).catch(() => undefined)
  const heard = await sendBatch(deps, flight, signal).finally(() => ahead)
  const earlier = await last?.recorded
  if (earlier && earlier.kind !== 'delivered') return earlier
  const receipts = await takeAnswer(deps, flight, heard)
  if ('kind' in receipts) return receipts
  return { batch, recorded: recordReceipts(deps, flight, receipts), next: await ahead }
}
