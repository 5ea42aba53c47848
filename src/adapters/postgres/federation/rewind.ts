/** A peer that asks for earlier messages gets them again, if it stands on our history. */
import type { ExpectedPlace } from '../../../app/ports/exchange.ts'
import { ZERO_LINK } from '../../../wire/exchange/message-header.ts'
import type { HttpResponse } from '../../../wire/http-message.ts'
import type { Batch } from './batch.ts'
import type { FederationTransaction } from './database.ts'
import type { DeliveryDeps, DeliveryOutcome, Flight } from './delivery.ts'
import { dropAllBatches } from './drop-batches.ts'
import { holdsLease } from './lease.ts'
import { expectedPlace, problemCode } from './peer-answer.ts'
import { stop } from './stopped.ts'

export async function rewind(
  deps: DeliveryDeps,
  flight: Flight,
  response: HttpResponse,
): Promise<DeliveryOutcome> {
  const code = problemCode(response)
  const expected = expectedPlace(response)
  if (expected === undefined || (code !== 'gap' && code !== 'wrong-epoch')) {
    return stop(deps, flight, code ?? 'http-409')
  }
  return rewindTo(deps, flight, expected)
}

/** The peer says where it stands: go on from there, if it stands on our history. */
export async function rewindTo(
  deps: DeliveryDeps,
  flight: Flight,
  expected: ExpectedPlace,
): Promise<DeliveryOutcome> {
  const { lease, peer, batch } = flight
  const outcome = await deps.db.transaction().execute(async (tx) => {
    if (!(await holdsLease(tx, lease))) return 'busy'
    if (!(await isOurHistory(tx, peer.node, batch, expected))) return 'diverged'
    await reopenFrom(tx, peer.node, expected)
    await dropAllBatches(tx, peer.node)
    return 'rewound'
  })
  return outcome === 'diverged' ? stop(deps, flight, outcome) : { kind: outcome }
}

/** True if we have sent what the peer has last, and what it asks for comes before our batch. */
async function isOurHistory(
  tx: FederationTransaction,
  destination: string,
  batch: Batch,
  { epoch, seq, link }: ExpectedPlace,
): Promise<boolean> {
  const isEarlier = epoch < batch.epoch || (epoch === batch.epoch && seq < batch.firstSeq)
  if (!isEarlier) return false
  if (seq === 1) return link === ZERO_LINK
  const row = await tx
    .selectFrom('fed_out')
    .select('link')
    .where('destination', '=', destination)
    .where('epoch', '=', String(epoch))
    .where('seq', '=', String(seq - 1))
    .executeTakeFirst()
  return row?.link === link
}

async function reopenFrom(
  tx: FederationTransaction,
  destination: string,
  { epoch, seq }: ExpectedPlace,
): Promise<void> {
  await tx
    .updateTable('fed_out')
    .set({ decision: null })
    .where('destination', '=', destination)
    .where((eb) =>
      eb.or([
        eb('epoch', '>', String(epoch)),
        eb.and([eb('epoch', '=', String(epoch)), eb('seq', '>=', String(seq))]),
      ]),
    )
    .execute()
}
