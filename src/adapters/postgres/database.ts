/** The node's database: one pool, typed rows, migrations as plain SQL files in name order. */
import { readdir, readFile } from 'node:fs/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, type MigrationResultSet, Migrator } from 'kysely/migration'
import { Pool, types } from 'pg'
import { unavailable } from '../../base/errors.ts'
import type { CsafTables } from './csaf/tables.ts'
import type { WorkTables } from './desk/tables.ts'
import type { FederationTables } from './federation/tables.ts'
import type { LawTables } from './law/tables.ts'
import type { LogTables } from './log/tables.ts'
import type { PeopleTables } from './people/people-tables.ts'
import type { SignInTables } from './people/tables.ts'
import { pipelinedPool } from './pipeline.ts'
import type { KernelTables, ProjectionTables } from './streams/tables.ts'

export interface Schema
  extends KernelTables,
    SignInTables,
    ProjectionTables,
    LogTables,
    CsafTables,
    FederationTables,
    LawTables,
    PeopleTables,
    WorkTables {}

export type Database = Kysely<Schema>

const DATE_OID = 1082
// A calendar date stays text: a Date would move it by the process's time zone.
types.setTypeParser(DATE_OID, (text) => text)

const MIGRATIONS = new URL('./migrations/', import.meta.url)

/** Opens the pool. Connects lazily; call `migrate` before anything else. */
export function openDatabase(url: string, connectionsMax = 10): Database {
  const pool = new Pool({ connectionString: url, max: connectionsMax, pipeline: true })
  // An idle connection that breaks is replaced by the pool; the next query tells.
  pool.on('error', () => {})
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: pipelinedPool(pool) }) })
}

/**
 * Brings the database to the newest schema. Safe to call from several processes.
 *
 * @throws ComityError `unavailable`; the database is then as it was
 */
export async function migrate(database: Database): Promise<void> {
  const migrator = new Migrator({ db: database, provider: { getMigrations } })
  requireMigrated(await migrator.migrateToLatest())
}

/**
 * Brings an empty database to the schema that it had after the migration `name`.
 *
 * @throws ComityError `unavailable`
 */
export async function migrateTo(database: Database, name: string): Promise<void> {
  const migrator = new Migrator({ db: database, provider: { getMigrations } })
  requireMigrated(await migrator.migrateTo(name))
}

/** All of an upgrade is one transaction, so one that fails or is cut short changes nothing. */
function requireMigrated({ error, results = [] }: MigrationResultSet): void {
  if (!error) return
  const failed = results.find(({ status }) => status === 'Error')?.migrationName
  // The server's message may quote a row; its own log has it.
  const { code = 'no code' } = error as { readonly code?: string }
  throw unavailable(
    `database migration failed${failed ? ` at ${failed}` : ''} (${code}): nothing was changed; ` +
      'the log of the database server says why, mend that and start again',
    { cause: error },
  )
}

/** Names of the migrations that this software knows, in order. */
export async function knownMigrations(): Promise<readonly string[]> {
  return Object.keys(await getMigrations())
}

async function getMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()
  const entries = files.map(async (name) => {
    const text = await readFile(new URL(name, MIGRATIONS), 'utf8')
    return [
      name,
      {
        up: (db: Kysely<unknown>) =>
          sql
            .raw(text)
            .execute(db)
            .then(() => {}),
      },
    ] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** Refuses a server that may lose what it acknowledged. */
export async function requireDurableServer(database: Database): Promise<void> {
  for (const name of ['fsync', 'full_page_writes']) {
    const value = await setting(database, name)
    if (value !== 'on') throw unavailable(`PostgreSQL setting ${name} is ${value}, must be on`)
  }
  if ((await setting(database, 'synchronous_commit')) === 'off') {
    throw unavailable('PostgreSQL setting synchronous_commit is off, must not be')
  }
}

async function setting(database: Database, name: string): Promise<string> {
  const { rows } = await sql<{ value: string }>`select current_setting(${name}) as value`.execute(
    database,
  )
  return rows[0]?.value ?? ''
}
