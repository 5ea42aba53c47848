/**
 * A backup put into an empty place. What a restored node does afterwards is tested with
 * real nodes in test/faults.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { filesBelow } from '../../src/adapters/backup/files.ts'
import { sealKeyFolder } from '../../src/adapters/backup/key-file.ts'
import { signManifest } from '../../src/adapters/backup/manifest.ts'
import { restoreBackup } from '../../src/adapters/backup/restore-backup.ts'
import { writeBackup } from '../../src/adapters/backup/write-backup.ts'
import { openFileKeys } from '../../src/adapters/keys/file-keys.ts'
import { instantFromMs } from '../../src/base/time.ts'
import { generateIdentity } from '../../src/seal/seal.ts'
import {
  aNode,
  elsewhere,
  LOCK,
  NODE,
  now,
  opened,
  refusal,
  rowsOf,
} from '../support/backup-place.ts'

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

test('nobody is signed in after a restore, and numbers go on where they were', async (test) => {
  const { parts, keyFile } = await aNode(test)
  await writeBackup(parts)
  const target = await elsewhere(test, keyFile, parts.out)
  await restoreBackup(target)
  const restored = await opened(test, target.databaseUrl)
  assert.deepEqual(await restored.selectFrom('session').selectAll().execute(), [])
  const passwords = await restored.selectFrom('calendar_password').selectAll().execute()
  assert.deepEqual(passwords, [], 'one from before may have been revoked since')
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
