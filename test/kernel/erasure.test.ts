/** Erasing a whole case on a real database: nothing of it stays, and its proofs do. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import {
  addToErasureList,
  erasuresIn,
  readErasureList,
} from '../../src/adapters/backup/erasure-list.ts'
import { folderBlobs } from '../../src/adapters/blobs/folder-blobs.ts'
import { exhibitRoom } from '../../src/adapters/exhibit-room.ts'
import { atRest } from '../../src/adapters/keys/at-rest.ts'
import { publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { rebuildProjections } from '../../src/adapters/postgres/projections/rebuild.ts'
import { postgresReceivedViews } from '../../src/adapters/postgres/received-views.ts'
import { ERASED_TABLES } from '../../src/adapters/postgres/streams/erase-stream.ts'
import { eraseCase } from '../../src/app/acts/erasure-acts.ts'
import { eraseAgain } from '../../src/app/erasure/erase-again.ts'
import { finishErasures } from '../../src/app/erasure/finish-erasures.ts'
import { findErasure } from '../../src/app/erasure/read-erasures.ts'
import { appendOversight } from '../../src/app/oversight/oversight-act.ts'
import type { OutgoingMessage } from '../../src/app/ports/streams.ts'
import { projectStream } from '../../src/app/project.ts'
import { receiveMessage } from '../../src/app/receive-message.ts'
import { toBase64 } from '../../src/base/bytes.ts'
import { permit } from '../../src/base/decision.ts'
import { addMs, DAY_MS } from '../../src/base/time.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import { keptInput, retractionInput } from '../../src/wire/retraction-statement.ts'
import { deskKernel } from '../support/desk-kernel.ts'
import { keys, parts } from '../support/kernel-database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const WORKER = fileURLToPath(new URL('../../src/node/exhibit-worker.ts', import.meta.url))

async function world(t: TestContext) {
  const desk = await deskKernel(t)
  const folder = temporaryFolder()
  const exhibits = exhibitRoom({
    ...{ database: desk.database, atRest: keys, blobs: folderBlobs(folder), folder },
    ...{ worker: WORKER, fileBytesMax: 1000 },
  })
  const receivedViews = postgresReceivedViews({ ...parts, database: desk.database })
  Object.assign(desk.kernel, { exhibits, receivedViews, peers: { all: () => [], find: () => {} } })
  const ada = await desk.enrol('Ada Invented', ['caseOfficer'])
  const ben = await desk.enrol('Ben Invented', ['liaison'])
  const caseId = await desk.openCase('An invented case', ada)
  const exhibitId = desk.kernel.random.uuidByTime()
  const facts = await exhibits.seal({ caseId, exhibitId }, [{ text: 'a turn' }])
  await exhibits.settleFile(exhibitId)
  const exhibit = { exhibitId, name: 'a log', mediaType: 'application/json', ...facts }
  await desk.append(caseId, ada.officer, {
    ...{ type: 'exhibitSealed', derivedFrom: null, redactions: [] },
    ...exhibit,
  } as never)
  return { desk, ada, ben, caseId, exhibitId, folder }
}

type World = Awaited<ReturnType<typeof world>>

const BASIS = {
  ground: 'courtOrder',
  law: 'An invented act, article 9',
  orderedBy: 'An invented court, 1/26',
} as const

/** Both persons, one after the other; what refused, or `permit`. */
async function erase({ desk, ada, ben, caseId }: World, input: object = BASIS): Promise<string> {
  const { kernel } = desk
  const proven = (one: Acting) => ({ ...desk.now(one), steppedUpAt: desk.now(one).now })
  const proposed = await eraseCase.run(kernel, caseId, { input, acting: proven(ada) })
  if (proposed.decision === 'refuse') return proposed.why
  const approves = proposed.value.result as { proposalId: string; digest: string }
  const done = await eraseCase.run(kernel, caseId, { input, acting: proven(ben), approves })
  return done.decision === 'refuse' ? done.why : 'permit'
}

