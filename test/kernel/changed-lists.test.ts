/**
 * Only rows that differ are written: whatever happened, and whoever wrote in between, the lists
 * hold what a rebuild from the events gives.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { sql } from 'kysely'
import { nodePrimitives } from '../../src/adapters/node-primitives.ts'
import type { Database } from '../../src/adapters/postgres/database.ts'
import { rebuildProjections } from '../../src/adapters/postgres/projections/rebuild.ts'
import { writeProjection } from '../../src/adapters/postgres/projections/write-projection.ts'
import {
  type PostgresStreams,
  postgresStreams,
} from '../../src/adapters/postgres/streams/streams.ts'
import type { Project, Projection } from '../../src/app/ports/projection.ts'
import type { AnyEvent, StreamKind, Unit } from '../../src/app/ports/streams.ts'
import { projectStream } from '../../src/app/project.ts'
import type { Instant } from '../../src/base/time.ts'
import { todaysEvent } from '../../src/wire/event-versions.ts'
import { archivedVersions, readArchive } from '../../tools/archived-events.ts'
import { kernelDatabase, keys, parts, realClocks } from '../support/kernel-database.ts'
import { randomProjection } from '../support/random-projection.ts'
import { seededRandom } from '../support/seeded-random.ts'

/** The last event says what the lists are to hold. */
const told: Project = (_, history) =>
  (history.at(-1) as unknown as { readonly event: { readonly holds: Projection } }).event.holds

test('after any sequence of changes every list is what a rebuild gives', async (t) => {
  const database = await kernelDatabase(t)
  const random = seededRandom(7)
  const processes = [processOn(database, told), processOn(database, told)]
  const ids = [parts.random.uuidByTime(), parts.random.uuidByTime()]
  const changeOf = (id: string) => () =>
    ({ type: 'told', holds: randomProjection(random, ids.indexOf(id)) }) as AnyEvent
  for (const id of ids) {
    const change = changeOf(id)
    await random.pick(processes).transact(async (unit) => {
      const stream = await unit.create(id, 'case')
      await stream.append([change()], 'node')
      if (random.chance(0.5)) await stream.append([change()], 'node')
    })
  }
  await isAsRebuilt(database, told)
  const filled = new Set<string>()
  for (let step = 0; step < 60; step += 1) {
    const process = random.pick(processes)
    const id = random.pick(ids)
    if (random.chance(0.3)) await process.read(id)
    const change = changeOf(id)
    if (random.chance(0.2)) await assert.rejects(undone(process, id, change), /^Error: undone$/)
    await random.pick(WAYS)(process, database, id, change)
    const lists = await isAsRebuilt(database, told)
    for (const [table, rows] of Object.entries(lists)) if (rows.length > 0) filled.add(table)
  }
  assert.equal(filled.size, 17, 'every list had rows')
})

type Way = (
  process: PostgresStreams,
  database: Database,
  id: string,
  change: () => AnyEvent,
) => Promise<void>

const WAYS: readonly Way[] = [
  (process, _, id, change) => process.transact((unit) => appendTo(unit, id, change())),
  (process, _, id, change) =>
    process.transact(async (unit) => {
      await appendTo(unit, id, change(), change())
      await appendTo(unit, id, change())
    }),
  // The lists are written after each append.
  (process, database, id, change) =>
    database.transaction().execute(async (tx) => {
      const unit = process.unitIn(tx)
      await appendTo(unit, id, change())
      await appendTo(unit, id, change())
    }),
  // A part that is undone, and done again in another way.
  (process, database, id, change) =>
    database.transaction().execute(async (tx) => {
      await sql`savepoint part`.execute(tx)
      await process.together(tx, (unit) => appendTo(unit, id, change()))
      await sql`rollback to savepoint part`.execute(tx)
      await process.together(tx, async (unit) => {
        await appendTo(unit, id, change())
        await appendTo(unit, id, change())
      })
    }),
]

function undone(process: PostgresStreams, id: string, change: () => AnyEvent): Promise<void> {
  return process.transact(async (unit) => {
    await appendTo(unit, id, change())
    throw new Error('undone')
  })
}

async function appendTo(unit: Unit, id: string, ...events: readonly AnyEvent[]): Promise<void> {
  await (await unit.open(id))?.append(events, 'node')
}

for (const version of archivedVersions()) {
  test(`${version}: the story, told in pieces by two processes, gives what a rebuild gives`, async (t) => {
    const database = await kernelDatabase(t)
    const random = seededRandom(11)
    let at: Instant = realClocks.caseNow()
    const clocks = { ...realClocks, caseNow: () => at }
    const processes = [1, 2].map(() => processOn(database, projectStream, clocks))
    const { events } = readArchive(version)
    const own = events.filter(({ envelope }) => envelope.node === 'meridia.example')
    const kinds = new Map(events.map(({ envelope, kind }) => [envelope.stream, kind]))
    let pieces = 0
    for (const [id, history] of Map.groupBy(own, ({ envelope }) => envelope.stream)) {
      for (let from = 0; from < history.length; ) {
        const count = 1 + random.below(4)
        const piece = history.slice(from, from + count).map(({ envelope }) => envelope)
        await random.pick(processes).transact(async (unit) => {
          const stream =
            from === 0 ? await unit.create(id, kinds.get(id) as StreamKind) : await unit.open(id)
          for (const envelope of piece) {
            at = envelope.at as Instant
            await stream?.append([todaysEvent(envelope.event)], envelope.by)
          }
        })
        from += count
        pieces += 1
        if (random.chance(0.1)) await isAsRebuilt(database, projectStream)
      }
    }
    assert.ok(pieces > 20)
    const lists = await isAsRebuilt(database, projectStream)
    assert.ok(lists['p_case']?.length)
  })
}

