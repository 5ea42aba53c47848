/** A small log that is put back as it was after each fault: its rows and its files. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { LogNode } from './log-node.ts'

const TABLES = ['log_pending', 'log_entry', 'log_head', 'log_checkpoint'] as const

export type Rewind = { back(): Promise<void>; forget(): Promise<void> }

/** Keeps what is there now. */
export async function rewindable({ database, directory }: LogNode): Promise<Rewind> {
  const kept = await mkdtemp(join(tmpdir(), 'comity-kept-'))
  await cp(directory, kept, { recursive: true })
  for (const table of TABLES) {
    await sql.raw(`create table kept_${table} as table ${table}`).execute(database)
  }
  return {
    async back() {
      await unguarded(
        database,
        TABLES.flatMap((table) => [
          `delete from ${table}`,
          `insert into ${table} select * from kept_${table}`,
        ]),
      )
      for (const name of await readdir(directory)) {
        await rm(join(directory, name), { recursive: true })
      }
      await cp(kept, directory, { recursive: true })
    },
    forget: () => rm(kept, { recursive: true }),
  }
}

/** As somebody changes rows who may do everything in the database. */
export async function unguarded(
  database: LogNode['database'],
  statements: readonly string[],
): Promise<void> {
  const all = [
    ...TABLES.map((table) => `alter table ${table} disable trigger user`),
    ...statements,
    ...TABLES.map((table) => `alter table ${table} enable trigger user`),
  ]
  await database.transaction().execute((tx) => sql.raw(all.join('; ')).execute(tx))
}
