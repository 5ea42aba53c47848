/** A node's database and folder to back up, and somewhere empty to restore to. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { sql } from 'kysely'
import { type Lock, sealKeyFolder } from '../../src/adapters/backup/key-file.ts'
import type { RestoreParts } from '../../src/adapters/backup/restore-backup.ts'
import type { BackupParts } from '../../src/adapters/backup/write-backup.ts'
import { openFileKeys } from '../../src/adapters/keys/file-keys.ts'
import { type Database, migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { ComityError } from '../../src/base/errors.ts'
import { instantFromMs } from '../../src/base/time.ts'
import { generateIdentity, recipientOf } from '../../src/seal/seal.ts'
import { testDatabase } from './database.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const NODE = 'meridia.example'
/** What may lie in a node's folder and belongs in no backup. */
export const SECRET_FILES = [
  'comity.yaml',
  'database.sql',
  'setup-code.txt',
  'client-secret',
  'tls/officers.key',
  'mail-password.txt',
]
export const identity = await generateIdentity()
export const SEAL: Lock = { recipient: await recipientOf(identity) }
export const LOCK: Lock = { identity }
export const now = instantFromMs(Date.parse('2026-11-22T12:00:00.000Z'))

/** A node's database and folder, filled with rows of every awkward kind. */
export async function aNode(test: TestContext) {
  const url = await testDatabase(test)
  const database = openDatabase(url, 4)
  test.after(() => database.destroy())
  await migrate(database)
  const folder = temporaryFolder()
  const keys = await openFileKeys(join(folder, 'keys'), NODE)
  await fill(database)
  for (const [path, text] of [
    ['peers/albion.example.json', '{}'],
    ['node.json', '{"document":1}'],
    ['ledger/checkpoint', 'derived again'],
    ['node.log', 'not kept'],
    ['config.json', 'the administrator’s own'],
    ...SECRET_FILES.map((path) => [path, 'a secret of the administrator'] as const),
  ] as const) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const sealedKeys = await sealKeyFolder(join(folder, 'keys'), NODE, SEAL)
  const keyFile = join(temporaryFolder(), 'keys.age')
  writeFileSync(keyFile, sealedKeys)
  const parts: BackupParts = {
    node: NODE,
    databaseUrl: url,
    folder,
    out: join(temporaryFolder(), 'backup'),
    software: '0.1.0',
    now,
    signer: { keyId: keys.messageKeyId, sign: keys.signMessage },
    messagePublicKey: keys.messagePublicKey,
    columnKey: await keys.columnKey(),
    sealedKeys,
  }
  return { database, parts, keyFile }
}

async function fill(database: Database): Promise<void> {
  const stream = '01940000-0000-7000-8000-000000000001'
  await database
    .insertInto('stream')
    .values({ id: stream, kind: 'case', version: 1, wrapped_key: new Uint8Array([0, 255, 10]) })
    .execute()
  await sql`insert into event (stream_id, version, at, by, sealed_envelope, salt, signature, log_id)
    values (${stream}, 1, now(), ${'"quoted", \\back\nslash'}, ''::bytea, ${new Uint8Array(32)},
      ${new Uint8Array(64)}, gen_random_uuid())`.execute(database)
  await sql`insert into node_setting (key, value) values ('one', '{"a":[1,null]}')`.execute(
    database,
  )
  // Large enough for several blocks, and rows of very different size.
  await sql`insert into fed_out_pending (id, destination, draft, sealed_content)
    select gen_random_uuid(), 'albion.example', repeat('d', (i * 37 % 900)),
      decode(repeat('00ff0a', i * 7), 'hex') from generate_series(1, 600) i`.execute(database)
  await sql`insert into officer (id, sealed_name, roles, public_key, wrapped_private_key,
      sealing_recipient) values (gen_random_uuid(), '', '{caseOfficer}', ${new Uint8Array(32)}, '', '')`.execute(
    database,
  )
  await sql`insert into session (id_hash, officer_id, created_at, last_seen_at, expires_at,
      id, method, form_key)
    select '\\x00', id, now(), now(), now(), gen_random_uuid(), 'passkey', ${new Uint8Array(32)}
    from officer`.execute(database)
  await sql`insert into calendar_password (officer_id, password_hash, made_at)
    select id, ${new Uint8Array(32)}, now() from officer`.execute(database)
  await sql`insert into enrolment (id, kind, code_hash, sealed_person, created_at, expires_at, tries_left)
    values (gen_random_uuid(), 'invitation', '', '', now(), now() + interval '1 day', 3)`.execute(
    database,
  )
}

/** Somewhere empty to restore to. */
export async function elsewhere(test: TestContext, keyFile: string, from: string) {
  const databaseUrl = await testDatabase(test)
  const folder = join(temporaryFolder(), 'node')
  const parts: RestoreParts = {
    from,
    node: NODE,
    databaseUrl,
    folder,
    keys: { file: keyFile, lock: LOCK },
    openKeys: async () => {
      const keys = await openFileKeys(join(folder, 'keys'), NODE)
      return { messagePublicKey: keys.messagePublicKey, columnKey: await keys.columnKey() }
    },
    now,
  }
  return parts
}

/** Every row of every table as text, without what a restore leaves out or adds. */
export async function rowsOf(database: Database): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_name not like 'kysely%'
      and table_name not in ('session', 'enrolment', 'calendar_password') order by 1`.execute(
    database,
  )
  const all: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.table(name)} t order by 1`.execute(database)
    all.push(
      ...rows
        .map(({ row }) => `${name} ${row}`)
        .filter((row) => !/\(restored(-accounts)?,/.test(row)),
    )
  }
  return all
}

export async function opened(test: TestContext, url: string): Promise<Database> {
  const database = openDatabase(url, 2)
  test.after(() => database.destroy())
  return database
}

export function refusal(pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof ComityError, String(error))
    assert.match(error.message, pattern)
    return true
  }
}
