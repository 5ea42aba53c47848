/**
 * Grows a log of its own, in a process of its own, so that its memory and processor time
 * are those of the log alone: entries are accepted in bulk, then taken in by the sequencer
 * that every node has. At each size: how fast, how long a start takes, how long proofs take;
 * at the end all of it is verified from its public files.
 *
 * Arguments: the URL of an empty database, a folder, sizes. Writes a `Grown` as JSON.
 */
import { sql } from 'kysely'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../../src/adapters/node-primitives.ts'
import { migrate, openDatabase } from '../../src/adapters/postgres/database.ts'
import { addPendingAll, type PendingEntry } from '../../src/adapters/postgres/log/pending.ts'
import { logReceipts } from '../../src/adapters/postgres/log/receipts.ts'
import { startSequencer } from '../../src/adapters/postgres/log/sequencer.ts'
import { inclusionFromTiles, openTiles } from '../../src/adapters/postgres/log/tile-reader.ts'
import { systemRandom as random } from '../../src/adapters/random.ts'
import { utf8 } from '../../src/base/bytes.ts'
import { type Instant, instantFromMs } from '../../src/base/time.ts'
import { logFolder } from '../../src/cli/log-folder.ts'
import { parsePolicy } from '../../src/proof/policy.ts'
import { formatVkey, KEY_TYPE, noteKey } from '../../src/proof/vkey.ts'
import { logEntry } from '../../src/wire/event-commitment.ts'
import { verifyLogFolder } from '../../src/wire/verify-log.ts'

export type Grown = { readonly stages: readonly Stage[]; readonly verified: Spent }

export type Spent = {
  readonly entries: number
  readonly ms: number
  /** Of this process alone, the database not included. */
  readonly processorMs: number
}

export type Stage = {
  readonly size: number
  /** Made, hashed and kept in the database, durably. */
  readonly accepted: Spent
  /** From waiting to a published checkpoint. */
  readonly signed: Spent
  readonly startMs: number
  /** The first proof of an entry in a node that was asked for others, and the same again. */
  readonly coldMs: readonly number[]
  readonly warmMs: readonly number[]
  /** With what the database is asked for a receipt. */
  readonly receiptMs: readonly number[]
  readonly residentBytes: number
  readonly peakBytes: number
  readonly databaseBytes: number
}

const TOGETHER = 4096
const PROOFS = 1000
/** As in a node that has been asked before: the program is warm, and so are the upper tiles. */
const PROOFS_BEFORE = 50
const RECEIPTS = 300
const ORIGIN = 'bench.example/ledger'

const [url = '', directory = '', ...sizes] = process.argv.slice(2)
const seed = new Uint8Array(32).fill(7)
const key = noteKey(nodePrimitives, ORIGIN, KEY_TYPE.ed25519, publicKeyOf(seed))
const policy = parsePolicy(nodePrimitives, utf8(`log ${formatVkey(key)}\nquorum none\n`))
const database = openDatabase(url, 4)
const wireNow = (): Instant => instantFromMs(Date.now())

await migrate(database)
const stages: Stage[] = []
const someIds: string[] = []
let size = 0
for (const target of sizes.map(Number)) stages.push(await growTo(target))
const verified = await spent(size, verifyAll)
await database.destroy()
process.stdout.write(JSON.stringify({ stages, verified } satisfies Grown))

async function growTo(target: number): Promise<Stage> {
  const added = target - size
  const accepted = await spent(added, () => accept(added))
  size = target
  const sequencer = await start()
  const signed = await spent(added, async () => {
    while ((await publishedSize()) < target) await sequencer.flush()
  })
  await sequencer.stop()
  const residentBytes = process.memoryUsage().rss
  const peakBytes = process.resourceUsage().maxRSS * 1024
  const startMs = await timed(async () => (await start()).stop())
  const { coldMs, warmMs } = await proofs()
  const receiptMs = await receipts()
  const databaseBytes = await databaseSize()
  const memory = { residentBytes, peakBytes, databaseBytes }
  return { size, accepted, signed, startMs, coldMs, warmMs, receiptMs, ...memory }
}

async function accept(count: number): Promise<void> {
  for (let left = count; left > 0; left -= TOGETHER) {
    const at = wireNow()
    const entries = Array.from({ length: Math.min(TOGETHER, left) }, () => newEntry(at))
    someIds.push(...entries.slice(0, 4).map(({ id }) => id))
    await database.transaction().execute((tx) => addPendingAll(tx, entries))
  }
}

function newEntry(at: Instant): PendingEntry {
  const entry = logEntry(random.bytes(32), { tag: random.bytes(16), wireNow: at })
  return { id: random.uuid(), batch: 'ordinary', ready: true, entry, at }
}

function start() {
  return startSequencer({
    database,
    directory,
    origin: ORIGIN,
    signer: { key, sign: async (message) => signEd25519(seed, message) },
    primitives: nodePrimitives,
    witnesses: [],
    wireNow,
    onError: (kind, error) => {
      process.stderr.write(`${kind}: ${error.message}\n`)
      if (kind !== 'warning') process.exit(1)
    },
  })
}

async function proofs() {
  const tiles = openTiles(nodePrimitives, directory)
  const anyIndex = () => Math.floor(Math.random() * size)
  for (let n = 0; n < PROOFS_BEFORE; n++) await inclusionFromTiles(tiles, anyIndex(), size)
  const coldMs: number[] = []
  const warmMs: number[] = []
  for (let n = 0; n < PROOFS; n++) {
    const index = anyIndex()
    coldMs.push(await timed(() => inclusionFromTiles(tiles, index, size)))
    warmMs.push(await timed(() => inclusionFromTiles(tiles, index, size)))
  }
  return { coldMs, warmMs }
}

async function receipts(): Promise<number[]> {
  const { of } = logReceipts({
    database,
    directory,
    primitives: nodePrimitives,
    policy,
    wireNow,
  })
  const laps: number[] = []
  for (let n = 0; n < RECEIPTS; n++) {
    const id = someIds[Math.floor(Math.random() * someIds.length)] ?? ''
    laps.push(
      await timed(async () => {
        const { state } = (await of(id)) ?? {}
        if (state !== 'sealed') throw new Error(`an entry is ${state}`)
      }),
    )
  }
  return laps
}

/** As `comity verify` verifies a folder. */
async function verifyAll(): Promise<void> {
  const { verdict, checks } = await verifyLogFolder(nodePrimitives, logFolder(directory), {
    policy,
  })
  if (verdict !== 'verified') throw new Error(`${verdict}: ${JSON.stringify(checks)}`)
}

async function publishedSize(): Promise<number> {
  const row = await database.selectFrom('log_head').select('published_size').executeTakeFirst()
  return Number(row?.published_size)
}

async function databaseSize(): Promise<number> {
  const { rows } = await sql<{ size: string }>`
    select pg_database_size(current_database()) as size`.execute(database)
  return Number(rows[0]?.size)
}

async function spent(entries: number, work: () => Promise<unknown>): Promise<Spent> {
  const before = process.cpuUsage()
  const ms = await timed(work)
  const { user, system } = process.cpuUsage(before)
  return { entries, ms, processorMs: (user + system) / 1000 }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
