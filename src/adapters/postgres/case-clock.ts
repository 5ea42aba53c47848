/**
 * The two clocks of a node. In the demonstration case time runs ahead of real
 * time by an offset kept in the database; it only grows. Without the
 * demonstration profile the offset is 0 and cannot be set.
 */
import { sql } from 'kysely'
import type { Clocks } from '../../app/ports/clocks.ts'
import { malformed } from '../../base/errors.ts'
import { addMs, DAY_MS, instantFromMs } from '../../base/time.ts'
import type { Database } from './database.ts'

const KEY = 'case-clock-offset-ms'
const OFFSET_MAX_MS = 3 * 366 * DAY_MS

export type CaseClock = Clocks & {
  /** Moves case time forward to at least `offsetMs`. Never moves it back. */
  advanceTo(offsetMs: number): Promise<void>
}

export async function caseClock(database: Database, profile: string): Promise<CaseClock> {
  let offsetMs = profile === 'demo' ? await storedOffset(database) : 0
  const wireNow = () => instantFromMs(Date.now())
  return {
    wireNow,
    caseNow: () => addMs(wireNow(), offsetMs),
    caseOffsetMs: () => offsetMs,
    async advanceTo(target) {
      if (profile !== 'demo') throw malformed('only a demonstration has a simulated clock')
      if (!Number.isSafeInteger(target) || target < 0 || target > OFFSET_MAX_MS) {
        throw malformed('an offset is a number of milliseconds up to three years', {
          field: 'offsetMs',
        })
      }
      await database
        .insertInto('node_setting')
        .values({ key: KEY, value: JSON.stringify(target) })
        .onConflict((on) =>
          on.column('key').doUpdateSet({
            value: sql`greatest((node_setting.value)::bigint, ${target}::bigint)::text::jsonb`,
          }),
        )
        .execute()
      offsetMs = await storedOffset(database)
    },
  }
}

async function storedOffset(database: Database): Promise<number> {
  const row = await database
    .selectFrom('node_setting')
    .select('value')
    .where('key', '=', KEY)
    .executeTakeFirst()
  return Number(row?.value ?? 0)
}