test('two officers cannot erase what oversight watches', async (t) => {
  const w = await world(t)
  const { desk, ada, caseId } = w
  const { kernel } = desk
  const closed = { type: 'caseClosed', reviewId: null, reason: 'done' }
  await desk.append(caseId, ada.officer, closed as never)
  const oversees = (event: object) => appendOversight(kernel, ada, () => permit([event as never]))
  const inspectionId = kernel.random.uuid()
  await oversees({
    ...{ type: 'inspectionOpened', inspectionId, mandateId: kernel.random.uuid() },
    ...{ caseIds: [caseId], question: 'why was it closed' },
  })
  // Each proposal is one of its own.
  const onLaw = (law: string) => erase(w, { ...BASIS, law })
  assert.equal(await onLaw('article 1'), 'overseen')
  await oversees({ type: 'inspectionClosed', inspectionId, finding: 'none' })
  const drawId = kernel.random.uuid()
  const beacon = { chain: '00', round: 1, appearsAt: ada.now }
  await oversees({
    ...{ type: 'drawAnnounced', drawId, population: 'decisions', from: ada.now, until: ada.now },
    ...{ list: [`${caseId}/1`, 'another'], listDigest: '00', sampleSize: 1, beacon },
  })
  assert.equal(await onLaw('article 2'), 'overseen', 'it may be picked')
  await oversees({ type: 'drawHeld', drawId, signature: '00', randomness: '00', picked: [0] })
  assert.equal(await onLaw('article 3'), 'overseen', 'it was picked and nobody has looked')
  await oversees({ type: 'caseLookedAt', caseId })
  assert.equal(await onLaw('article 4'), 'permit')
})

test('nothing of an erased case stays but its id and its log entries', async (t) => {
  const w = await world(t)
  const { desk, ada, caseId, exhibitId, folder } = w
  const { kernel, database } = desk
  const other = await desk.openCase('Another case', ada)
  await desk.desk.records.addNote({
    ...{ id: kernel.random.uuidByTime(), caseId, text: 'a note' },
    ...{ writtenBy: ada.officer, writtenAt: ada.now },
  })
  const whole = (await kernel.streams.read(other))?.history.length

  assert.equal(await erase(w), 'notClosed')
  await desk.append(caseId, ada.officer, {
    type: 'caseClosed',
    reviewId: null,
    reason: 'done',
  } as never)
  const hold = { holdId: kernel.random.uuid(), ground: 'a claim', exhibits: [exhibitId] }
  await desk.append(caseId, ada.officer, {
    ...{ type: 'legalHoldPlaced', ...hold, inPlaceOf: null, reviewAt: addMs(ada.now, DAY_MS) },
  } as never)
  assert.equal(await erase(w), 'legalHold')
  const lifted = { type: 'legalHoldLifted', holdId: hold.holdId, reason: 'over' }
  await desk.append(caseId, ada.officer, lifted as never)
  assert.equal(await erase(w, { ...BASIS, ground: 'retentionEnded' }), 'retentionRuns')

  const last = await kernel.streams.read(caseId)
  assert.equal(await erase(w), 'permit')
  assert.equal(await kernel.streams.read(caseId), undefined)
  assert.equal(await finishErasures(kernel), 1)
  assert.equal(await finishErasures(kernel), 0)
  const erasure = await findErasure(kernel, caseId)
  assert.ok(erasure)
  assert.deepEqual([erasure.ground, erasure.law], [BASIS.ground, BASIS.law])
  // Proposal and approval are events of the case too.
  assert.equal(erasure.events, (last?.history.length ?? 0) + 2)
  const logIds = await kernel.erasures.logIds(caseId)
  assert.deepEqual(
    logIds.slice(0, last?.sealedEvents.length),
    last?.sealedEvents.map(({ logId }) => logId),
  )

  for (const { table, column } of await naming(database)) {
    if (['erased_event', 'stream', 'import_row'].includes(table)) continue
    const { rows } = await sql`select 1 from ${sql.table(table)}
      where ${sql.ref(column)}::text = ${caseId}`.execute(database)
    assert.equal(rows.length, 0, `${table}.${column} still names the case`)
  }
  const left = readdirSync(folder, { recursive: true }).filter((name) =>
    String(name).endsWith('.age'),
  )
  assert.deepEqual(left, [])

  await rebuildProjections(database, keys, projectStream)
  assert.deepEqual(
    (await kernel.registers.cases(() => true)).map(({ id }) => id),
    [other],
  )
  assert.equal((await kernel.streams.read(other))?.history.length, whole)
})

test('every table that names a case is either emptied or known to name no content', async (t) => {
  const { database } = (await deskKernel(t)) as { database: World['desk']['database'] }
  const kept = ['erased_event', 'stream', 'exhibit_blob', 'event', 'filing']
  const found = new Set((await naming(database)).map(({ table }) => table))
  for (const table of found) {
    const isKnown = table.startsWith('p_') || [...ERASED_TABLES, ...kept].includes(table)
    assert.ok(isKnown, `${table} names a case: say what becomes of it in erase-stream.ts`)
  }
})

