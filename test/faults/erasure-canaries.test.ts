/**
 * Erasure, looked for on the disk: what was put into every kind of content of a case, and
 * the salts, keys, signatures and ciphertexts under which it lay, are nowhere in the data
 * folder of the database (tables, indexes, write-ahead log), in the folder of exhibits, or in
 * a backup made afterwards. What the search can find it shows first, on the same places.
 *
 * Not searched: what a disk keeps of files that were deleted; memory; a page in which a
 * database compressed a value (all content is sealed before, which does not compress).
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { Client } from 'pg'
import { writeBackup } from '../../src/adapters/backup/write-backup.ts'
import { folderBlobs } from '../../src/adapters/blobs/folder-blobs.ts'
import { exhibitRoom } from '../../src/adapters/exhibit-room.ts'
import { openFileKeys } from '../../src/adapters/keys/file-keys.ts'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { rewriteTables } from '../../src/adapters/postgres/operations/rewrite-tables.ts'
import { postgresReceivedViews } from '../../src/adapters/postgres/received-views.ts'
import { eraseCase } from '../../src/app/acts/erasure-acts.ts'
import { finishErasures } from '../../src/app/erasure/finish-erasures.ts'
import { equalBytes } from '../../src/base/bytes.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import { eventLogEntry } from '../../src/wire/event-commitment.ts'
import {
  contentOf,
  dressed,
  type Find,
  searchIn,
  secretBytes,
  type Words,
  wordsOf,
} from '../support/canaries.ts'
import { deskKernel, NODE } from '../support/desk-kernel.ts'
import { keys, parts } from '../support/kernel-database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTestPostgres, TEST_POSTGRES } from '../support/test-postgres.ts'

const WORKER = fileURLToPath(new URL('../../src/node/exhibit-worker.ts', import.meta.url))
const WORDS = {
  'a title': 'qzerasedtitle',
  'a note': 'qzerasednote',
  'a task': 'qzerasedtask',
  'a turn': 'qzerasedturn',
  'a shown view': 'qzerasedview',
  'a release': 'qzerasedrelease',
  'a contact': 'qzerasedcontact',
}

// A server of its own: the whole of its folder is searched.
const server = await startTestPostgres()
process.env[TEST_POSTGRES] = server.url
after(() => server.stop())

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}

function search(folder: string, words: Words): readonly Find[] {
  return filesBelow(folder).flatMap((file) => searchIn(contentOf(file), file, words))
}

const named = (finds: readonly Find[]) => [...new Set(finds.map(({ what }) => what))].sort()

async function asServer<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: server.url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Segments of the write-ahead log that are not needed any more go with a checkpoint. */
const checkpoints = () =>
  asServer(async (client) => {
    for (let round = 0; round < 2; round++) {
      await client.query('select pg_switch_wal()')
      await client.query('checkpoint')
    }
  })

