/**
 * Rotation of the column key: what is sealed under a former node key is sealed under
 * the current one. Only the small things: keys of streams and persons, and what
 * belongs to no case. Events stay as they are, under their stream's key.
 *
 * Rows are read in bounded batches and written one by one, each by compare-and-set.
 * A kill at any moment leaves every row under one of the two keys; the next run goes
 * on. The old key is done with when a whole pass has found nothing under it.
 *
 * It does not help against somebody who had both the old key and the database: the
 * streams' own keys stay the same.
 */
import { sql } from 'kysely'
import { malformed } from '../../../base/errors.ts'
import type { AtRest } from '../../keys/at-rest.ts'
import type { Database } from '../database.ts'
import {
  type KeyColumn,
  NODE_SEALED,
  type NodeSealed,
  SEALED_UNDER_OTHER_KEYS,
} from './node-sealed.ts'

const BATCH = 200
const COLUMN_KEY_IN_USE = 'column-key-in-use'

export type Resealing = { readonly seen: number; readonly resealed: number }

/** One pass over everything. What a business transaction writes meanwhile is under the current key. */
export async function resealColumns(
  database: Database,
  atRest: AtRest,
  stopped: () => boolean = () => false,
): Promise<Resealing> {
  const total = { seen: 0, resealed: 0 }
  for (const place of NODE_SEALED) {
    let after: readonly string[] | undefined
    do {
      if (stopped()) return total
      const rows = await readBatch(database, place, after)
      after = rows.length < BATCH ? undefined : rows.at(-1)?.key
      for (const { key, sealed } of rows) {
        const fresh = atRest.resealed(place.context(key), sealed)
        total.seen += 1
        if (fresh && (await replace(database, place, key, { sealed, fresh }))) total.resealed += 1
      }
    } while (after !== undefined)
  }
  return total
}

/**
 * How many columns do not open with the current key alone. Columns that nobody knows
 * how to open count for each row that they have.
 */
export async function countUnderFormerKeys(database: Database, current: AtRest): Promise<number> {
  let count = await countUnknown(database)
  for (const place of NODE_SEALED) {
    let after: readonly string[] | undefined
    do {
      const rows = await readBatch(database, place, after)
      after = rows.length < BATCH ? undefined : rows.at(-1)?.key
      count += rows.filter(({ key, sealed }) => !opens(current, place.context(key), sealed)).length
    } while (after !== undefined)
  }
  return count
}

async function countUnknown(database: Database): Promise<number> {
  const known = new Set([
    ...NODE_SEALED.map(({ table, column }) => `${table}.${column}`),
    ...SEALED_UNDER_OTHER_KEYS,
  ])
  let count = 0
  for (const { table, column } of await sealedColumns(database)) {
    if (known.has(`${table}.${column}`)) continue
    const { rows } = await sql<{ rows: number }>`
      select count(*)::integer as rows from ${sql.table(table)}
      where octet_length(${sql.ref(column)}) > 0
    `.execute(database)
    count += rows[0]?.rows ?? 0
  }
  return count
}

/** By their names: columns that are sealed say so. */
export async function sealedColumns(
  database: Database,
): Promise<readonly { readonly table: string; readonly column: string }[]> {
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = current_schema() and data_type = 'bytea'
      and (column_name like 'sealed\\_%' or column_name like 'wrapped\\_%')
  `.execute(database)
  return rows
}

function opens(atRest: AtRest, context: string, sealed: Uint8Array): boolean {
  try {
    return atRest.resealed(context, sealed) === undefined
  } catch {
    return false
  }
}

type Row = { readonly key: readonly string[]; readonly sealed: Uint8Array }

/** What was emptied, such as the key of an officer who left, has nothing to move. */
async function readBatch(
  database: Database,
  { table, key, column }: NodeSealed,
  after: readonly string[] | undefined,
): Promise<readonly Row[]> {
  const names = sql.join(key.map(({ name }) => sql.ref(name)))
  const texts = sql.join(key.map(({ name }) => sql`${sql.ref(name)}::text`))
  const past = after === undefined ? sql`true` : sql`(${names}) > (${valuesOf(key, after)})`
  const { rows } = await sql<Row>`
    select array[${texts}] as key, ${sql.ref(column)} as sealed from ${sql.table(table)}
    where octet_length(${sql.ref(column)}) > 0 and ${past}
    order by ${names} limit ${sql.lit(BATCH)}
  `.execute(database)
  return rows
}

/** False if the row has changed or gone meanwhile: then it is current, or needs nothing. */
async function replace(
  database: Database,
  { table, key, column }: NodeSealed,
  values: readonly string[],
  { sealed, fresh }: { readonly sealed: Uint8Array; readonly fresh: Uint8Array },
): Promise<boolean> {
  const names = sql.join(key.map(({ name }) => sql.ref(name)))
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} set ${sql.ref(column)} = ${fresh}
    where (${names}) = (${valuesOf(key, values)}) and ${sql.ref(column)} = ${sealed}
  `.execute(database)
  return Number(numAffectedRows) > 0
}

const valuesOf = (key: readonly KeyColumn[], values: readonly string[]) =>
  sql.join(key.map(({ type }, index) => sql`cast(${values[index]} as ${sql.raw(type)})`))

/** Written by each start, so that an old key is not destroyed under a process that still seals with it. */
export async function recordColumnKeyInUse(database: Database, check: string): Promise<void> {
  await database
    .insertInto('node_setting')
    .values({ key: COLUMN_KEY_IN_USE, value: JSON.stringify(check) })
    .onConflict((on) => on.column('key').doUpdateSet({ value: JSON.stringify(check) }))
    .execute()
}

/** @throws ComityError `malformed` if the node was last started with another key */
export async function requireColumnKeyInUse(database: Database, check: string): Promise<void> {
  const row = await database
    .selectFrom('node_setting')
    .select('value')
    .where('key', '=', COLUMN_KEY_IN_USE)
    .executeTakeFirst()
  if (row?.value === check) return
  throw malformed('the node was last started with the old column key: start it again first', {
    reason: 'column-key-in-use',
  })
}
