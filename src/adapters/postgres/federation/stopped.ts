/** Why a channel to a peer is stopped, and the reasons that end by themselves. */
import { VERSION_CODE } from '../../../wire/exchange/version.ts'
import type { FederationDatabase } from './database.ts'
import type { DeliveryDeps, DeliveryOutcome, Flight } from './delivery.ts'

/** The other end does not take our signatures. */
export const STOPPED_BY_401 = 'http-401'

/** It has just taken our signature: what made it refuse others, a wrong clock for one, is over. */
export async function goOnAfter401(db: FederationDatabase, destination: string): Promise<void> {
  await db
    .updateTable('fed_out_channel')
    .set({ stopped_reason: null })
    .where('destination', '=', destination)
    .where('stopped_reason', '=', STOPPED_BY_401)
    .execute()
}

/** Its newest document says a version that both speak. */
export async function goOnInVersion(db: FederationDatabase, destination: string): Promise<void> {
  await db
    .updateTable('fed_out_channel')
    .set({ stopped_reason: null })
    .where('destination', '=', destination)
    .where('stopped_reason', '=', VERSION_CODE)
    .execute()
}

export async function stoppedReason(db: FederationDatabase, destination: string) {
  const row = await db
    .selectFrom('fed_out_channel')
    .select('stopped_reason')
    .where('destination', '=', destination)
    .executeTakeFirst()
  return row?.stopped_reason ?? null
}

export async function stop(
  { db, alarm }: DeliveryDeps,
  { lease, peer }: Pick<Flight, 'lease' | 'peer'>,
  reason: string,
): Promise<Extract<DeliveryOutcome, { kind: 'stopped' }>> {
  const { numUpdatedRows } = await db
    .updateTable('fed_out_channel')
    .set({ stopped_reason: reason })
    .where('destination', '=', lease.destination)
    .where('fence', '=', String(lease.fence))
    .where((eb) => eb.or([eb('stopped_reason', 'is', null), eb('stopped_reason', '!=', reason)]))
    .executeTakeFirst()
  if (numUpdatedRows > 0n) alarm({ kind: 'delivery-stopped', peer: peer.node, reason })
  return { kind: 'stopped', reason }
}
