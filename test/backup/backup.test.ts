/**
 * Backup, its verification and its restore over a database and folders of their own.
 * What a restored node does afterwards is tested with real nodes in test/faults.
 */
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { filesBelow } from '../../src/adapters/backup/files.ts'
import { type Lock, openKeyFile, sealKeyFolder } from '../../src/adapters/backup/key-file.ts'
import { readManifest, signManifest } from '../../src/adapters/backup/manifest.ts'
import { type RestoreParts, restoreBackup } from '../../src/adapters/backup/restore-backup.ts'
import { verifyBackup } from '../../src/adapters/backup/verify-backup.ts'
import { type BackupParts, writeBackup } from '../../src/adapters/backup/write-backup.ts'
import { openFileKeys } from '../../src/adapters/keys/file-keys.ts'
import { type Database, migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { ComityError } from '../../src/base/errors.ts'
import { instantFromMs } from '../../src/base/time.ts'
import { generateIdentity, recipientOf } from '../../src/seal/seal.ts'
import { testDatabase } from '../support/database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const NODE = 'meridia.example'
/** What may lie in a node's folder and belongs in no backup. */
const SECRET_FILES = [
  'comity.yaml',
  'database.sql',
  'setup-code.txt',
  'client-secret',
  'tls/officers.key',
  'mail-password.txt',
]
const identity = await generateIdentity()
const SEAL: Lock = { recipient: await recipientOf(identity) }
const LOCK: Lock = { identity }
const now = instantFromMs(Date.parse('2026-11-22T12:00:00.000Z'))

/** A node's database and folder, filled with rows of every awkward kind. */
async function aNode(test: TestContext) {
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
  await sql`insert into enrolment (id, kind, code_hash, sealed_person, created_at, expires_at, tries_left)
    values (gen_random_uuid(), 'invitation', '', '', now(), now() + interval '1 day', 3)`.execute(
    database,
  )
}

/** Somewhere empty to restore to. */
async function elsewhere(test: TestContext, keyFile: string, from: string) {
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
async function rowsOf(database: Database): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_name not like 'kysely%'
      and table_name not in ('session', 'enrolment') order by 1`.execute(database)
  const all: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`
      select t::text as row from ${sql.table(name)} t order by 1`.execute(database)
    all.push(
      ...rows.map(({ row }) => `${name} ${row}`).filter((row) => !row.includes('(restored,')),
    )
  }
  return all
}

async function opened(test: TestContext, url: string): Promise<Database> {
  const database = openDatabase(url, 2)
  test.after(() => database.destroy())
  return database
}

function refusal(pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof ComityError, String(error))
    assert.match(error.message, pattern)
    return true
  }
}

test('a restore gives back every row and file, byte for byte', async (test) => {
  const { database, parts, keyFile } = await aNode(test)
  await writeBackup(parts)
  const target = await elsewhere(test, keyFile, parts.out)
  await restoreBackup(target)
  const restored = await opened(test, target.databaseUrl)
  assert.deepEqual(await rowsOf(restored), await rowsOf(database))
  assert.equal((await filesBelow(target.folder)).includes('restoring.json'), false)
  for (const path of ['peers/albion.example.json', 'node.json', 'keys/message.pem']) {
    assert.deepEqual(
      readFileSync(join(target.folder, path)),
      readFileSync(join(parts.folder, path)),
    )
  }
  const left = await filesBelow(target.folder)
  assert.deepEqual(
    left.filter((path) => /ledger|node\.log|config/.test(path)),
    [],
  )
})

test('a backup holds nothing of the folder but what it names', async (test) => {
  const { parts } = await aNode(test)
  const { manifest } = await writeBackup(parts)
  assert.deepEqual(
    manifest.files.map(({ path }) => path),
    ['node.json', 'peers/albion.example.json'],
  )
  for (const path of [...SECRET_FILES, 'keys/message.pem', 'peers/../comity.yaml', 'peers']) {
    const file = { path, bytes: 1, sha256: '0'.repeat(64) }
    const bytes = await signManifest({ ...manifest, files: [file] }, parts.signer)
    assert.throws(() => readManifest(bytes), refusal(/damaged/), path)
  }
})

test('nobody is signed in after a restore, and numbers go on where they were', async (test) => {
  const { parts, keyFile } = await aNode(test)
  await writeBackup(parts)
  const target = await elsewhere(test, keyFile, parts.out)
  await restoreBackup(target)
  const restored = await opened(test, target.databaseUrl)
  assert.deepEqual(await restored.selectFrom('session').selectAll().execute(), [])
  const { rows: open } = await sql`
    select 1 from enrolment where withdrawn_at is null and used_at is null`.execute(restored)
  assert.deepEqual(open, [], 'an invitation from before may have been used since')
  const { rows } = await sql<{ place: string }>`
    insert into fed_out_pending (id, destination, draft, sealed_content)
    values (gen_random_uuid(), 'x', '', '') returning place`.execute(restored)
  assert.equal(Number(rows[0]?.place), 601)
})

test('the snapshot is of one moment, whatever is written while it is taken', async (test) => {
  const { database, parts, keyFile } = await aNode(test)
  const before = await rowsOf(database)
  let written = 0
  await writeBackup({
    ...parts,
    // Runs after each table: later tables have rows by then that the snapshot must not hold.
    progress: () => {
      written += 1
      void sql`insert into stream (id, kind, wrapped_key) values (gen_random_uuid(), 'case', '')`.execute(
        database,
      )
    },
  })
  assert.ok(written > 5)
  const target = await elsewhere(test, keyFile, parts.out)
  await restoreBackup(target)
  assert.deepEqual(await rowsOf(await opened(test, target.databaseUrl)), before)
})

test('one changed byte in any file is refused with the name of the file', async (test) => {
  const { parts, keyFile } = await aNode(test)
  await writeBackup(parts)
  await verifyBackup(parts.out)
  const target = await elsewhere(test, keyFile, parts.out)
  for (const path of await filesBelow(parts.out)) {
    const file = join(parts.out, path)
    const bytes = readFileSync(file)
    if (bytes.length === 0) continue
    for (const at of new Set([0, Math.floor(bytes.length / 2), bytes.length - 1])) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      writeFileSync(file, changed)
      await assert.rejects(verifyBackup(parts.out), refusal(new RegExp(path.replace('.', '\\.'))))
    }
    if (path.startsWith('files/')) await assert.rejects(restoreBackup(target), refusal(/./))
    writeFileSync(file, bytes)
  }
  assert.deepEqual(await filesBelow(target.folder), [], 'nothing was written')
  await verifyBackup(parts.out)
})

test('a file too many or too few is refused by name', async (test) => {
  const { parts } = await aNode(test)
  await writeBackup(parts)
  writeFileSync(join(parts.out, 'files', 'guest.txt'), 'x')
  await assert.rejects(verifyBackup(parts.out), refusal(/files\/guest\.txt is not part/))
})

test('what is not a finished backup is refused', async () => {
  const folder = temporaryFolder()
  await assert.rejects(verifyBackup(folder), refusal(/no finished backup/))
  await assert.rejects(verifyBackup(join(folder, 'nothing')), refusal(/no finished backup/))
})

test('a backup that was cut short leaves no folder of its name and is simply run again', async (test) => {
  const { parts } = await aNode(test)
  const stop = new Error('cut short')
  let steps = 0
  const cut = writeBackup({
    ...parts,
    progress: () => {
      steps += 1
      if (steps === 5) throw stop
    },
  })
  await assert.rejects(cut, stop)
  await assert.rejects(verifyBackup(parts.out), refusal(/no finished backup/))
  await writeBackup(parts)
  await verifyBackup(parts.out)
  await assert.rejects(writeBackup(parts), refusal(/exists; a backup needs a new folder/))
})

test('the backup of another node is refused, and of the same name with another key', async (test) => {
  const { parts, keyFile } = await aNode(test)
  await writeBackup(parts)
  const target = await elsewhere(test, keyFile, parts.out)
  await assert.rejects(
    restoreBackup({ ...target, node: 'albion.example' }),
    refusal(/the backup is of meridia\.example/),
  )
  await openFileKeys(join(target.folder, 'keys'), NODE)
  const { keys: _, ...withoutFile } = target
  await assert.rejects(restoreBackup(withoutFile), refusal(/signed with another key/))
  assert.deepEqual(
    (await filesBelow(target.folder)).filter((path) => !path.startsWith('keys/')),
    [],
  )
})

test('wrong passphrase, wrong file of keys and no keys at all are refused', async (test) => {
  const { parts, keyFile } = await aNode(test)
  await writeBackup(parts)
  const target = await elsewhere(test, keyFile, parts.out)
  for (const lock of [
    { passphrase: 'another dozen letters' },
    { identity: await generateIdentity() },
  ]) {
    const wrong = restoreBackup({ ...target, keys: { file: keyFile, lock } })
    await assert.rejects(wrong, refusal(/does not open/))
  }
  const other = await aNode(test)
  await assert.rejects(
    restoreBackup({ ...target, keys: { file: other.keyFile, lock: LOCK } }),
    refusal(/not the one that belongs to this backup/),
  )
  const { keys: _, ...withoutFile } = target
  await assert.rejects(restoreBackup(withoutFile), refusal(/there are no keys in .*--keys/))
  await assert.rejects(sealKeyFolder(join(parts.folder, 'keys'), NODE, { passphrase: 'short' }))
  await assert.rejects(sealKeyFolder(join(parts.folder, 'nothing'), NODE, LOCK), /no keys/)
})

test('keys sealed by a passphrase open with it and with no other', async () => {
  const folder = join(temporaryFolder(), 'keys')
  await openFileKeys(folder, NODE)
  const sealed = await sealKeyFolder(folder, NODE, { passphrase: 'twelve letters or more' })
  const { files } = await openKeyFile(sealed, { passphrase: 'twelve letters or more' })
  assert.deepEqual(Object.keys(files).sort(), await filesBelow(folder))
  await assert.rejects(openKeyFile(sealed, { passphrase: 'twelve letters or mere' }))
})

test('a backup of a newer schema names what to install first', async (test) => {
  const { parts, keyFile } = await aNode(test)
  const { manifest } = await writeBackup(parts)
  const newer = {
    ...manifest,
    software: '9.9.9',
    schema: [...manifest.schema, '9999-from-the-future.sql'],
  }
  writeFileSync(join(parts.out, 'manifest.json'), await signManifest(newer, parts.signer))
  const target = await elsewhere(test, keyFile, parts.out)
  await assert.rejects(
    restoreBackup(target),
    refusal(/newer software \(9\.9\.9.*install that first/),
  )
})

test('a database or folder that is not empty is refused and left as it is', async (test) => {
  const { database, parts, keyFile } = await aNode(test)
  await writeBackup(parts)
  const target = await elsewhere(test, keyFile, parts.out)
  const before = await rowsOf(database)
  await assert.rejects(
    restoreBackup({ ...target, databaseUrl: parts.databaseUrl }),
    refusal(/the database is not empty .*name an empty one/),
  )
  assert.deepEqual(await rowsOf(database), before)
  mkdirSync(join(target.folder, 'exhibits'), { recursive: true })
  writeFileSync(join(target.folder, 'exhibits', 'old.age'), 'kept')
  await assert.rejects(restoreBackup(target), refusal(/is not empty \(exhibits\/old\.age\)/))
  assert.equal(readFileSync(join(target.folder, 'exhibits', 'old.age'), 'utf8'), 'kept')
  // What a start keeps of the program is in nobody's way.
  rmSync(join(target.folder, 'exhibits'), { recursive: true })
  mkdirSync(join(target.folder, 'compiled'))
  writeFileSync(join(target.folder, 'compiled', 'code'), 'x')
  await restoreBackup(target)
})

test('a restore that was cut short anywhere is run again to the same end', async (test) => {
  const { database, parts, keyFile } = await aNode(test)
  await writeBackup(parts)
  const expected = await rowsOf(database)
  for (const cutAfter of [2, 12]) {
    const target = await elsewhere(test, keyFile, parts.out)
    let steps = 0
    const cut = restoreBackup({
      ...target,
      progress: () => {
        steps += 1
        if (steps === cutAfter) throw new Error('cut short')
      },
    })
    await assert.rejects(cut)
    await restoreBackup(target)
    assert.deepEqual(await rowsOf(await opened(test, target.databaseUrl)), expected)
    await assert.rejects(restoreBackup(target), refusal(/not empty/))
  }
})

test('another backup is not mixed into a restore that was begun', async (test) => {
  const { parts, keyFile } = await aNode(test)
  await writeBackup(parts)
  const second = { ...parts, out: `${parts.out}-2`, now: instantFromMs(Date.parse(now) + 1000) }
  await writeBackup(second)
  const target = await elsewhere(test, keyFile, parts.out)
  const cut = restoreBackup({
    ...target,
    progress: (text) => {
      if (text.endsWith('files')) throw new Error('cut short')
    },
  })
  await assert.rejects(cut)
  await assert.rejects(restoreBackup({ ...target, from: second.out }), refusal(/another restore/))
})

test('an exhibit that is missing or changed stops the backup and is named', async (test) => {
  const { database, parts } = await aNode(test)
  const id = '01940000-0000-4000-8000-0000000000ee'
  await sql`insert into exhibit_blob (exhibit_id, case_id, digest, wrapped_identity)
    select ${id}, id, sha256('sealed'::bytea), '' from stream limit 1`.execute(database)
  await assert.rejects(writeBackup(parts), refusal(new RegExp(`exhibits/${id}.age is missing`)))
  mkdirSync(join(parts.folder, 'exhibits'))
  const file = join(parts.folder, 'exhibits', `${id}.age`)
  writeFileSync(file, 'changed')
  await assert.rejects(writeBackup(parts), refusal(/is not what was sealed/))
  writeFileSync(file, 'sealed')
  await writeBackup(parts)
  cpSync(parts.out, `${parts.out}-copy`, { recursive: true })
  await verifyBackup(`${parts.out}-copy`)
})
