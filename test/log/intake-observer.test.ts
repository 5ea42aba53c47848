/**
 * An observer of the log, played: hours without reports and hours with them, a rush among
 * them, look exactly the same; and each way in which they once could have been told apart is
 * seen by this very observer.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { ENTRIES, LEAVES, TAGS } from '../../src/adapters/postgres/intake/batches.ts'
import { postgresFilings } from '../../src/adapters/postgres/intake/filings.ts'
import { addPending } from '../../src/adapters/postgres/log/pending.ts'
import type { FilingProof } from '../../src/app/ports/filings.ts'
import { addMs, HOUR_MS, type Instant, instant, MINUTE_MS } from '../../src/base/time.ts'
import { logEntry } from '../../src/wire/event-commitment.ts'
import { keys, parts, realClocks } from '../support/kernel-database.ts'
import { type LogNode, withLogNode } from '../support/log-node.ts'
import { differences, logObserver, type Watched } from '../support/log-observer.ts'
import { newFiling } from '../support/new-filing.ts'
import { seededRandom } from '../support/seeded-random.ts'

const START = instant('2027-03-01T06:00:00.000Z')
const { uuid, bytes } = parts.random
/** Reports in each hour, and how many of those that wait an officer admits. */
const QUIET = [[], [], [], [], [], []] as const
const BUSY = [[1], [], [0, 1], [45, 40], [2, 3], [0, 6]] as const

type Plan = readonly (readonly number[])[]
/** How a node that leaks would do it. */
type Leak = {
  afterFiling?(world: World): Promise<void>
  beforeBatch?(world: World): Promise<boolean>
  afterBatch?(world: World): Promise<void>
  actIsReady?: boolean
  proofOf?(proof: FilingProof, filed: number): FilingProof
}

type World = {
  readonly node: LogNode
  readonly filings: ReturnType<typeof postgresFilings>
  /** Log ids of acts of officers, as only the node knows them. */
  readonly acts: string[]
  now: Instant
}

/** Reports come and are worked on at odd minutes; the batch closes at half past. */
async function run(plan: Plan, leak: Leak = {}): Promise<Watched> {
  let watched: Watched | undefined
  await withLogNode(async (node) => {
    const sequencer = await node.start({ intervalMs: 2 ** 30 })
    const world: World = { node, filings: filingsOf(node, () => world.now), acts: [], now: START }
    const observer = logObserver(node)
    const random = seededRandom(7)
    const look = async (minute: number) => {
      await sequencer.flush()
      await observer.look(minute)
    }
    for (const [hour, [arriving = 0, admitted = 0]] of plan.entries()) {
      const start = addMs(START, hour * HOUR_MS)
      const other = newFiling()
      assert.ok(await world.filings.add(other))
      for (let count = 0; count < arriving; count++) {
        world.now = addMs(start, random.below(29) * MINUTE_MS)
        assert.ok(await world.filings.add(newFiling()))
        await leak.afterFiling?.(world)
      }
      await admitSome(world, other.id, admitted, leak.actIsReady ?? false)
      await look(hour * 60 + 29)
      world.now = addMs(start, HOUR_MS / 2)
      if ((await leak.beforeBatch?.(world)) ?? true) await world.filings.closeBatch()
      await leak.afterBatch?.(world)
      await look(hour * 60 + 30)
      const proof = await world.filings.proofOf(other.id)
      if (proof) observer.receipt(leak.proofOf?.(proof, arriving) ?? proof)
    }
    watched = await observer.watched()
  })
  assert.ok(watched)
  return watched
}

function filingsOf({ database }: LogNode, now: () => Instant) {
  const clocks = { ...realClocks, wireNow: now }
  return postgresFilings({ ...parts, clocks, database, onBatch() {} })
}

/** Three events and a tag for each, as an admission makes. */
async function admitSome(world: World, keep: string, count: number, ready: boolean) {
  const { node, filings, acts, now } = world
  const waiting = (await filings.waiting()).filter(({ id }) => id !== keep)
  for (const { id } of waiting.slice(0, count)) {
    await node.database.transaction().execute(async (tx) => {
      const stream = { id: uuid(), kind: 'case' as const, wrapped_key: keys.newKey() }
      await tx.insertInto('stream').values(stream).execute()
      await filings.admit(tx, id, stream.id)
      for (let event = 0; event < 3; event++) {
        const logId = uuid()
        acts.push(logId)
        const entry = logEntry(bytes(32), { tag: bytes(16), wireNow: now })
        await addPending(tx, { id: logId, batch: 'intake', ready, entry, at: now })
      }
    })
  }
}

test('hours with reports and hours without cannot be told apart', async () => {
  const quiet = await run(QUIET)
  const busy = await run(BUSY)
  assert.deepEqual(differences(quiet, busy), [])
  assert.equal(quiet.entries.length, QUIET.length * (1 + ENTRIES))
  assert.equal(busy.receipts.length, BUSY.length)
  for (const { treeSize } of busy.receipts) assert.equal(treeSize, LEAVES)
})

test('the observer has seen what there was to see: all acts and tags of the busy hours', async () => {
  const acts: string[] = []
  const busy = await run(BUSY, { afterBatch: async (world) => void acts.push(...world.acts) })
  // 50 admissions at three events each are more than six batches take: the rest waits.
  assert.equal(new Set(acts).size, 150)
  assert.equal(busy.entries.length, BUSY.length * (1 + ENTRIES))
  assert.ok(50 > TAGS)
})

const withoutFiller = async ({ node, acts }: World) => {
  const filler = node.database.deleteFrom('log_pending').where('batch', '=', 'intake')
  await (acts.length > 0 ? filler.where('id', 'not in', acts) : filler)
    .where('id', 'not in', node.database.selectFrom('intake_batch').select('log_id'))
    .execute()
}

/** As it was: filled up to steps of eight, so that a rush shows. */
const inSteps = async (world: World) => {
  const { node, acts, now } = world
  const ready = node.database.selectFrom('log_pending').select('id').where('ready', '=', true)
  const own = acts.length > 0 ? await ready.where('id', 'in', acts).execute() : []
  await withoutFiller(world)
  await node.database.transaction().execute(async (tx) => {
    for (
      let filler = Math.max(1, Math.ceil(own.length / 8)) * 8 - own.length;
      filler > 0;
      filler--
    ) {
      const entry = logEntry(bytes(32), { tag: bytes(16), wireNow: now })
      await addPending(tx, { id: uuid(), batch: 'intake', ready: true, entry, at: now })
    }
  })
}

const LEAKS: Readonly<Record<string, Leak>> = {
  'fillers are left out': { afterBatch: withoutFiller },
  'the size of a batch follows the acts': { afterBatch: inSteps },
  'a batch closes when a report comes': { afterFiling: ({ filings }) => filings.closeBatch() },
  'a batch waits for a report': {
    beforeBatch: async ({ filings }) => (await filings.waiting()).length > 1,
  },
  'acts go to the log at once': { actIsReady: true },
  'the tree of a batch follows the reports': {
    proofOf: (proof, filed) => ({ ...proof, treeSize: Math.ceil((filed + 1) / 16) * 16 }),
  },
}

for (const [how, leak] of Object.entries(LEAKS)) {
  test(`the observer can tell if ${how}`, async (t: TestContext) => {
    const [quiet, busy] = [await run(QUIET, leak), await run(BUSY, leak)]
    const found = differences(quiet, busy)
    t.diagnostic(found.join('; '))
    assert.notDeepEqual(found, [])
  })
}
