/** What a draw of oversight picks from: all of a kind in a period, nothing left out. */
import { sql } from 'kysely'
import type { Instant } from '../../../base/time.ts'
import { DRAW_LIST_MAX } from '../../../core/oversight/decide-oversight.ts'
import type { Population } from '../../../core/oversight/oversight.ts'
import type { Database } from '../database.ts'

type Period = { readonly from: Instant; readonly until: Instant }

const PLACES: Readonly<Record<Population, (period: Period) => ReturnType<typeof sql<Row>>>> = {
  cases: ({ from, until }) => sql<Row>`
    select stream_id::text as place from p_case where opened_at >= ${from} and opened_at < ${until}`,
  decisions: (period) => decided(period, sql`true`),
  releases: (period) => decided(period, sql`act = 'release' and decision = 'permit'`),
  refusals: (period) => decided(period, sql`decision = 'refuse'`),
  delayedNotices: () => sql<Row>`
    select stream_id::text || '/' || person_id::text as place from p_notice
    where state = 'delayed'`,
}

type Row = { readonly place: string }

export async function drawList(
  database: Database,
  population: Population,
  period: Period,
): Promise<readonly string[]> {
  const { rows } = await sql<Row>`
    select place from (${PLACES[population](period)}) as drawn
    order by place collate "C" limit ${DRAW_LIST_MAX + 1}
  `.execute(database)
  return rows.map(({ place }) => place)
}

function decided({ from, until }: Period, which: ReturnType<typeof sql>) {
  return sql<Row>`
    select stream_id::text || '/' || version::text as place from p_decision
    where decided_at >= ${from} and decided_at < ${until} and ${which}`
}
