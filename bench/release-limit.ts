/**
 * What this machine reaches if a decided release is nothing but what the specification and
 * the rules of the house make of it: no HTTP, no decision, no reading, no lists. Its events
 * signed and sealed, the message signed, verified and receipted, the receipt verified, and
 * the rows of both sides in three durable transactions. One process plays both nodes, so
 * that the database has the other core.
 */
import { createCipheriv, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import { Client } from 'pg'
import type { Measured } from './measured.ts'

const CLIENTS = 16
const SECONDS = 5
/** Of an event or a message, as JSON. */
const BYTES = 1200

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const text = Buffer.alloc(BYTES, 'x')
const key = randomBytes(32)

type Table = 'bench_event' | 'bench_entry' | 'bench_message'
const TABLES: readonly Table[] = ['bench_event', 'bench_entry', 'bench_message']
type Rows = Readonly<Record<Table, number>>

/**
 * @param url of a database in which nothing else lives
 * @param together how many releases share their transactions
 */
export async function measureLeastRelease(url: string, together: number): Promise<Measured> {
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => connected(url)))
  const [first] = clients
  try {
    for (const table of TABLES) {
      await first?.query(
        `create table ${table} (id uuid primary key, sealed bytea, signature bytea)`,
      )
    }
    const started = performance.now()
    const until = started + SECONDS * 1000
    let count = 0
    const one = async (client: Client) => {
      while (performance.now() < until) {
        await leastReleases(client, together)
        count += together
      }
    }
    await Promise.all(clients.map(one))
    const perSecond = (count * 1000) / (performance.now() - started)
    const how = together === 1 ? 'each by itself' : `${together} in one transaction`
    return {
      what: `nothing but the signatures, seals and rows of such a release, ${how}, one process for both nodes`,
      figure: `${Math.round(perSecond)}/s`,
      beside: 'the most that releases could reach here, decided by nobody and read by nobody',
    }
  } finally {
    await first?.query(`drop table if exists ${TABLES.join(', ')}`)
    await Promise.all(clients.map((client) => client.end()))
  }
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

async function leastReleases(client: Client, count: number): Promise<void> {
  // The sender decides: rights test, decision, sending, each with its log entry; the message.
  await commit(client, { bench_event: 3, bench_entry: 3, bench_message: 1 }, count)
  passOn(count)
  // The recipient keeps the message, and records it and its receipt with their log entries.
  await commit(client, { bench_event: 1, bench_entry: 2, bench_message: 1 }, count)
  passOn(count)
  // The sender records the receipt.
  await commit(client, { bench_event: 1, bench_entry: 2, bench_message: 0 }, count)
}

/** A message or a receipt: signed by the one, verified by the other. */
function passOn(count: number): void {
  for (let n = 0; n < count; n += 1) {
    const signature = sign(null, text, privateKey)
    if (!verify(null, text, publicKey, signature)) throw new Error('it does not verify')
  }
}

/** One statement with all rows: one round trip, one commit. */
async function commit(client: Client, rows: Rows, count: number): Promise<void> {
  const inserts = TABLES.map(
    (table, at) =>
      `i${at} as (insert into ${table} select gen_random_uuid(), * from unnest($${2 * at + 1}::bytea[], $${2 * at + 2}::bytea[]))`,
  )
  const values = TABLES.flatMap((table) => {
    const each = Array.from({ length: rows[table] * count }, () => rowOf(table))
    return [each.map(([bytes]) => bytes), each.map(([, signature]) => signature)]
  })
  await client.query({ name: 'least', text: `with ${inserts.join(', ')} select 1`, values })
}

/** Events are sealed and signed; a log entry is a commitment of some 200 bytes. */
function rowOf(table: Table): readonly [Buffer, Buffer | null] {
  if (table === 'bench_entry') return [text.subarray(0, 200), null]
  return [sealed(), table === 'bench_event' ? sign(null, text, privateKey) : null]
}

function sealed(): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, randomBytes(12))
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

if (import.meta.main) {
  const { startManagedPostgres } = await import(
    '../src/adapters/managed-postgres/managed-postgres.ts'
  )
  const { openTemporaryDataFolder, resetData } = await import('../src/node/data-folder.ts')
  const data = openTemporaryDataFolder()
  const server = await startManagedPostgres({
    dataFolder: data.postgresFolder(),
    cacheFolder: data.cacheFolder(),
  })
  for (const together of [1, 50]) {
    console.log(await measureLeastRelease(server.url('postgres'), together))
  }
  await server.stop()
  await resetData(data.folder)
}
