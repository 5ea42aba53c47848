/**
 * How far a database is, beside what this version of Comity knows: what a node
 * asks before it starts, and what `comity doctor` shows. Changes nothing.
 */
import { readdir } from 'node:fs/promises'
import { sql } from 'kysely'
import { type Database, openDatabase } from './database.ts'

export type SchemaState = {
  /** In this version and not in the database, in order. */
  readonly missing: readonly string[]
  /** In the database and not in this version. */
  readonly unknown: readonly string[]
  /** Missing ones that come before one that was applied: nobody could have left it so. */
  readonly skipped: readonly string[]
  readonly isEmpty: boolean
}

export type ServerFacts = {
  /** E.g. 180004. */
  readonly version: number
  readonly role: string
  readonly isSuperuser: boolean
  readonly encoding: string
}

const MIGRATIONS = new URL('./migrations/', import.meta.url)

export async function schemaState(database: Database): Promise<SchemaState> {
  const known = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()
  const applied = await appliedMigrations(database)
  const missing = known.filter((name) => !applied.includes(name))
  const newest = applied
    .filter((name) => known.includes(name))
    .sort()
    .at(-1)
  return {
    missing,
    unknown: applied.filter((name) => !known.includes(name)),
    skipped: newest === undefined ? [] : missing.filter((name) => name < newest),
    isEmpty: applied.length === 0,
  }
}

export async function serverFacts(database: Database): Promise<ServerFacts> {
  const { rows } = await sql<{
    version: number
    role: string
    superuser: boolean
    encoding: string
  }>`
    select current_setting('server_version_num')::int as version, current_user as role,
      (select rolsuper from pg_roles where rolname = current_user) as superuser,
      current_setting('server_encoding') as encoding`.execute(database)
  const [row] = rows
  return {
    version: row?.version ?? 0,
    role: row?.role ?? '',
    isSuperuser: row?.superuser ?? false,
    encoding: row?.encoding ?? '',
  }
}

/** One short connection of its own; closed whatever happens. */
export async function withDatabaseAt<T>(
  url: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = openDatabase(url, 1)
  try {
    return await work(database)
  } finally {
    await database.destroy()
  }
}

async function appliedMigrations(database: Database): Promise<string[]> {
  const { rows: tables } = await sql<{ there: boolean }>`
    select to_regclass('kysely_migration') is not null as there`.execute(database)
  if (tables[0]?.there !== true) return []
  const { rows } = await sql<{ name: string }>`
    select name from kysely_migration order by name`.execute(database)
  return rows.map(({ name }) => name)
}