test('an event of a case that stands is never deleted, and nothing erased comes back', async (t) => {
  const w = await world(t)
  const { desk, ada, caseId } = w
  const { database } = desk
  const remove = () => database.deleteFrom('event').where('stream_id', '=', caseId).execute()
  await assert.rejects(remove(), /append-only/)
  await desk.append(caseId, ada.officer, {
    type: 'caseClosed',
    reviewId: null,
    reason: 'x',
  } as never)
  assert.equal(await erase(w), 'permit')
  const revive = { kind: 'case', wrapped_key: keys.newKey() }
  await assert.rejects(
    database.updateTable('stream').set(revive).where('id', '=', caseId).execute(),
    /erased/,
  )
  await assert.rejects(
    desk.kernel.streams.transact((unit) => unit.create(caseId, 'case')),
    /duplicate key/,
  )
})

test('what an older backup brings back goes again, by a list that only the node can write', async (t) => {
  const w = await world(t)
  const { desk, ada, caseId } = w
  const { kernel, database } = desk
  await desk.append(caseId, ada.officer, {
    ...{ type: 'caseClosed', reviewId: null, reason: 'x' },
  } as never)
  const rows = {
    stream: await database.selectFrom('stream').selectAll().execute(),
    event: await database.selectFrom('event').selectAll().execute(),
  }
  assert.equal(await erase(w), 'permit')
  const listed = await erasuresIn(database, keys)
  assert.deepEqual(
    listed.map(({ type }) => type),
    ['caseErased', 'erasureStated'],
  )
  const file = join(temporaryFolder(), 'erasures.sealed')
  assert.equal(await addToErasureList(file, keys, listed), 2)
  // What a restored database does not know stays in the list.
  assert.equal(await addToErasureList(file, keys, []), 2)
  const foreign = atRest(new Uint8Array(32).fill(9))
  await assert.rejects(readErasureList(file, foreign), { code: 'unverified' })
  const rotated = atRest(new Uint8Array(32).fill(9), [new Uint8Array(32).fill(3)])
  assert.equal(await addToErasureList(file, rotated, []), 2)
  assert.deepEqual(await readErasureList(file, foreign), listed)
  assert.deepEqual(await readErasureList(`${file}.none`, keys), [])

  // As the backup has it: the case is there, and nobody erased anything.
  await database.transaction().execute(async (tx) => {
    await sql`alter table event disable trigger user`.execute(tx)
    await sql`alter table stream disable trigger user`.execute(tx)
    await tx.deleteFrom('erased_event').execute()
    await tx.deleteFrom('event').execute()
    for (const { id, ...row } of rows.stream) {
      await tx.updateTable('stream').set(row).where('id', '=', id).execute()
    }
    await tx.insertInto('event').values(rows.event).execute()
    await sql`alter table event enable trigger user`.execute(tx)
    await sql`alter table stream enable trigger user`.execute(tx)
  })
  assert.ok(await kernel.streams.read(caseId))
  assert.equal(await findErasure(kernel, caseId), undefined)

  assert.equal(await eraseAgain(kernel, listed), 1)
  assert.equal(await kernel.streams.read(caseId), undefined)
  assert.equal((await findErasure(kernel, caseId))?.law, BASIS.law)
  assert.equal(await eraseAgain(kernel, listed), 0)
  assert.equal((await erasuresIn(database, keys)).length, 2)
})

