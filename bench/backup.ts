/**
 * How long a backup of 10,000 cases takes, how much memory, and how long it takes to
 * check it. The rows are made by SQL, not by acts: 30 events a case of 900 bytes, a log
 * entry for each, four messages a case of 2 KB. What they hold is random, as sealed
 * columns are.
 */
import { join } from 'node:path'
import pg from 'pg'
import { verifyBackup } from '../src/adapters/backup/verify-backup.ts'
import { writeBackup } from '../src/adapters/backup/write-backup.ts'
import { openFileKeys } from '../src/adapters/keys/file-keys.ts'
import type { ManagedPostgres } from '../src/adapters/managed-postgres/managed-postgres.ts'
import { migrate, openDatabase } from '../src/adapters/postgres/database.ts'
import { instantFromMs } from '../src/base/time.ts'
import type { DataFolder } from '../src/node/data-folder.ts'
import { atMost, type Measured, megabytes, milliseconds } from './measured.ts'

export const CASES = 10_000
const GOAL_S = 60
const NODE = 'bench.example'
/** Bytes that do not repeat: what follows is cut from one random block. */
const SEALED = (bytes: number) =>
  `substring(block from (i * 31 % 900000 + 1)::integer for ${bytes})`

export async function measureBackup(
  server: ManagedPostgres,
  data: DataFolder,
): Promise<readonly Measured[]> {
  const url = await server.createDatabase('comity_bench')
  const database = openDatabase(url, 1)
  await migrate(database)
  await database.destroy()
  await fill(url, ['cases', 'log', 'messages'])
  const folder = data.nodeFolder(NODE)
  const keys = await openFileKeys(join(folder, 'keys'), NODE)
  const out = join(data.folder, 'backup')
  let peakBytes = 0
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
  }, 20)
  const startedMs = performance.now()
  const { bytes } = await writeBackup({
    node: NODE,
    databaseUrl: url,
    folder,
    out,
    software: 'bench',
    now: instantFromMs(Date.now()),
    signer: { keyId: keys.messageKeyId, sign: keys.signMessage },
    messagePublicKey: keys.messagePublicKey,
    columnKey: await keys.columnKey(),
  })
  const writtenMs = performance.now() - startedMs
  await verifyBackup(out)
  const verifiedMs = performance.now() - startedMs - writtenMs
  clearInterval(watch)
  return [
    {
      what: `backup of ${CASES.toLocaleString('en')} cases with 30 events each`,
      figure: `${milliseconds(writtenMs)}, ${megabytes(bytes)}`,
      goal: atMost(GOAL_S, writtenMs / 1000, 's'),
      beside: `${Math.round(bytes / 1000 / writtenMs)} MB a second`,
    },
    { what: 'checking every byte of that backup', figure: milliseconds(verifiedMs) },
    { what: 'memory while it is made and checked, at most', figure: megabytes(peakBytes) },
  ]
}

const ROWS = {
  cases: [
    `insert into stream (id, kind, version, wrapped_key)
    select lpad(to_hex(i), 32, '0')::uuid, 'case', 30, ${SEALED(60)}
    from generate_series(1, ${CASES}) i, source`,
    `insert into event (stream_id, version, at, by, sealed_envelope, salt, signature, log_id)
    select lpad(to_hex(i / 30 + 1), 32, '0')::uuid, i % 30 + 1, now(),
      'a0000000-0000-4000-8000-000000000001', ${SEALED(900)}, ${SEALED(32)}, ${SEALED(64)},
      gen_random_uuid()
    from generate_series(0, ${CASES} * 30 - 1) i, source`,
  ],
  log: [
    `insert into log_entry (seq, pending_id, entry, leaf_hash, accepted_at)
    select i, gen_random_uuid(), ${SEALED(130)}, ${SEALED(32)}, now()
    from generate_series(0, ${CASES} * 30 - 1) i, source`,
  ],
  messages: [
    `insert into fed_out (destination, epoch, seq, link, id, object_id, header,
      signature, sealed_content)
    select 'peer.example', 1, i + 1, encode(${SEALED(32)}, 'hex'), gen_random_uuid(), 'x',
      encode(${SEALED(350)}, 'hex'), encode(${SEALED(80)}, 'hex'), ${SEALED(2000)}
    from generate_series(0, ${CASES} * 4 - 1) i, source`,
  ],
} as const

/** Into a database that has its tables. */
export async function fill(url: string, kinds: readonly (keyof typeof ROWS)[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`create temporary table source as select string_agg(
      sha512((i::text)::bytea), ''::bytea) as block from generate_series(1, 15700) i`)
    for (const statement of kinds.flatMap((kind) => ROWS[kind])) await client.query(statement)
    await client.query('analyze')
  } finally {
    await client.end()
  }
}
