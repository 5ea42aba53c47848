/** Backup and its verification, over a database and folders of their own. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { filesBelow } from '../../src/adapters/backup/files.ts'
import { openKeyFile, sealKeyFolder } from '../../src/adapters/backup/key-file.ts'
import { readManifest, signManifest } from '../../src/adapters/backup/manifest.ts'
import { restoreBackup } from '../../src/adapters/backup/restore-backup.ts'
import { verifyBackup } from '../../src/adapters/backup/verify-backup.ts'
import { writeBackup } from '../../src/adapters/backup/write-backup.ts'
import { openFileKeys } from '../../src/adapters/keys/file-keys.ts'
import { aNode, elsewhere, NODE, refusal, SECRET_FILES } from '../support/backup-place.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

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

test('keys sealed by a passphrase open with it and with no other', async () => {
  const folder = join(temporaryFolder(), 'keys')
  await openFileKeys(folder, NODE)
  const sealed = await sealKeyFolder(folder, NODE, { passphrase: 'twelve letters or more' })
  const { files } = await openKeyFile(sealed, { passphrase: 'twelve letters or more' })
  assert.deepEqual(Object.keys(files).sort(), await filesBelow(folder))
  await assert.rejects(openKeyFile(sealed, { passphrase: 'twelve letters or mere' }))
})

test('an exhibit that is missing or changed stops the backup and is named', async (test) => {
  const { database, parts } = await aNode(test)
  const id = '01940000-0000-4000-8000-0000000000ee'
  await sql`insert into exhibit_blob (exhibit_id, case_id, digest, wrapped_identity)
    select ${id}, id, sha256('sealed'::bytea), '' from stream limit 1`.execute(database)
  const digest = createHash('sha256').update('sealed').digest('hex')
  const named = `exhibits/${digest.slice(0, 2)}/${digest}.age`
  await assert.rejects(writeBackup(parts), refusal(new RegExp(`${named} is missing`)))
  // Today by the digest of its bytes, formerly by its id.
  for (const path of [`exhibits/${id}.age`, named]) {
    const file = join(parts.folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'changed')
    await assert.rejects(writeBackup(parts), refusal(/is not what was sealed/))
    writeFileSync(file, 'sealed')
    const out = `${parts.out}-${path === named}`
    await writeBackup({ ...parts, out })
    cpSync(out, `${out}-copy`, { recursive: true })
    await verifyBackup(`${out}-copy`)
    rmSync(file)
  }
})

test('exhibits in a bucket are named and not held; one that is being taken in is left out', async (test) => {
  const { database, parts } = await aNode(test)
  await sql`insert into exhibit_blob (exhibit_id, case_id, digest, wrapped_identity)
    select gen_random_uuid(), id, sha256('sealed'::bytea), '' from stream limit 1`.execute(database)
  const said: string[] = []
  const out = `${parts.out}-bucket`
  await writeBackup({ ...parts, out, exhibitsElsewhere: true, progress: (text) => said.push(text) })
  assert.ok(said.includes('1 sealed exhibits are in the bucket, not in the backup'))
  await sql`update exhibit_blob set staged_at = now()`.execute(database)
  await writeBackup(parts)
})
