import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { postgresFilings } from '../../src/adapters/postgres/intake/filings.ts'
import { addPending } from '../../src/adapters/postgres/log/pending.ts'
import { systemRandom } from '../../src/adapters/random.ts'
import { fromBase64, toBase64 } from '../../src/base/bytes.ts'
import { addMs, HOUR_MS } from '../../src/base/time.ts'
import { rootFromInclusion } from '../../src/proof/inclusion.ts'
import { hashLeaf } from '../../src/proof/tree-hash.ts'
import { entryCommitment, logEntry } from '../../src/wire/event-commitment.ts'
import { FILING_EVENTS } from '../../src/wire/intake/filing.ts'
import { kernelDatabase, keys, parts, realClocks } from '../support/kernel-database.ts'
import { newFiling } from '../support/new-filing.ts'

const { bytes, uuid } = systemRandom

async function intake(t: TestContext) {
  const database = await kernelDatabase(t)
  const filings = postgresFilings({ ...parts, database, onBatch() {} })
  const add = async (count: number) => {
    const added = Array.from({ length: count }, () => newFiling())
    for (const filing of added) assert.ok(await filings.add(filing))
    return added
  }
  const openCase = async (filingId: string, fails = false) => {
    const id = uuid()
    await database.transaction().execute(async (tx) => {
      await tx
        .insertInto('stream')
        .values({ id, kind: 'case', wrapped_key: keys.newKey() })
        .execute()
      await filings.admit(tx, filingId, id)
      if (fails) throw new Error('the case was not opened')
    })
    return id
  }
  /** Closes a batch and gives what it put into the log. */
  const close = async () => {
    await database.deleteFrom('log_pending').where('ready', '=', true).execute()
    await filings.closeBatch()
    const rows = await database.selectFrom('log_pending').selectAll().execute()
    const entries = rows.map(({ entry }) => JSON.parse(Buffer.from(entry).toString('utf8')))
    const batch = entries.findIndex(({ tags }) => tags !== undefined)
    return {
      rows,
      others: entries.filter((_, index) => index !== batch),
      tags: entries[batch].tags as string[],
      root: entryCommitment(new Uint8Array(rows[batch]?.entry ?? [])),
    }
  }
  return { database, filings, add, openCase, close }
}

test('a form counts once; the second sending leaves nothing', async (t) => {
  const { filings } = await intake(t)
  const first = newFiling()
  assert.equal(await filings.add(first), true)
  const again = newFiling({ formTokenHash: first.formTokenHash })
  assert.equal(await filings.add(again), false)
  assert.deepEqual(
    (await filings.waiting()).map(({ id }) => id),
    [first.id],
  )
  assert.equal(await filings.findByMailbox(again.mailboxHash), undefined)
})

test('a mailbox counts once, and its second filing keeps neither report nor files', async (t) => {
  const { database, filings } = await intake(t)
  const first = newFiling({ attachments: [bytes(10), bytes(20)], contact: bytes(30) })
  assert.equal(await filings.add(first), true)
  const again = newFiling({ mailboxHash: first.mailboxHash, attachments: [bytes(10)] })
  assert.equal(await filings.add(again), false)
  assert.equal((await filings.findByMailbox(first.mailboxHash))?.id, first.id)
  assert.deepEqual(await filings.sealedAttachment(first.id, 1), first.attachments[1])
  const rows = await database.selectFrom('filing_attachment').select('filing_id').execute()
  assert.deepEqual(new Set(rows.map(({ filing_id }) => filing_id)), new Set([first.id]))
})

test('of the same form sent many times at once, one counts', async (t) => {
  const { filings } = await intake(t)
  const formTokenHash = bytes(32)
  const sent = Array.from({ length: 6 }, () => filings.add(newFiling({ formTokenHash })))
  assert.equal((await Promise.all(sent)).filter((isNew) => isNew).length, 1)
})