test('rows that did not change are not written', async (t) => {
  const { database, here, id, hold } = await started(t)
  const decision = (version: number) => ({ ...DECISION, version })
  await here.transact((unit) => appendTo(unit, id, hold({ decisions: [decision(1)] })))
  const before = await writtenBy(database)
  await here.transact(async (unit) => {
    await appendTo(unit, id, hold({ decisions: [] }))
    await appendTo(unit, id, hold({ decisions: [1, 2].map(decision) }))
  })
  const after = await writtenBy(database)
  assert.deepEqual(
    after.map(({ version }) => version),
    [1, 2],
  )
  assert.deepEqual(after[0], before[0])
})

test('what another process wrote in between, or what was undone, is not taken for known', async (t) => {
  const { database, here, id, hold } = await started(t)
  const there = processOn(database, told)
  const versions = async () => (await writtenBy(database)).map(({ version }) => version)
  const holds = (...versions: readonly number[]) =>
    hold({ decisions: versions.map((version) => ({ ...DECISION, version })) })
  await here.transact((unit) => appendTo(unit, id, holds(1, 2)))
  await there.transact((unit) => appendTo(unit, id, holds(3)))
  await here.transact((unit) => appendTo(unit, id, holds(2, 4)))
  assert.deepEqual(await versions(), [2, 4])
  await assert.rejects(
    undone(here, id, () => holds(5)),
    /^Error: undone$/,
  )
  await here.transact((unit) => appendTo(unit, id, holds(5, 6)))
  assert.deepEqual(await versions(), [5, 6])
  await here.transact((unit) => appendTo(unit, id, holds()))
  assert.deepEqual(await versions(), [])
})

test('nothing of an erased case stays, whoever knew its lists', async (t) => {
  const { database, here, id, hold } = await started(t)
  const there = processOn(database, told)
  for (const process of [here, there, here]) {
    await process.transact((unit) => appendTo(unit, id, hold(randomProjection(seededRandom(3)))))
  }
  await there.transact(async (unit) => {
    await appendTo(unit, id, hold({ decisions: [DECISION] }))
    await unit.eraseCase(id, [])
  })
  assert.equal(await here.transact((unit) => unit.open(id)), undefined)
  for (const rows of Object.values(await dumpOf(database))) assert.deepEqual(rows, [])
})

const DECISION: Projection['decisions'][number] = {
  ...{ version: 1, act: 'release', decision: 'permit', why: null, rules: ['r'] },
  decidedAt: realClocks.caseNow(),
}

/** A case whose lists are known to a process, and empty. */
async function started(t: TestContext) {
  const database = await kernelDatabase(t)
  const here = processOn(database, told)
  const id = parts.random.uuidByTime()
  const nothing = projectStream('authority', [])
  const hold = (some: Partial<Projection>) =>
    ({ type: 'told', holds: { ...nothing, ...some } }) as AnyEvent
  await here.transact(async (unit) => {
    await (await unit.create(id, 'case')).append([hold({})], 'node')
  })
  return { database, here, id, hold }
}

/** Which transaction wrote each decision. */
async function writtenBy(database: Database) {
  const { rows } = await sql<{ version: number; by: string }>`
    select version, xmin::text as by from p_decision order by version`.execute(database)
  return rows
}

async function isAsRebuilt(database: Database, project: Project) {
  const lists = await dumpOf(database)
  await rebuildProjections(database, keys, project)
  assert.deepEqual(lists, await dumpOf(database))
  return lists
}

async function dumpOf(database: Database): Promise<Readonly<Record<string, readonly string[]>>> {
  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables
    where schemaname = 'public' and tablename like 'p\_%' order by 1`.execute(database)
  const entries = tables.map(async ({ name }) => {
    const { rows } = await sql<{ line: string }>`
      select dumped::text as line from ${sql.table(name)} dumped order by 1`.execute(database)
    return [name, rows.map(({ line }) => line)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** Streams as one process of a node has them, with a memory of its own. */
function processOn(database: Database, project: Project, clocks = realClocks): PostgresStreams {
  const noWork = async () => assert.fail('nothing else is done here')
  return postgresStreams({
    ...{ ...parts, database, units: database, node: 'meridia.example', primitives: nodePrimitives },
    clocks,
    sign: async () => new Uint8Array(64),
    project: (tx, stream) => writeProjection(tx, stream, project),
    onCommit: () => {},
    eraseMessages: async () => {},
    ...{ enqueue: noWork, withhold: noWork, takeBack: noWork, eraseSent: noWork },
    ...{ admit: noWork, closeFiling: noWork, reseal: noWork, writeToReporter: noWork },
    ...{ takeFollowUp: noWork, tellContactOpened: noWork, addTask: noWork },
  })
}