test('nothing of an erased case is on the disk, in the log written ahead or in a backup', async (t) => {
  const dataFolder = await asServer(async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    return rows[0]?.data_directory ?? ''
  })
  const desk = await deskKernel(t)
  const { kernel, database } = desk
  const folder = temporaryFolder()
  const room = join(folder, 'exhibits')
  const exhibits = exhibitRoom({
    ...{ database, atRest: keys, blobs: folderBlobs(room), folder: room },
    ...{ worker: WORKER, fileBytesMax: 1000 },
  })
  const receivedViews = postgresReceivedViews({ ...parts, database })
  Object.assign(kernel, { exhibits, receivedViews, peers: { all: () => [], find: () => {} } })
  const ada = await desk.enrol('Ada Invented', ['caseOfficer'])
  const ben = await desk.enrol('Ben Invented', ['liaison'])
  const caseId = await plant(desk, { ada, exhibits, receivedViews })
  const other = await desk.openCase('A case that stays', ada)

  const before = await kernel.streams.read(caseId)
  assert.ok(before)
  const secrets = secretBytes(await secretsOf(database, caseId))
  const stays = secretBytes({ 'a salt that stays': (await saltsOf(database, other))[0] as Buffer })
  const words = wordsOf(WORDS)
  const all: Words = [...words, ...secrets]

  const first = await backupOf(database, folder, 'first')
  await asServer((client) => client.query('checkpoint'))
  // What lies there is found, as a table, as a file and in the log written ahead; no word is.
  const found = search(dataFolder, all)
  assert.deepEqual(named(found), named(secrets.map(({ what }) => ({ what }) as Find)))
  assert.ok(found.some(({ place }) => place.includes('pg_wal')))
  assert.ok(found.some(({ place }) => place.includes('/base/')))
  assert.ok(search(first, secrets).length > 0)
  assert.deepEqual(named(search(first, words)), [])
  // And in each dress, beside the files of the server.
  for (const [dress, bytes] of Object.entries(dressed(WORDS['a note']))) {
    const file = join(folder, 'planted')
    writeFileSync(file, Buffer.concat([randomBytes(777), bytes, randomBytes(99)]))
    assert.ok(
      search(folder, words).some((one) => one.place === file && one.dress === dress),
      dress,
    )
    rmSync(file)
  }

  await desk.append(caseId, ada.officer, {
    ...{ type: 'caseClosed', reviewId: null, reason: 'done' },
  } as never)
  const late = secretBytes(await secretsOf(database, caseId))
  await erase(desk, caseId, [ada, ben])
  assert.equal(await finishErasures(kernel), 1)
  assert.ok((await rewriteTables(database)).includes('event'))
  assert.deepEqual(await rewriteTables(database), [])
  await checkpoints()

  const searched: Words = [...all, ...late]
  assert.deepEqual(search(dataFolder, searched), [])
  const second = await backupOf(database, folder, 'second')
  assert.deepEqual(search(second, searched), [])
  assert.deepEqual(search(room, searched), [])
  assert.deepEqual(
    filesBelow(room).filter((file) => file.endsWith('.age') || statSync(file).size > 0),
    [],
  )
  // The older backup is what keeps it, until it is deleted.
  assert.ok(search(first, secrets).length > 0)
  rmSync(first, { recursive: true })
  assert.deepEqual(search(folder, searched), [])
  // What stays is still there: the search did not look past it.
  assert.equal(named(search(dataFolder, stays)).length, 1)

  // Old entries stand, and open by nothing that is left.
  const logIds = await kernel.erasures.logIds(caseId)
  const [opening] = before.sealedEvents
  assert.ok(opening)
  assert.equal(logIds[0], opening.logId)
  const entry = await entryOf(database, opening.logId)
  const { tag } = JSON.parse(Buffer.from(entry).toString()) as { tag: string }
  const opened = (salt: Uint8Array) =>
    eventLogEntry(nodePrimitives, opening.envelope, {
      ...{ salt: new Uint8Array(salt), tag: new Uint8Array(Buffer.from(tag, 'base64')) },
      wireNow: kernel.clocks.wireNow(),
    })
  assert.ok(equalBytes(commitmentIn(opened(opening.salt)), commitmentIn(entry)))
  assert.ok(!equalBytes(commitmentIn(opened(randomBytes(32))), commitmentIn(entry)))
})

type Desk = Awaited<ReturnType<typeof deskKernel>>
type Database = Desk['database']

async function plant(
  desk: Desk,
  given: {
    readonly ada: Acting
    readonly exhibits: ReturnType<typeof exhibitRoom>
    readonly receivedViews: ReturnType<typeof postgresReceivedViews>
  },
): Promise<string> {
  const { ada, exhibits, receivedViews } = given
  const { kernel } = desk
  const caseId = await desk.openCase(WORDS['a title'], ada)
  const common = { caseId, createdBy: ada.officer, createdAt: ada.now }
  await kernel.streams.transact((unit) =>
    unit.addTask({
      ...{ id: kernel.random.uuidByTime(), ...common, title: WORDS['a task'] },
      ...{ assignee: ada.officer, dueOn: null },
    }),
  )
  await desk.desk.records.addNote({
    ...{ id: kernel.random.uuidByTime(), caseId, text: WORDS['a note'] },
    ...{ writtenBy: ada.officer, writtenAt: ada.now },
  })
  const exhibitId = kernel.random.uuidByTime()
  const facts = await exhibits.seal({ caseId, exhibitId }, [{ text: WORDS['a turn'] }])
  await exhibits.settleFile(exhibitId)
  const releaseId = kernel.random.uuidByTime()
  const view = { caseSummary: WORDS['a shown view'] }
  await receivedViews.keep({ caseId, releaseId }, view)
  const contact = keys.newKey()
  await desk.database
    .insertInto('affected_person')
    .values({
      ...{ id: kernel.random.uuid(), case_id: caseId, wrapped_key: contact, code_hash: null },
      sealed_contact: keys.unwrap(contact).seal('contact', Buffer.from(WORDS['a contact'])),
    })
    .execute()
  await desk.append(
    caseId,
    ada.officer,
    {
      ...{ type: 'exhibitSealed', exhibitId, name: 'a log', mediaType: 'application/json' },
      ...{ derivedFrom: null, redactions: [], ...facts },
    } as never,
    {
      ...{ type: 'releaseDecided', releaseId: kernel.random.uuidByTime(), recipient: 'x.example' },
      ...{ agreement: null, decision: 'refuse', why: 'noAgreement', kind: 'case' },
      ...{ policyDigest: '', purpose: 'investigation', rightsTest: null, legalBasis: 'a law' },
      ...{ categories: [], emergency: null, duties: [], preparedBy: ada.officer, reviewedBy: null },
      ...{ because: [{ rule: 'release:x', text: WORDS['a release'] }], view: null },
    } as never,
  )
  return caseId
}