test('many at once are kept in few commits, and each hears its own outcome', async (t) => {
  const { database, filings } = await intake(t)
  const commits = async () => {
    const { rows } = await sql<{ count: number }>`
      select count(distinct xmin::text)::int as count from filing`.execute(database)
    return rows[0]?.count ?? 0
  }
  const [known, knownMailbox] = [newFiling(), newFiling()]
  assert.deepEqual(await Promise.all([known, knownMailbox].map(filings.add)), [true, true])
  const fresh = Array.from({ length: 100 }, () => newFiling())
  const sent = [
    ...fresh.slice(0, 40),
    newFiling({ formTokenHash: known.formTokenHash }),
    newFiling({ mailboxHash: knownMailbox.mailboxHash }),
    ...fresh.slice(40),
  ]
  const outcomes = await Promise.all(sent.map(filings.add))
  assert.deepEqual(
    outcomes,
    sent.map((_, at) => at !== 40 && at !== 41),
  )
  assert.deepEqual(
    new Set((await filings.waiting()).map(({ id }) => id)),
    new Set([known, knownMailbox, ...fresh].map(({ id }) => id)),
  )
  assert.ok((await commits()) < 50, 'fewer commits than filings')
  const [one] = fresh
  assert.ok(one)
  assert.deepEqual(await filings.sealedReport(one.id), one.report)
})

test('one that the database refuses among many holds back none of the others', async (t) => {
  const { filings } = await intake(t)
  const good = Array.from({ length: 20 }, () => newFiling())
  const bad = newFiling({ commitment: bytes(31) })
  const sent = [...good.slice(0, 10), bad, ...good.slice(10)]
  const outcomes = await Promise.allSettled(sent.map(filings.add))
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    sent.map((filing) => (filing === bad ? 'rejected' : 'fulfilled')),
  )
  assert.deepEqual(
    new Set((await filings.waiting()).map(({ id }) => id)),
    new Set(good.map(({ id }) => id)),
  )
  // Its token was not used up either.
  const mended = { ...bad, commitment: bytes(32) }
  assert.equal(await filings.add(mended), true)
})

test('of those with one token or one mailbox sent at once, files or none, one counts', async (t) => {
  const { database, filings } = await intake(t)
  const { formTokenHash, mailboxHash } = newFiling()
  const sent = Array.from({ length: 30 }, (_, at) =>
    newFiling({
      ...(at % 2 === 0 ? { formTokenHash } : { mailboxHash }),
      attachments: at % 5 === 0 ? [bytes(50_000)] : [],
    }),
  )
  const outcomes = await Promise.all(sent.map(filings.add))
  const kept = sent.filter((_, at) => outcomes[at])
  assert.deepEqual(
    new Set((await filings.waiting()).map(({ id }) => id)),
    new Set(kept.map(({ id }) => id)),
  )
  assert.equal(kept.filter(({ formTokenHash: token }) => token === formTokenHash).length, 1)
  assert.equal(kept.filter(({ mailboxHash: mailbox }) => mailbox === mailboxHash).length, 1)
  const rows = await database.selectFrom('filing_attachment').select('filing_id').execute()
  assert.equal(rows.length, kept.filter(({ attachments }) => attachments.length > 0).length)
})

test('without a database everybody hears that it failed, and a later filing is kept', async (t) => {
  const { database, filings } = await intake(t)
  await sql`alter table filing rename to filing_away`.execute(database)
  const sent = Array.from({ length: 40 }, () => newFiling())
  const outcomes = await Promise.allSettled(sent.map(filings.add))
  assert.ok(outcomes.every(({ status }) => status === 'rejected'))
  await sql`alter table filing_away rename to filing`.execute(database)
  assert.deepEqual(
    await Promise.all(sent.map(filings.add)),
    sent.map(() => true),
  )
})

test('the log sees the same picture in a quiet hour and in a busy one', async (t) => {
  const { filings, add, openCase, close } = await intake(t)
  const pictures: unknown[] = []
  for (const count of [0, 1, 8]) {
    const added = await add(count)
    for (const { id } of added) await openCase(id)
    const { rows, others, tags } = await close()
    pictures.push({
      entries: rows.length,
      tags: tags.length,
      sizes: others.map((entry) => JSON.stringify(entry).length),
      members: others.map((entry) => Object.keys(entry)),
    })
    for (const { id } of added) assert.equal((await filings.proofOf(id))?.treeSize, 1024)
  }
  assert.deepEqual(pictures[1], pictures[0])
  assert.deepEqual(pictures[2], pictures[0])
})

