/** Which tables a backup holds, read from the database's own catalogue. */
import pg, { type Client } from 'pg'

/**
 * What must not come back to life: sessions that were revoked since, links and codes
 * that were used since, passwords of calendars, drafts that were deleted since. Whoever was
 * signed in signs in again.
 */
export const NOT_KEPT: ReadonlySet<string> = new Set([
  'session',
  'one_time_sign_in',
  'sign_in_attempt',
  'mail_check',
  'law_sign_off_code',
  'calendar_password',
  'report_draft',
])

/** What may have been used or withdrawn since ends with a restore: people get new ones. */
export const ENDED_BY_RESTORE: readonly string[] = [
  'update enrolment set withdrawn_at = now() where used_at is null and withdrawn_at is null',
  'update guest_link set ended_at = now() where ended_at is null',
]

/** Of the migrator: a restore makes them itself. */
const MIGRATOR = ['kysely_migration', 'kysely_migration_lock']

export type Table = { readonly name: string; readonly columns: readonly string[] }

export type Sequence = { readonly name: string; readonly value: number }

/** All tables of the node and of its closed logs, by name. */
export async function tablesOf(client: Client): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select case when n.nspname = current_schema() then c.relname
                 else n.nspname || '.' || c.relname end as name,
            array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid
     where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       and (n.nspname = current_schema() or n.nspname ~ '^closed_log_[0-9]+$')
       and c.relname <> all ($1)
     group by 1 order by 1`,
    [MIGRATOR],
  )
  return rows
}

/** Sequences with a value; they are outside every snapshot, so the value is never too small. */
export async function sequencesOf(client: Client): Promise<Sequence[]> {
  const { rows } = await client.query<{ name: string; value: string | null }>(
    `select sequencename as name, last_value as value from pg_sequences
     where schemaname = current_schema() order by 1`,
  )
  return rows.flatMap(({ name, value }) => (value === null ? [] : [{ name, value: Number(value) }]))
}

/** The tables in an order in which every row finds the rows that it refers to. */
export async function inOrderOfReference(
  client: Client,
  names: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ child: string; parent: string }>(
    `select distinct
       case when cn.nspname = current_schema() then c.relname else cn.nspname || '.' || c.relname end as child,
       case when pn.nspname = current_schema() then p.relname else pn.nspname || '.' || p.relname end as parent
     from pg_constraint k
       join pg_class c on c.oid = k.conrelid join pg_namespace cn on cn.oid = c.relnamespace
       join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
     where k.contype = 'f' and k.conrelid <> k.confrelid`,
  )
  const ordered: string[] = []
  const waiting = new Set(names)
  while (waiting.size > 0) {
    const free = [...waiting].filter(
      (name) => !rows.some(({ child, parent }) => child === name && waiting.has(parent)),
    )
    // Tables that refer to each other in a circle would need deferred checks; there are none.
    for (const name of free.length > 0 ? free : [...waiting]) {
      ordered.push(name)
      waiting.delete(name)
    }
  }
  return ordered
}

/** Migrations that the database has had, in order. */
export async function migrationsOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select name from kysely_migration order by name',
  )
  return rows.map(({ name }) => name)
}

export function quoted(table: string): string {
  return table.split('.').map(pg.escapeIdentifier).join('.')
}

export function columnList(columns: readonly string[]): string {
  return columns.map((column) => pg.escapeIdentifier(column)).join(', ')
}
