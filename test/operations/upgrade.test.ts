/** An upgrade that is cut short on the database of an older Comity, and what follows. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { atRest, WRAP_CONTEXT } from '../../src/adapters/keys/at-rest.ts'
import { knownMigrations, migrateTo, openDatabase } from '../../src/adapters/postgres/database.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { waitFor } from '../../src/cli/story/story.ts'
import { readNodeConfig } from '../../src/node/config.ts'
import { openNodeKeys } from '../../src/node/node-keys.ts'
import { comity, serve, setUpNode } from '../support/real-node.ts'

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts')
/** Of the older version, whose database is upgraded. */
const OLDER = '0008-sealing-keys.sql'
/** Changed by the last migrations, long after tables were made by the first of them. */
const LATE_TABLE = 'officer'

test('an upgrade that was killed half way or failed: refused, then finished by the next start with --upgrade', async () => {
  const { config } = await setUpNode('upgrade.example')
  const { url } = readNodeConfig(config).database
  const database = openDatabase(url, 1)
  await migrateTo(database, OLDER)
  await database.destroy()
  const client = new pg.Client(url)
  await client.connect()
  try {
    await fill(client, config)
    const before = await rowsOf(client)
    assert.ok(before.length >= 4)
    const refusedWithAdvice = async () => {
      const { code, err } = await comity(['serve', '--config', config])
      assert.equal(code, 1)
      assert.match(
        err,
        /older Comity \(0010-restore\.sql.* missing\): .* start once with --upgrade/,
      )
      assert.equal((await migrationsOf(client)).at(-1), OLDER)
      assert.deepEqual(await rowsOf(client), before, 'nothing was changed')
    }
    await refusedWithAdvice()
    await killHalfWay(client, config)
    await refusedWithAdvice()
    await failHalfWay(client, config)
    await refusedWithAdvice()

    const node = await serve(config, ['--upgrade'])
    node.process.kill('SIGTERM')
    assert.equal((await node.ended).code, 0)
    assert.deepEqual(await migrationsOf(client), await knownMigrations())
    await requireKept(client, before)
    const again = await serve(config)
    again.process.kill('SIGTERM')
    assert.equal((await again.ended).code, 0)
  } finally {
    await client.end()
  }
})

/** Holds a table that a late migration changes, and kills the process while it waits for it. */
async function killHalfWay(client: pg.Client, config: string): Promise<void> {
  await client.query(`begin; lock table ${LATE_TABLE} in access share mode`)
  const upgrading = spawn(process.execPath, [MAIN, 'serve', '--config', config, '--upgrade'])
  const ended = once(upgrading, 'exit')
  const waiting = `select pid from pg_locks where not granted and relation = '${LATE_TABLE}'::regclass`
  await waitFor('the upgrade to be half way', async () => {
    assert.equal(upgrading.exitCode, null)
    return (await client.query(waiting)).rows.length > 0
  })
  upgrading.kill('SIGKILL')
  await ended
  const { rows } = await client.query<{ pid: number }>(waiting)
  await client.query('commit')
  await waitFor('the server to end what the dead one began', async () => {
    const alive = 'select 1 from pg_stat_activity where pid = $1'
    return (await client.query(alive, [rows[0]?.pid])).rows.length === 0
  })
}

/** Something of the administrator's own is in the way of a late migration. */
async function failHalfWay(client: pg.Client, config: string): Promise<void> {
  await client.query(`alter table ${LATE_TABLE} add column suspended_at text`)
  const { code, err } = await comity(['serve', '--config', config, '--upgrade'])
  assert.equal(code, 1)
  assert.match(err, /failed at 0020-suspended-accounts\.sql \(42701\): nothing was changed/)
  await client.query(`alter table ${LATE_TABLE} drop column suspended_at`)
}

async function fill(client: pg.Client, config: string): Promise<void> {
  const keys = await openNodeKeys(readNodeConfig(config))
  const { node } = atRest(await keys.columnKey())
  await keys.close()
  await client.query(`insert into node_setting (key, value) values ('kept', '{"a":[1,null]}')`)
  await client.query(
    `insert into stream (id, kind, version, wrapped_key) values ($1, 'case', 0, $2)`,
    [randomUUID(), node.seal(WRAP_CONTEXT, randomBytes(32))],
  )
  for (const name of ['Iva One (invented)', 'Otto Two (invented)']) {
    const id = randomUUID()
    await client.query(
      `insert into officer (id, sealed_name, roles, public_key, wrapped_private_key)
       values ($1, $2, '{caseOfficer}', $3, '\\x03')`,
      [id, node.seal(`officer/${id}/name`, utf8(name)), randomBytes(32)],
    )
  }
}

type Row = { readonly table: string; readonly row: unknown }

/** Of every table with rows; what the migrator keeps is asked for apart. */
async function rowsOf(client: pg.Client): Promise<readonly Row[]> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = current_schema() and table_name not like 'kysely%' order by 1`,
  )
  const all: Row[] = []
  for (const { name } of tables) {
    const { rows } = await client.query(
      `select to_jsonb(t) as row from "${name}" t order by t::text`,
    )
    all.push(...rows.map(({ row }) => ({ table: name, row })))
  }
  return all
}

/** Columns may have been added; what stood in the others stands there still. */
async function requireKept(client: pg.Client, before: readonly Row[]): Promise<void> {
  for (const { table, row } of before) {
    const found = `select 1 from "${table}" t where to_jsonb(t) @> $1::jsonb`
    const { rows } = await client.query(found, [JSON.stringify(row)])
    assert.equal(rows.length, 1, `${table} ${JSON.stringify(row)}`)
  }
}

async function migrationsOf(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query('select name from kysely_migration order by name')
  return rows.map(({ name }) => name)
}
