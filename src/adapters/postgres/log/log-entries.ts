/** The numbered entries of the log, read from the database many at a time. */
import { sql } from 'kysely'
import { HASH_SIZE } from '../../../proof/tree-hash.ts'
import type { Database } from '../database.ts'
import { MustFreeze } from './stop-signals.ts'

export type EntryRow = { readonly entry: Uint8Array; readonly leafHash: Uint8Array }

/** The entries from `start` to `end - 1`. @throws MustFreeze if one is missing */
export async function readEntries(
  database: Database,
  start: number,
  end: number,
): Promise<EntryRow[]> {
  // In one row: thousands of small ones cost more than what they hold.
  const joined: JoinedEntries = await rowsBetween(database, start, end)
    .select([
      sql<number>`count(*)::int`.as('count'),
      sql<string | null>`min(seq)::text`.as('first'),
      sql<string | null>`max(seq)::text`.as('last'),
      sql<number[] | null>`array_agg(octet_length(entry) order by seq)`.as('sizes'),
      sql<Uint8Array | null>`string_agg(entry, ''::bytea order by seq)`.as('entries'),
      sql<Uint8Array | null>`string_agg(leaf_hash, ''::bytea order by seq)`.as('leaf_hashes'),
    ])
    .executeTakeFirstOrThrow()
  const isGapFree =
    joined.count === end - start &&
    (start === end || (joined.first === String(start) && joined.last === String(end - 1)))
  if (!isGapFree) throw new MustFreeze(`entries between ${start} and ${end} are missing`)
  return cutEntries(joined)
}

/**
 * The leaf hashes of the same entries, computed by the database itself from its rows.
 *
 * @throws MustFreeze if an entry is missing
 */
export async function hashedByDatabase(
  database: Database,
  start: number,
  end: number,
): Promise<Uint8Array[]> {
  const { count, hashes } = await rowsBetween(database, start, end)
    .select([
      sql<number>`count(*)::int`.as('count'),
      sql<Uint8Array | null>`string_agg(sha256('\\x00'::bytea || entry), ''::bytea order by seq)`.as(
        'hashes',
      ),
    ])
    .executeTakeFirstOrThrow()
  if (count !== end - start) throw new MustFreeze(`entries between ${start} and ${end} are missing`)
  return hashes === null ? [] : cutHashes(hashes, count)
}

/** By the builder, because a closed log has its tables in a schema of its own. */
function rowsBetween(database: Database, start: number, end: number) {
  return database
    .selectFrom('log_entry')
    .where('seq', '>=', String(start))
    .where('seq', '<', String(end))
}

type JoinedEntries = {
  readonly count: number
  readonly first: string | null
  readonly last: string | null
  readonly sizes: readonly number[] | null
  readonly entries: Uint8Array | null
  readonly leaf_hashes: Uint8Array | null
}

function cutEntries({ sizes, entries, leaf_hashes }: JoinedEntries): EntryRow[] {
  if (sizes === null || entries === null || leaf_hashes === null) return []
  const bytes = new Uint8Array(entries)
  const hashes = cutHashes(leaf_hashes, sizes.length)
  let from = 0
  return sizes.map((size, index) => {
    const entry = bytes.subarray(from, from + size)
    from += size
    return { entry, leafHash: hashes[index] as Uint8Array }
  })
}

function cutHashes(joined: Uint8Array, count: number): Uint8Array[] {
  const bytes = new Uint8Array(joined)
  const hashAt = (index: number) => bytes.subarray(index * HASH_SIZE, (index + 1) * HASH_SIZE)
  return Array.from({ length: count }, (_, index) => hashAt(index))
}
