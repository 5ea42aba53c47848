/**
 * How many messages of each peer were taken in on this day, in the transaction that takes
 * them in. What changed nothing because it came before does not count.
 */
import { sql } from 'kysely'
import type { Json } from '../../../base/canonical-json.ts'
import { type Instant, utcDateOf } from '../../../base/time.ts'
import { type FederationTransaction, runAhead } from './database.ts'

export type DailyBound = {
  /** Messages of one peer. */
  readonly messagesPerDay: number
  /** Counted, and taken however many came before. `content`: as the peer wrote it. */
  readonly isNeverBound: (type: string, content: Json) => boolean
}

export async function takenToday(
  tx: FederationTransaction,
  origin: string,
  now: Instant,
): Promise<number> {
  const row = await tx
    .selectFrom('fed_in_day')
    .select('messages')
    .where('origin', '=', origin)
    .where('day', '=', utcDateOf(now))
    .executeTakeFirst()
  return row?.messages ?? 0
}

export async function countTaken(
  tx: FederationTransaction,
  { origin, now, messages }: { origin: string; now: Instant; messages: number },
): Promise<void> {
  if (messages === 0) return
  await runAhead(
    tx,
    tx
      .insertInto('fed_in_day')
      .values({ origin, day: utcDateOf(now), messages })
      .onConflict((on) =>
        on.columns(['origin', 'day']).doUpdateSet({
          messages: sql`fed_in_day.messages + ${messages}`,
        }),
      ),
  )
}