test('tags that do not fit wait for the next batch, and each is listed once', async (t) => {
  const { add, openCase, close } = await intake(t)
  const added = await add(45)
  for (const { id } of added) await openCase(id)
  const listed = [(await close()).tags, (await close()).tags, (await close()).tags]
  assert.deepEqual(
    listed.map((tags) => tags.length),
    [32, 32, 32],
  )
  const own = new Set(added.map(({ tags }) => tags.acknowledged))
  const found = listed.map((tags) => tags.filter((tag) => own.has(tag)).length)
  assert.deepEqual(found, [32, 13, 0])
})

test('entries of acts that do not fit wait, the oldest go first', async (t) => {
  const { database, close } = await intake(t)
  const ids = Array.from({ length: 40 }, () => uuid())
  await database.transaction().execute(async (tx) => {
    for (const [place, id] of ids.entries()) {
      const at = addMs(realClocks.wireNow(), (place - 40) * 1000)
      const entry = logEntry(bytes(32), { tag: bytes(16), wireNow: at })
      await addPending(tx, { id, batch: 'intake', ready: false, entry, at })
    }
  })
  const of = ({ rows }: Awaited<ReturnType<typeof close>>) => {
    const ready = rows.filter((row) => row.ready)
    assert.equal(ready.length, 33)
    return new Set(ready.map(({ id }) => id).filter((id) => ids.includes(id)))
  }
  assert.deepEqual(of(await close()), new Set(ids.slice(0, 32)))
  assert.deepEqual(of(await close()), new Set(ids.slice(32)))
})

test('a filing of a batch from before, which kept every leaf, still has its path', async (t) => {
  const { database, filings, add, close } = await intake(t)
  const [{ id, commitment } = newFiling()] = await add(1)
  await close()
  const batch = await database.selectFrom('intake_batch').selectAll().executeTakeFirstOrThrow()
  const leaves = [bytes(32), commitment, bytes(32)].map(toBase64)
  const sealed_leaves = keys.node.seal(
    `intake-batch/${batch.id}/leaves`,
    new Uint8Array(Buffer.from(JSON.stringify(leaves))),
  )
  await database.updateTable('intake_batch').set({ sealed_leaves }).execute()
  const proof = await filings.proofOf(id)
  assert.deepEqual([proof?.leafIndex, proof?.treeSize], [1, 3])
})

test('entries of intake acts leave with the batch, among as many as without them', async (t) => {
  const { database, close } = await intake(t)
  const empty = await close()
  const wireNow = realClocks.wireNow()
  const entry = logEntry(bytes(32), { tag: bytes(16), wireNow })
  await database.transaction().execute(async (tx) => {
    for (const batch of ['intake', 'ordinary'] as const) {
      const waiting = { id: uuid(), batch, ready: false, at: wireNow }
      await addPending(tx, { ...waiting, entry: logEntry(bytes(32), { tag: bytes(16), wireNow }) })
    }
    await addPending(tx, { id: uuid(), batch: 'intake', ready: false, entry, at: wireNow })
  })
  const { rows } = await close()
  const released = rows.filter(({ ready }) => ready)
  assert.equal(released.length, empty.rows.length)
  const commitments = released.map((row) => entryCommitment(new Uint8Array(row.entry)))
  assert.ok(commitments.includes(entryCommitment(entry)))
  assert.equal(new Set(released.map(({ created_at }) => created_at.getTime())).size, 1)
  assert.equal(rows.filter(({ ready }) => !ready).length, 1)
})

test('an act of the hour before shows the hour of the batch, like its filler', async (t) => {
  const { database, close } = await intake(t)
  const wireNow = addMs(realClocks.wireNow(), -2 * HOUR_MS)
  const entry = logEntry(bytes(32), { tag: bytes(16), wireNow })
  const id = uuid()
  await database
    .transaction()
    .execute((tx) => addPending(tx, { id, batch: 'intake', ready: false, entry, at: wireNow }))
  const { rows, others } = await close()
  assert.equal(new Set(others.map(({ at }) => at)).size, 1)
  const released = rows.find((row) => row.id === id)
  assert.ok(released)
  const bytesNow = new Uint8Array(released.entry)
  assert.notDeepEqual(bytesNow, entry)
  assert.equal(entryCommitment(bytesNow), entryCommitment(entry))
  assert.deepEqual(new Uint8Array(released.leaf_hash), hashLeaf(nodePrimitives, bytesNow))
})

