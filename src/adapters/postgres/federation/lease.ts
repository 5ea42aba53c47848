/**
 * One writer a channel, over any number of processes: a lease in the channel's
 * row, with a fence that rises whenever it changes hands. Whoever writes checks
 * the fence in the same transaction, so a writer that slept is found out.
 */
import { sql } from 'kysely'
import { channelStart } from '../../../wire/exchange/channel.ts'
import type { FederationDatabase, FederationTransaction } from './database.ts'

export type Lease = { readonly destination: string; readonly fence: number }

/** The lease, taken or renewed, or `undefined` while another holder has it. */
export async function takeLease(
  db: FederationDatabase,
  node: string,
  { destination, holder, leaseMs }: { destination: string; holder: string; leaseMs: number },
): Promise<Lease | undefined> {
  const { link } = channelStart(node, destination)
  await db
    .insertInto('fed_out_channel')
    .values({ destination, link })
    .onConflict((on) => on.column('destination').doNothing())
    .execute()
  const row = await db
    .updateTable('fed_out_channel')
    .set({
      // The database's clock, so that processes need not agree on the time.
      lease_until: sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`,
      fence: sql`fence + case when lease_holder is not distinct from ${holder} then 0 else 1 end`,
      lease_holder: holder,
    })
    .where('destination', '=', destination)
    .where((eb) =>
      eb.or([
        eb('lease_holder', 'is', null),
        eb('lease_holder', '=', holder),
        eb('lease_until', '<', sql<Date>`clock_timestamp()`),
      ]),
    )
    .returning('fence')
    .executeTakeFirst()
  return row && { destination, fence: Number(row.fence) }
}

/** Locks the channel. False if the lease has gone to somebody else meanwhile. */
export async function holdsLease(
  tx: FederationTransaction,
  { destination, fence }: Lease,
): Promise<boolean> {
  const row = await tx
    .selectFrom('fed_out_channel')
    .select('fence')
    .where('destination', '=', destination)
    .forUpdate()
    .executeTakeFirst()
  return Number(row?.fence) === fence
}

/**
 * What a process does first: the leases of one that was killed would hold up every
 * delivery until they lapse. A holder that still lives is found out by the fence.
 */
export async function breakLeases(db: FederationDatabase): Promise<void> {
  await db.updateTable('fed_out_channel').set({ lease_holder: null, lease_until: null }).execute()
}

export async function dropLeases(db: FederationDatabase, holder: string): Promise<void> {
  await db
    .updateTable('fed_out_channel')
    .set({ lease_holder: null, lease_until: null })
    .where('lease_holder', '=', holder)
    .execute()
}