async function saltsOf(database: Database, caseId: string): Promise<readonly Uint8Array[]> {
  const rows = await database
    .selectFrom('event')
    .select('salt')
    .where('stream_id', '=', caseId)
    .orderBy('version')
    .execute()
  return rows.map(({ salt }) => salt)
}

/** As they are stored, the first bytes of each: long enough to be no chance. */
async function secretsOf(
  database: Database,
  caseId: string,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const { rows } = await sql<{ what: string; bytes: Buffer }>`
    select 'key of the case' as what, wrapped_key as bytes from stream where id = ${caseId}
    union all select 'salt ' || version, salt from event where stream_id = ${caseId}
    union all select 'signature ' || version, signature from event where stream_id = ${caseId}
    union all select 'envelope ' || version, sealed_envelope from event where stream_id = ${caseId}
    union all select 'key of a view', wrapped_key from received_view where case_id = ${caseId}
    union all select 'a view', sealed_view from received_view where case_id = ${caseId}
    union all select 'key of a person', wrapped_key from affected_person where case_id = ${caseId}
    union all select 'a contact', sealed_contact from affected_person where case_id = ${caseId}
    union all select 'key of an exhibit', wrapped_identity from exhibit_blob where case_id = ${caseId}
    union all select 'a sealed note', sealed_text from work_note where case_id = ${caseId}
    union all select 'a sealed task', sealed_title from work_task where case_id = ${caseId}
    union all select 'a sealed title', sealed_title from p_case where stream_id = ${caseId}
  `.execute(database)
  // A word of the same name is searched apart.
  return Object.fromEntries(
    rows.map(({ what, bytes }) => [`${what}, sealed`, bytes.subarray(0, 32)]),
  )
}

async function erase(desk: Desk, caseId: string, [one, two]: readonly Acting[]): Promise<void> {
  const input = { ground: 'courtOrder', law: 'An invented act', orderedBy: 'An invented court' }
  const proven = (who: Acting | undefined) => {
    const acting = desk.now(who as Acting)
    return { ...acting, steppedUpAt: acting.now }
  }
  const proposed = await eraseCase.run(desk.kernel, caseId, { input, acting: proven(one) })
  assert.ok(proposed.decision === 'permit', JSON.stringify(proposed))
  const approves = proposed.value.result as { proposalId: string; digest: string }
  const done = await eraseCase.run(desk.kernel, caseId, { input, acting: proven(two), approves })
  assert.equal(done.decision, 'permit', JSON.stringify(done))
}

async function backupOf(database: Database, folder: string, name: string): Promise<string> {
  const fileKeys = await openFileKeys(join(folder, 'keys'), NODE.id)
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(database)
  const url = new URL(server.url)
  url.pathname = `/${rows[0]?.name}`
  const out = join(folder, name)
  await writeBackup({
    ...{ node: NODE.id, databaseUrl: url.href, folder: join(folder), out, software: '0.0.0' },
    now: parts.clocks.wireNow(),
    signer: { keyId: fileKeys.messageKeyId, sign: fileKeys.signMessage },
    messagePublicKey: fileKeys.messagePublicKey,
    columnKey: await fileKeys.columnKey(),
    exhibitsElsewhere: true,
  })
  return out
}

async function entryOf(database: Database, logId: string): Promise<Uint8Array> {
  const row = await database
    .selectFrom('log_pending')
    .select('entry')
    .where('id', '=', logId)
    .executeTakeFirstOrThrow()
  return row.entry
}

function commitmentIn(entry: Uint8Array): Uint8Array {
  const { commitment } = JSON.parse(Buffer.from(entry).toString()) as { commitment: string }
  return Buffer.from(commitment, 'base64')
}
