/**
 * Rows of streams and their events, opened: the one place that reads them.
 */
import { createHash } from 'node:crypto'
import { type Selectable, sql, type Transaction } from 'kysely'
import type { SealedEvent } from '../../../app/ports/event-record.ts'
import type { AnyEvent, StreamKind } from '../../../app/ports/streams.ts'
import { equalBytes, textFromUtf8 } from '../../../base/bytes.ts'
import { invariant } from '../../../base/errors.ts'
import { grown } from '../../../base/growing-fold.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import type { EventEnvelope } from '../../../wire/event-commitment.ts'
import { todaysEvent } from '../../../wire/event-versions.ts'
import type { AtRest, ColumnKey } from '../../keys/at-rest.ts'
import type { Database, Schema } from '../database.ts'
import { ERASED } from './erase-stream.ts'
import type { Known, OpenedEvents } from './kept-streams.ts'

export const eventContext = (streamId: string, version: number) => `event/${streamId}/${version}`

/** For folding: the event in today's form, whatever form was signed. */
export function recordedOf({ envelope }: Pick<SealedEvent, 'envelope'>): Recorded<AnyEvent> {
  const { event, version, at, by } = envelope
  return { event: todaysEvent(event), version, at, by }
}

type Reading = {
  readonly database: Database | Transaction<Schema>
  readonly atRest: Pick<AtRest, 'unwrap'>
}

type StreamRow = Pick<Selectable<Schema['stream']>, 'id' | 'kind' | 'version' | 'wrapped_key'> & {
  /** SHA-256 of the sealed events that are known, if that was asked; null if there are none. */
  readonly digest?: Uint8Array | null
}

/**
 * What is known of a stream, if the database still holds just that, and what follows.
 *
 * @param events the rows that follow what is known, as far as they were read before: they are
 * read again if they do not reach the stream's version
 */
export async function openEvents(
  { database, atRest }: Reading,
  row: StreamRow,
  before: OpenedEvents | undefined,
  events?: readonly EventRow[],
): Promise<OpenedEvents> {
  const known = before && isUnchanged(before, row) ? before : undefined
  const count = countOf(known)
  const reaches = known === before && events && count + events.length === row.version
  const rows = reaches ? events : await eventRows(database, row.id, count)
  if (known && rows.length === 0) return known
  const key = atRest.unwrap(row.wrapped_key)
  const more = rows.map((one, at) => sealedEventOf(one, count + at, { streamId: row.id, key }))
  const hashed = known?.hashed.copy() ?? createHash('sha256')
  for (const { sealed_envelope } of rows) hashed.update(sealed_envelope)
  const view = {
    id: row.id,
    kind: row.kind as StreamKind,
    sealedEvents: [...(known?.view.sealedEvents ?? []), ...more],
    history: grown(known?.view.history ?? [], more.map(recordedOf)),
  }
  const wrappedKey = new Uint8Array(row.wrapped_key)
  return { view, wrappedKey, hashed, digest: new Uint8Array(hashed.copy().digest()) }
}

const countOf = (known: OpenedEvents | undefined) => known?.view.history.length ?? 0

function isUnchanged({ wrappedKey, digest }: OpenedEvents, row: StreamRow): boolean {
  if (!equalBytes(wrappedKey, row.wrapped_key)) return false
  return row.digest === undefined || (row.digest !== null && equalBytes(digest, row.digest))
}

/** A stream that is not erased, with the events that follow what is known, in one round trip. */
export function readRows(
  database: Database,
  streamId: string,
  known: Known | undefined,
): Promise<StreamRows | undefined> {
  return withEvents(rowsOf(database, streamId, known))
}

/** The same, and the stream stays locked until the transaction ends. */
export function lockStream(
  tx: Transaction<Schema>,
  streamId: string,
  known: Known | undefined,
): Promise<StreamRows | undefined> {
  // Not `for update`: rows that refer to the stream may be added meanwhile.
  return withEvents(rowsOf(tx, streamId, known).forNoKeyUpdate('stream'))
}

type StreamRows = { readonly stream: StreamRow; readonly events: readonly EventRow[] }

function rowsOf(
  database: Database | Transaction<Schema>,
  streamId: string,
  known: Known | undefined,
) {
  const count = countOf(known?.opened)
  return database
    .selectFrom('stream')
    .leftJoin('event', (join) =>
      join.onRef('event.stream_id', '=', 'stream.id').on('event.version', '>', count),
    )
    .select(['stream.id', 'stream.kind', 'stream.version', 'stream.wrapped_key'])
    .$if(known?.isCheckDue === true, (query) => query.select(digestOf(count)))
    .select(['event.version as event_version', 'event.sealed_envelope'])
    .select(['event.signature', 'event.salt', 'event.log_id'])
    .where('stream.id', '=', streamId)
    .where('stream.kind', '<>', ERASED)
    .orderBy('event.version')
}

async function withEvents(query: ReturnType<typeof rowsOf>): Promise<StreamRows | undefined> {
  const rows = await query.execute()
  const [stream] = rows
  if (!stream) return undefined
  // Without any newer event there is one row, of the stream alone.
  const events = rows.flatMap(({ event_version: version, ...row }) =>
    version === null ? [] : [{ ...row, version } as EventRow],
  )
  return { stream, events }
}

function digestOf(count: number) {
  return sql<Uint8Array | null>`(
    select sha256(string_agg(sealed_envelope, ''::bytea order by version))
    from event where stream_id = stream.id and version <= ${count})`.as('digest')
}

/** The stored events of a stream in order, opened. */
export async function sealedEventsOf(
  database: Database | Transaction<Schema>,
  streamId: string,
  key: ColumnKey,
): Promise<SealedEvent[]> {
  const rows = await eventRows(database, streamId)
  return rows.map((row, index) => sealedEventOf(row, index, { streamId, key }))
}

type EventRow = Pick<
  Selectable<Schema['event']>,
  'version' | 'sealed_envelope' | 'signature' | 'salt' | 'log_id'
>

function eventRows(
  database: Database | Transaction<Schema>,
  streamId: string,
  knownCount = 0,
): Promise<EventRow[]> {
  return database
    .selectFrom('event')
    .select(['version', 'sealed_envelope', 'signature', 'salt', 'log_id'])
    .where('stream_id', '=', streamId)
    .where('version', '>', knownCount)
    .orderBy('version')
    .execute()
}

type StreamKey = { readonly streamId: string; readonly key: ColumnKey }

function sealedEventOf(row: EventRow, index: number, of: StreamKey): SealedEvent {
  return {
    envelope: envelopeIn(row, index, of),
    signature: new Uint8Array(row.signature),
    salt: new Uint8Array(row.salt),
    logId: row.log_id,
  }
}

function envelopeIn(
  row: { readonly version: number; readonly sealed_envelope: Uint8Array },
  index: number,
  { streamId, key }: StreamKey,
): EventEnvelope {
  invariant(row.version === index + 1, 'a stream has no gaps')
  const bytes = key.open(eventContext(streamId, row.version), row.sealed_envelope)
  return JSON.parse(textFromUtf8(bytes)) as EventEnvelope
}
