/** Rows of lists are taken away by a function of the database: it must name every such table. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import { postgresStreams } from '../../src/adapters/postgres/streams/streams.ts'
import { kernelDatabase, parts } from '../support/kernel-database.ts'

test('every table of lists is cleared for a stream whose rows are all written anew', async (t) => {
  const database = await kernelDatabase(t)
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns
    where table_name like 'p\_%' and column_name = 'stream_id' order by 1`.execute(database)
  const { rows } = await sql<{ text: string }>`
    select prosrc as text from pg_proc where proname = 'clear_projection'`.execute(database)
  const cleared = [...(rows[0]?.text ?? '').matchAll(/delete from (\w+) where stream_id/g)]
  assert.ok(tables.length > 15)
  assert.deepEqual(cleared.map(([, name]) => name).sort(), tables.map(({ name }) => name).sort())
})

test('a unit of work writes the lists of a stream once, as they are at its end', async (t) => {
  const database = await kernelDatabase(t)
  const projected: number[] = []
  const streams = streamsOf(database, async (_, { history }) => void projected.push(history.length))
  const id = parts.random.uuidByTime()
  await streams.transact(async (unit) => {
    const stream = await unit.create(id, 'authority')
    await stream.append([{ type: 'first' }, { type: 'second' }], 'node')
    await stream.append([{ type: 'third' }], 'node')
    assert.deepEqual(projected, [])
  })
  assert.deepEqual(projected, [3])
  await streams.transact(async (unit) => void (await unit.open(id)))
  assert.deepEqual(projected, [3])
})

test('what is read again is the same until its stream has moved on', async (t) => {
  const database = await kernelDatabase(t)
  const streams = streamsOf(database, async () => {})
  const [authority, ofCase] = [parts.random.uuidByTime(), parts.random.uuidByTime()]
  const add = (id: string) =>
    streams.transact(async (unit) => (await unit.open(id))?.append([{ type: 'more' }], 'node'))
  await streams.transact(async (unit) => {
    for (const [id, kind] of [
      [authority, 'authority'],
      [ofCase, 'case'],
    ] as const) {
      await (await unit.create(id, kind)).append([{ type: 'first' }], 'node')
    }
  })
  const [first, again] = [await streams.read(authority), await streams.read(authority)]
  assert.equal(first, again)
  assert.equal(await streams.read(ofCase), await streams.read(ofCase))
  await add(authority)
  assert.equal((await streams.read(authority))?.history.length, 2)
  assert.equal(first?.history.length, 1)
})

test('what was undone, or done by another process, is never what is read', async (t) => {
  const database = await kernelDatabase(t)
  const [here, elsewhere] = [
    streamsOf(database, async () => {}),
    streamsOf(database, async () => {}),
  ]
  const id = parts.random.uuidByTime()
  const typesOf = async (streams: typeof here) =>
    (await streams.read(id))?.history.map(({ event }) => event.type)
  const add = (streams: typeof here, type: string) =>
    streams.transact(async (unit) => (await unit.open(id))?.append([{ type }], 'node'))
  await here.transact(async (unit) => {
    await (await unit.create(id, 'case')).append([{ type: 'first' }], 'node')
  })
  const undone = here.transact(async (unit) => {
    await (await unit.open(id))?.append([{ type: 'undone' }], 'node')
    assert.equal((await unit.open(id))?.history.length, 2)
    throw new Error('undone')
  })
  await assert.rejects(undone, /^Error: undone$/)
  await add(elsewhere, 'second')
  await add(here, 'third')
  await add(elsewhere, 'fourth')
  for (const streams of [here, elsewhere, here]) {
    assert.deepEqual(await typesOf(streams), ['first', 'second', 'third', 'fourth'])
  }
})

test('a stored event that is changed is not read any more, however often it was read', async (t) => {
  const database = await kernelDatabase(t)
  const streams = streamsOf(database, async () => {})
  const id = parts.random.uuidByTime()
  await streams.transact(async (unit) => {
    await (await unit.create(id, 'case')).append([{ type: 'first' }, { type: 'more' }], 'node')
  })
  await streams.read(id)
  await sql`alter table event disable trigger user`.execute(database)
  await sql`update event set sealed_envelope =
    set_byte(sealed_envelope, 40, get_byte(sealed_envelope, 40) # 1)
    where stream_id = ${id} and version = 1`.execute(database)
  const read = async () => (await streams.read(id)) && 'read'
  const end = performance.now() + 5000
  while ((await read().catch(({ code }) => code)) === 'read') assert(performance.now() < end)
  await assert.rejects(read(), { code: 'unverified' })
  const open = streams.transact(async (unit) => void (await unit.open(id)))
  await assert.rejects(open, { code: 'unverified' })
})

type Parts = Parameters<typeof postgresStreams>[0]

function streamsOf(database: Parts['database'], project: Parts['project']) {
  const noWork = async () => assert.fail('nothing else is done here')
  return postgresStreams({
    ...{ ...parts, database, units: database, node: 'meridia.example', primitives: nodePrimitives },
    ...{ sign: async () => new Uint8Array(64), project, onCommit: () => {} },
    ...{ enqueue: noWork, withhold: noWork, takeBack: noWork, eraseSent: noWork },
    ...{
      admit: noWork,
      eraseMessages: noWork,
      closeFiling: noWork,
      reseal: noWork,
      writeToReporter: noWork,
      takeFollowUp: noWork,
    },
    ...{ tellContactOpened: noWork, addTask: noWork },
  })
}
