/** What a discharge says is destroyed has no key and no bytes any more, whichever duty said it. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderBlobs } from '../../src/adapters/blobs/folder-blobs.ts'
import { exhibitRoom } from '../../src/adapters/exhibit-room.ts'
import { postgresReceivedViews } from '../../src/adapters/postgres/received-views.ts'
import { dischargeDuty } from '../../src/app/acts/duty-acts.ts'
import { foldCaseStream } from '../../src/app/case-stream.ts'
import { disposeOfExhibits } from '../../src/app/dispose.ts'
import type { Acting } from '../../src/core/case/recorded.ts'
import { deskKernel, NODE } from '../support/desk-kernel.ts'
import { keys, parts } from '../support/kernel-database.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const WORKER = fileURLToPath(new URL('../../src/node/exhibit-worker.ts', import.meta.url))
const PEER = 'albion.example'
const RELEASE = '0198c000-0000-7000-8000-000000000001'
const duty = (dutyId: string, kind: string) => ({
  ...{ dutyId, kind, text: `clause ${dutyId}`, owedBy: NODE.id, dueAt: null },
})

/** A case that holds what a peer released: a view, and an exhibit with a copy made of it. */
async function received(t: TestContext) {
  const desk = await deskKernel(t)
  const folder = temporaryFolder()
  const exhibits = exhibitRoom({
    ...{ database: desk.database, atRest: keys, blobs: folderBlobs(folder), folder },
    ...{ worker: WORKER, fileBytesMax: 1000 },
  })
  const receivedViews = postgresReceivedViews({ ...parts, database: desk.database })
  Object.assign(desk.kernel, { exhibits, receivedViews, peers: { all: () => [], find: () => {} } })
  const ada = await desk.enrol('Ada Invented', ['caseOfficer', 'liaison'])
  const ben = await desk.enrol('Ben Invented', ['caseOfficer', 'liaison'])
  const caseId = await desk.openCase('An invented case', ada)
  const place = { caseId, releaseId: RELEASE }
  const viewCommitment = await receivedViews.keep(place, { caseSummary: 'what the peer showed' })
  const sealed = async (exhibitId: string) => {
    const facts = await exhibits.seal({ caseId, exhibitId }, [{ text: 'a turn' }])
    await exhibits.settleFile(exhibitId)
    return { exhibitId, name: 'a log', mediaType: 'application/json', ...facts }
  }
  const [original, copy] = [desk.kernel.random.uuidByTime(), desk.kernel.random.uuidByTime()]
  const ofPeer = { from: PEER, releaseId: RELEASE }
  const handOverId = desk.kernel.random.uuidByTime()
  await desk.append(
    caseId,
    NODE.id,
    {
      ...{ type: 'releaseReceived', kind: 'case', ...ofPeer, viewCommitment, view: {} },
      agreement: { id: 'a1', version: 1, digest: '1'.repeat(64) },
      ...{ purpose: 'investigation', legalBasis: 'clause 2.1', categories: ['caseSummary'] },
      duties: [duty('7.1', 'deleteBy'), duty('7.5', 'returnBy')],
    } as never,
    {
      ...{ type: 'exhibitReceived', ...ofPeer, derivedFrom: null, redactions: [] },
      ...(await sealed(original)),
    } as never,
    {
      ...{ type: 'exhibitRedacted', derivedFrom: original, redactions: [] },
      ...(await sealed(copy)),
    } as never,
    {
      ...{ type: 'handOverMade', handOverId, releaseId: RELEASE, recipient: PEER },
      digest: '2'.repeat(64),
    } as never,
  )
  return { desk, caseId, ada, ben, place, exhibitIds: [original, copy], handOverId, folder }
}

for (const [dutyId, kind] of [
  ['7.1', 'deletion'],
  ['7.5', 'return'],
] as const) {
  test(`a duty that is shown by ${kind} leaves neither key nor bytes`, async (t) => {
    const { desk, caseId, ada, ben, place, exhibitIds, handOverId, folder } = await received(t)
    const { kernel, database } = desk
    const proven = (one: Acting) => ({ ...desk.now(one), steppedUpAt: desk.now(one).now })
    const input = { releaseId: RELEASE, dutyId, proof: 'Nothing needs it.', shownBy: handOverId }
    const proposed = await dischargeDuty.run(kernel, caseId, { input, acting: proven(ada) })
    assert.ok(proposed.decision === 'permit', JSON.stringify(proposed))
    assert.deepEqual(proposed.value.events, ['actProposed'])
    const keptKeys = () =>
      database
        .selectFrom('exhibit_blob')
        .select('wrapped_identity')
        .where('exhibit_id', 'in', exhibitIds)
        .execute()
    assert.ok((await keptKeys()).every(({ wrapped_identity: key }) => key !== null))
    assert.ok(await kernel.receivedViews.read(place))

    const backup = await database
      .selectFrom('received_view')
      .selectAll()
      .where('release_id', '=', RELEASE)
      .executeTakeFirstOrThrow()
    const approves = proposed.value.result as { proposalId: string; digest: string }
    const done = await dischargeDuty.run(kernel, caseId, { input, acting: proven(ben), approves })
    assert.ok(done.decision === 'permit', JSON.stringify(done))
    const { evidence, releases } = foldCaseStream(
      (await kernel.streams.read(caseId))?.history ?? [],
    )
    assert.ok(evidence.exhibits.every(({ isDestroyed }) => isDestroyed))
    assert.equal(releases.received[0]?.duties.find((one) => one.dutyId === dutyId)?.breach, null)
    assert.ok((await keptKeys()).every(({ wrapped_identity: key }) => key === null))
    const left = readdirSync(folder, { recursive: true }).filter((name) =>
      String(name).endsWith('.age'),
    )
    assert.deepEqual(left, [])
    assert.equal(await kernel.receivedViews.read(place), undefined)

    // As a restored backup brings it back: the history says that it is destroyed.
    const { release_id, case_id, wrapped_key, sealed_view } = backup
    await database
      .updateTable('received_view')
      .set({ case_id, wrapped_key, sealed_view, destroyed_at: null as never })
      .where('release_id', '=', release_id)
      .execute()
    assert.ok(await kernel.receivedViews.read(place))
    await disposeOfExhibits(kernel)
    assert.equal(await kernel.receivedViews.read(place), undefined)
  })
}
