/**
 * Writes tables anew in which something was erased, because a deleted row lies in its page
 * until then, with keys and salts. What PostgreSQL wrote ahead goes with its segments: at the
 * next checkpoints, where the server does not keep them for use again (`wal_recycle = off`).
 *
 * Needs the owner's connection. Whoever reads such a table meanwhile waits; the tables of keys
 * are small, that of events may be large. Nothing here overwrites the disk itself.
 */
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { ERASED } from '../streams/erase-stream.ts'

const REWRITTEN = 'tables-rewritten'
const LOCK_WAIT = '5s'

/** Where a key lies that can be destroyed. */
const KEYS = ['stream', 'received_view', 'exhibit_blob', 'affected_person']

/** Where besides something of an erased case may have lain. */
const CONTENT = [
  'event',
  'filing',
  'filing_attachment',
  'filing_message',
  'work_task',
  'work_note',
  'letter',
  'hand_over',
  'guest_link',
  'signature_file',
  'fed_out',
  'fed_out_pending',
  'fed_out_transaction',
  'fed_in',
]

type Done = { readonly cases: number; readonly keys: number }

/**
 * Returns the names of the tables that were written anew: none if nothing was erased since.
 * One that is in use for longer fails, and the next run does it again.
 */
export async function rewriteTables(database: Database): Promise<readonly string[]> {
  const [now, before] = [await erasedSoFar(database), await lastDone(database)]
  const tables = [
    ...(now.keys === before.keys && now.cases === before.cases ? [] : KEYS),
    ...(now.cases === before.cases ? [] : [...CONTENT, ...(await projections(database))]),
  ]
  if (tables.length === 0) return []
  await database.connection().execute(async (connection) => {
    await sql`select set_config('lock_timeout', ${LOCK_WAIT}, false)`.execute(connection)
    try {
      for (const table of tables) {
        await sql`vacuum (full) ${sql.table(table)}`.execute(connection)
      }
    } finally {
      await sql`reset lock_timeout`.execute(connection)
    }
  })
  await database
    .insertInto('node_setting')
    .values({ key: REWRITTEN, value: JSON.stringify(now) })
    .onConflict((on) => on.column('key').doUpdateSet({ value: JSON.stringify(now) }))
    .execute()
  return tables
}

async function erasedSoFar(database: Database): Promise<Done> {
  const { rows } = await sql<{ cases: string; keys: string }>`
    select (select count(*) from stream where kind = ${ERASED}) as cases,
      (select count(*) from received_view where destroyed_at is not null)
      + (select count(*) from exhibit_blob where destroyed_at is not null) as keys
  `.execute(database)
  return { cases: Number(rows[0]?.cases ?? 0), keys: Number(rows[0]?.keys ?? 0) }
}

async function lastDone(database: Database): Promise<Done> {
  const row = await database
    .selectFrom('node_setting')
    .select('value')
    .where('key', '=', REWRITTEN)
    .executeTakeFirst()
  return (row?.value as Done | undefined) ?? { cases: 0, keys: 0 }
}

async function projections(database: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables
    where schemaname = current_schema() and tablename like 'p\\_%' order by 1`.execute(database)
  return rows.map(({ name }) => name)
}
