/**
 * Brings the lists of one stream to what its history says, in the transaction that changed it.
 * Where it is known which rows the lists hold, only those that differ are written: a case with
 * many releases has hundreds of rows, and an act changes a few. Where it is not, all of them
 * are written anew.
 */
import { sql, type Transaction } from 'kysely'
import type { Project } from '../../../app/ports/projection.ts'
import { invariant } from '../../../base/errors.ts'
import type { Schema } from '../database.ts'
import { sendAhead } from '../pipeline.ts'
import type { ProjectedStream } from '../streams/streams.ts'
import { type List, type ListTable, listsOf } from './list-rows.ts'

/** What the lists hold of a stream: what each row follows from, by its key; both as JSON. */
export type WrittenLists = ReadonlyMap<ListTable, ReadonlyMap<string, string>>

/** Of a stream that was made just now. */
export const noLists: WrittenLists = new Map()

/** Nothing that is derived from a stream stays: all tables, in one round trip (migration 0078). */
export async function clearProjection(tx: Transaction<Schema>, streamId: string): Promise<void> {
  await sendAhead(tx, sql`select clear_projection(${streamId})`.compile(tx))
}

/** @returns what the lists hold once the transaction is committed */
export async function writeProjection(
  tx: Transaction<Schema>,
  stream: ProjectedStream,
  project: Project,
): Promise<WrittenLists> {
  if (!stream.before) await clearProjection(tx, stream.id)
  const before = stream.before ?? noLists
  const lists = listsOf(stream, project(stream.kind, stream.history))
  const after = new Map(lists.map((list) => [list.table, textsOf(list)]))
  const changes = lists.flatMap((list) => {
    const [was, is] = [before.get(list.table), after.get(list.table)]
    return [...removal(tx, stream.id, list, was, is), ...entries(tx, stream.id, list, was)]
  })
  if (changes.length > 0) await sendAhead(tx, together(changes).compile(tx))
  return after
}

type Texts = ReadonlyMap<string, string>

const textOf = (value: unknown) => JSON.stringify(value)

function textsOf({ table, rows }: List): Texts {
  const texts = new Map(rows.map(({ key, from }) => [textOf(key), textOf(from)]))
  invariant(texts.size === rows.length, `the rows of a stream in ${table} have keys of their own`)
  return texts
}

type Statement = ReturnType<typeof sql>

function removal(
  tx: Transaction<Schema>,
  stream_id: string,
  { table }: List,
  was: Texts = new Map(),
  is: Texts = new Map(),
): readonly Statement[] {
  const gone = [...was.keys()].filter((key) => !is.has(key))
  if (gone.length === 0) return []
  const keys = gone.map((key) => ({ stream_id, ...JSON.parse(key) }))
  const rows = tx.deleteFrom(table).where((is) => is.or(keys.map((key) => is.and(key))))
  return [sql`${rows}`]
}

/** Rows that are new, or no longer what they were. */
function entries(
  tx: Transaction<Schema>,
  stream_id: string,
  { table, rows }: List,
  was: Texts = new Map(),
): readonly Statement[] {
  const changed = rows.filter(({ key, from }) => was.get(textOf(key)) !== textOf(from))
  const values = changed.map(({ key, others }) => ({ stream_id, ...key, ...others() }))
  const [first] = changed
  if (!first) return []
  const keys = ['stream_id', ...Object.keys(first.key)]
  const others = Object.keys(values[0] ?? {}).filter((name) => !keys.includes(name))
  const set = others.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`)
  const instead = set.length === 0 ? sql`nothing` : sql`update set ${sql.join(set)}`
  const insert = tx.insertInto(table).values(values as never)
  return [sql`${insert} on conflict (${sql.join(keys.map(sql.ref))}) do ${instead}`]
}

/** Changes of different rows in one statement: one round trip. */
function together(changes: readonly Statement[]): Statement {
  const last = changes.at(-1) as Statement
  const others = changes.slice(0, -1)
  if (others.length === 0) return last
  const named = others.map((change, at) => sql`${sql.id(`change_${at}`)} as (${change})`)
  return sql`with ${sql.join(named)} ${last}`
}