async function naming(database: World['desk']['database']) {
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = current_schema() and column_name in ('stream_id', 'case_id', 'object_id')
      and table_name not like 'fed_%'`.execute(database)
  return rows
}

const PEER_SEED = new Uint8Array(32).fill(5)
const KEY = 'albion.example/msg1'

/** A release to a peer that left and was received there. */
async function releasedTo(w: World, recipient: string): Promise<string> {
  const { desk, caseId, ada } = w
  const releaseId = desk.kernel.random.uuidByTime()
  await desk.append(
    caseId,
    ada.officer,
    {
      ...{ type: 'releaseDecided', releaseId, recipient, agreement: null, decision: 'permit' },
      ...{ why: null, kind: 'case', policyDigest: '', purpose: 'investigation', rightsTest: null },
      ...{ legalBasis: 'a law', categories: [], emergency: null, because: [], duties: [] },
      ...{ view: { caseSummary: 'what was shown' }, preparedBy: ada.officer, reviewedBy: null },
    } as never,
    { type: 'releaseSent', releaseId, messageId: desk.kernel.random.uuidByTime() } as never,
  )
  return releaseId
}

test('whoever got something of it is asked to erase it, and what is answered is kept', async (t) => {
  const w = await world(t)
  const { desk, ada, caseId } = w
  const { kernel, database } = desk
  const sent: OutgoingMessage[] = []
  const { streams } = kernel
  const peer = { messageKeys: [{ id: KEY, publicKey: publicKeyOf(PEER_SEED) }] }
  Object.assign(kernel, {
    peers: { all: () => [], find: (id: string) => (id.endsWith('.example') ? peer : undefined) },
    streams: {
      ...streams,
      transact: (fn: Parameters<typeof streams.transact>[0]) =>
        streams.transact((unit) => {
          const send = async (message: OutgoingMessage) => {
            sent.push(message)
            return kernel.random.uuid()
          }
          return fn({ ...unit, send })
        }),
    },
  })
  const [albion, sierra] = [
    await releasedTo(w, 'albion.example'),
    await releasedTo(w, 'sierra.example'),
  ]
  const byLetter = await releasedTo(w, 'An invented ministry')
  await desk.append(caseId, ada.officer, {
    ...{ type: 'caseClosed', reviewId: null, reason: 'done' },
  } as never)
  assert.equal(await erase(w), 'permit')
  assert.deepEqual(
    sent.map(({ destination, type, content }) => [destination, type, content]),
    [
      ['albion.example', 'retraction', { caseId, releaseId: albion, cause: 'erased' }],
      ['sierra.example', 'retraction', { caseId, releaseId: sierra, cause: 'erased' }],
    ],
  )
  const answers = async () =>
    (await findErasure(kernel, caseId))?.requests.map(({ releaseId, answer, dueAt }) => {
      return [releaseId, answer?.answer ?? (dueAt === null ? 'letter' : null)]
    })
  assert.deepEqual(await answers(), [
    [albion, null],
    [sierra, null],
    [byLetter, 'letter'],
  ])

  const hear = (origin: string, type: string, content: object) =>
    kernel.streams.transact((unit) =>
      receiveMessage(kernel, unit, { origin, header: { type }, link: '', content } as never),
    )
  const at = kernel.clocks.caseNow()
  const doneBy = (party: string, releaseId: string) => {
    const said = { releaseId, releasedBy: kernel.node.id, party, confirmedAt: at }
    const signature = toBase64(signEd25519(PEER_SEED, retractionInput(said)))
    return { caseId, releaseId, confirmedAt: at, key: KEY, signature }
  }
  const done = doneBy('albion.example', albion)
  const forged = { ...done, signature: toBase64(new Uint8Array(64)) }
  await assert.rejects(hear('albion.example', 'retractionDone', forged), { code: 'unverified' })
  // Nobody answers for another, and only what was asked is answered.
  const asSierra = doneBy('sierra.example', albion)
  const wrong = await hear('sierra.example', 'retractionDone', asSierra)
  assert.equal(wrong.decision, 'rejected')
  assert.equal((await hear('albion.example', 'retractionDone', done)).decision, 'applied')
  assert.equal((await hear('albion.example', 'retractionDone', done)).decision, 'applied')

  const kept = { releaseId: sierra, answer: 'refused', ground: 'legalHold', law: 'An act' } as const
  const parties = { releasedBy: kernel.node.id, party: 'sierra.example' }
  const input = keptInput({ ...kept, ...parties, answeredAt: at })
  const signature = toBase64(signEd25519(PEER_SEED, input))
  const answer = { caseId, ...kept, answeredAt: at, key: KEY, signature }
  const changed = { ...answer, ground: 'ownDuty' }
  await assert.rejects(hear('sierra.example', 'erasureAnswer', changed), { code: 'unverified' })
  const owed = () =>
    sql<{ open: string }>`select count(*) as open from p_duty
      where discharged_at is null and due_at is not null`
      .execute(database)
      .then(({ rows }) => Number(rows[0]?.open))
  assert.equal(await owed(), 1)
  assert.equal((await hear('sierra.example', 'erasureAnswer', answer)).decision, 'applied')
  assert.equal(await owed(), 0)
  assert.deepEqual(await answers(), [
    [albion, 'done'],
    [sierra, 'refused'],
    [byLetter, 'letter'],
  ])
  // The hold ended there, later.
  const later = doneBy('sierra.example', sierra)
  assert.equal((await hear('sierra.example', 'retractionDone', later)).decision, 'applied')
  assert.deepEqual((await answers())?.[1], [sierra, 'done'])
  // Lists of duties of cases do not stumble over it.
  assert.deepEqual(await kernel.registers.casesWithDutiesDue(addMs(at, 9 * DAY_MS)), [])
})