test('each filing has a path to the root of its batch, and its place says nothing', async (t) => {
  const { filings, add, close } = await intake(t)
  const added = await add(16)
  const { root } = await close()
  const places: number[] = []
  for (const { id, commitment } of added) {
    const proof = await filings.proofOf(id)
    assert.ok(proof)
    const leaf = hashLeaf(nodePrimitives, commitment)
    const path = {
      leafIndex: proof.leafIndex,
      hashes: proof.hashes.map((hash) => fromBase64(hash)),
    }
    assert.equal(toBase64(rootFromInclusion(nodePrimitives, leaf, path, proof.treeSize)), root)
    places.push(proof.leafIndex)
  }
  assert.deepEqual(
    [...places].sort((a, b) => a - b),
    [...new Set(places)].sort((a, b) => a - b),
  )
  // By chance once in 16!, about 2 * 10^13, runs.
  assert.notDeepEqual(
    places,
    [...places].sort((a, b) => a - b),
  )
})

test('a filing has no proof before its batch, and keeps the one it has', async (t) => {
  const { filings, add, close } = await intake(t)
  const [{ id } = newFiling()] = await add(1)
  assert.equal(await filings.proofOf(id), undefined)
  assert.equal((await filings.find(id))?.batchLogId, undefined)
  await close()
  const proof = await filings.proofOf(id)
  const { batchLogId } = (await filings.find(id)) ?? {}
  assert.ok(proof && batchLogId)
  await add(3)
  await close()
  assert.deepEqual(await filings.proofOf(id), proof)
  assert.equal((await filings.find(id))?.batchLogId, batchLogId)
})

test('admission lists the tag of the filing in the next batch, and in that one only', async (t) => {
  const { filings, add, openCase, close } = await intake(t)
  const [filing = newFiling()] = await add(1)
  assert.ok(!(await close()).tags.includes(filing.tags.acknowledged))
  const caseId = await openCase(filing.id)
  assert.equal((await filings.find(filing.id))?.caseId, caseId)
  assert.deepEqual(await filings.waiting(), [])
  const { tags } = await close()
  assert.ok(tags.includes(filing.tags.acknowledged))
  for (const event of FILING_EVENTS.slice(1)) assert.ok(!tags.includes(filing.tags[event]), event)
  assert.ok(!(await close()).tags.includes(filing.tags.acknowledged))
})

test('a case that was not opened in the end admits nothing and lists nothing', async (t) => {
  const { filings, add, openCase, close } = await intake(t)
  const [filing = newFiling()] = await add(1)
  await assert.rejects(openCase(filing.id, true), /not opened/)
  assert.equal((await filings.waiting()).length, 1)
  assert.ok(!(await close()).tags.includes(filing.tags.acknowledged))
})

test('a filing is admitted once, and only one that is there', async (t) => {
  const { add, openCase } = await intake(t)
  const [{ id } = newFiling()] = await add(1)
  const both = await Promise.allSettled([openCase(id), openCase(id)])
  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  for (const unknown of [id, uuid()]) {
    await assert.rejects(openCase(unknown), { code: 'malformed' })
  }
})

test('what was sealed comes back as it was; a contact is told of, not shown', async (t) => {
  const { filings } = await intake(t)
  const [bare, full] = [newFiling(), newFiling({ contact: bytes(80) })]
  for (const filing of [bare, full]) await filings.add(filing)
  assert.deepEqual(await filings.sealedReport(full.id), full.report)
  assert.deepEqual(await filings.sealedContact(full.id), full.contact)
  assert.equal(await filings.sealedContact(bare.id), undefined)
  assert.equal(await filings.sealedReport(uuid()), undefined)
  const listed = new Map((await filings.waiting()).map((one) => [one.id, one.hasContact]))
  assert.deepEqual([listed.get(bare.id), listed.get(full.id)], [false, true])
  assert.equal((await filings.findByMailbox(full.mailboxHash))?.id, full.id)
  assert.equal(await filings.findByMailbox(bytes(32)), undefined)
})
