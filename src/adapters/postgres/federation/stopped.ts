/** Why a channel to a peer is stopped, where the reason ends by itself. */
import type { FederationDatabase } from './database.ts'

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
