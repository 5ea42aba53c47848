/**
 * Streams on PostgreSQL: append-only events with gap-free versions.
 *
 * One call of `transact` is one database transaction: events, log intents,
 * projections, links and outgoing messages are committed together or not at all.
 * A stream is locked from `open` to the end, so two writers never decide on the
 * same version.
 */
import type { Transaction } from 'kysely'
import type { Clocks } from '../../../app/ports/clocks.ts'
import type { LogBatch, SealedEvent } from '../../../app/ports/event-record.ts'
import type { ContactOpened, NewMessage, ResealedPart } from '../../../app/ports/filings.ts'
import type { Random } from '../../../app/ports/random.ts'
import type {
  AnyEvent,
  OpenStream,
  OutgoingMessage,
  StreamKind,
  Streams,
  StreamView,
  Unit,
} from '../../../app/ports/streams.ts'
import type { NewTask } from '../../../app/ports/work.ts'
import { type Bytes, textFromUtf8 } from '../../../base/bytes.ts'
import { canonicalBytes } from '../../../base/canonical-json.ts'
import { invariant } from '../../../base/errors.ts'
import type { CalendarDate } from '../../../base/time.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import {
  type EventEnvelope,
  eventLogEntry,
  eventSignatureInput,
} from '../../../wire/event-commitment.ts'
import { todaysEvent, versionedEvent } from '../../../wire/event-versions.ts'
import type { AtRest, ColumnKey } from '../../keys/at-rest.ts'
import type { Database, Schema } from '../database.ts'
import { pendingRow } from '../log/pending.ts'
import { sendAhead } from '../pipeline.ts'
import { ERASED, eraseStream, isErased } from './erase-stream.ts'
import { type KeptStreams, keptStreams } from './kept-streams.ts'
import { listsAtEnd, readingOnce } from './shared-unit.ts'

export type StreamsParts = {
  readonly database: Database
  /** Whose connections `transact` holds. Work inside reads through `database`. */
  readonly units: Database
  readonly node: string
  readonly atRest: AtRest
  readonly clocks: Clocks
  readonly random: Random
  readonly primitives: Primitives
  /** Signs with the officer's key, or with the node's for anyone who is no officer. */
  sign(tx: Transaction<Schema>, by: string, message: Uint8Array): Promise<Bytes>
  /** Replaces the stream's projection rows; runs in the same transaction. */
  project(tx: Transaction<Schema>, stream: ProjectedStream): Promise<void>
  enqueue(tx: Transaction<Schema>, message: OutgoingMessage): Promise<string>
  withhold(tx: Transaction<Schema>, agreementDigest: string): Promise<void>
  takeBack(tx: Transaction<Schema>, messageId: string): Promise<boolean>
  eraseSent(tx: Transaction<Schema>, messageId: string): Promise<void>
  eraseMessages(tx: Transaction<Schema>, objectId: string): Promise<void>
  admit(tx: Transaction<Schema>, filingId: string, caseId: string): Promise<void>
  closeFiling(tx: Transaction<Schema>, filingId: string, on: CalendarDate): Promise<boolean>
  reseal(tx: Transaction<Schema>, resealed: ResealedPart): Promise<boolean>
  writeToReporter(tx: Transaction<Schema>, message: NewMessage): Promise<boolean>
  takeFollowUp(
    tx: Transaction<Schema>,
    message: NewMessage,
    tokenHash: Uint8Array,
  ): ReturnType<Unit['takeFollowUp']>
  tellContactOpened(tx: Transaction<Schema>, opened: ContactOpened): Promise<void>
  addTask(tx: Transaction<Schema>, task: NewTask): Promise<void>
  /** Called after a commit that may have queued log entries. */
  onCommit(queued: { readonly messages: boolean }): void
}

export type ProjectedStream = {
  readonly id: string
  readonly kind: StreamKind
  readonly key: ColumnKey
  /** Made just now: no list has a row of it yet. */
  readonly isNew?: boolean
  readonly history: readonly Recorded<AnyEvent>[]
}

export type PostgresStreams = Streams & {
  /** For adapters that must join a transaction of their own, such as the inbox. */
  unitIn(tx: Transaction<Schema>): Unit
  /** The same for much that is done in one transaction, and undone as a whole if it fails. */
  together<T>(tx: Transaction<Schema>, work: (unit: Unit) => Promise<T>): Promise<T>
}

export function postgresStreams(parts: StreamsParts): PostgresStreams {
  const kept = keptStreams()
  return {
    async transact(fn) {
      let messages = false
      const result = await parts.units.transaction().execute(async (tx) => {
        const counting: StreamsParts = {
          ...parts,
          enqueue(within, message) {
            messages = true
            return parts.enqueue(within, message)
          },
        }
        return listsAtEnd(counting, tx, (deferred) => fn(unitIn(deferred, tx)))
      })
      parts.onCommit({ messages })
      return result
    },
    read: (streamId) => readStream(parts, kept, streamId),
    async versionOf(streamId) {
      const row = await parts.database
        .selectFrom('stream')
        .select('version')
        .where('id', '=', streamId)
        .executeTakeFirst()
      return row?.version ?? 0
    },
    unitIn: (tx) => unitIn(parts, tx),
    together: (tx, work) =>
      listsAtEnd(parts, tx, (deferred) => work(readingOnce(unitIn(deferred, tx)))),
  }
}

function unitIn(parts: StreamsParts, tx: Transaction<Schema>): Unit {
  return {
    async create(streamId, kind) {
      const wrapped = parts.atRest.newKey()
      const row = { id: streamId, kind, wrapped_key: wrapped }
      await sendAhead(tx, tx.insertInto('stream').values(row).compile())
      return openStream(parts, tx, { id: streamId, kind, key: parts.atRest.unwrap(wrapped) }, [])
    },
    async open(streamId) {
      const locked = await lockStream(tx, streamId)
      if (!locked) return undefined
      const { stream, events } = locked
      const key = parts.atRest.unwrap(stream.wrapped_key)
      // Whoever held the lock appended something: the events were read before that.
      const kept = events.length === stream.version ? events : await eventRows(tx, streamId)
      invariant(kept.length === stream.version, 'a stream has all of its events')
      const history = kept.map((row, index) =>
        recordedOf({ envelope: envelopeIn(row, index, { streamId, key }) }),
      )
      return openStream(parts, tx, { id: streamId, kind: stream.kind as StreamKind, key }, history)
    },
    async openLinked(peer, peerCaseId) {
      const row = await tx
        .selectFrom('case_link')
        .select('stream_id')
        .where('peer', '=', peer)
        .where('peer_case_id', '=', peerCaseId)
        .executeTakeFirst()
      return row && this.open(row.stream_id)
    },
    async openNamed(peerCaseId) {
      const rows = await tx
        .selectFrom('case_link')
        .select('stream_id')
        .where('peer_case_id', '=', peerCaseId)
        // In one order, so that two messages never wait for each other.
        .orderBy('stream_id')
        .execute()
      const streams: OpenStream[] = []
      for (const row of rows) {
        const stream = await this.open(row.stream_id)
        if (stream) streams.push(stream)
      }
      return streams
    },
    admitFiling: (filingId, caseId) => parts.admit(tx, filingId, caseId),
    writeToReporter: (message) => parts.writeToReporter(tx, message),
    takeFollowUp: (message, tokenHash) => parts.takeFollowUp(tx, message, tokenHash),
    tellContactOpened: (opened) => parts.tellContactOpened(tx, opened),
    closeFiling: (filingId, on) => parts.closeFiling(tx, filingId, on),
    resealFiling: (resealed) => parts.reseal(tx, resealed),
    addTask: (task) => parts.addTask(tx, task),
    send: (message) => parts.enqueue(tx, message),
    withhold: (agreementDigest) => parts.withhold(tx, agreementDigest),
    takeBack: (messageId) => parts.takeBack(tx, messageId),
    eraseSent: (messageId) => parts.eraseSent(tx, messageId),
    async eraseCase(caseId, names) {
      const entries = await eraseStream(tx, caseId)
      for (const name of [caseId, ...names]) await parts.eraseMessages(tx, name)
      return entries
    },
    async awaitReceipt(streamId, version) {
      await tx.insertInto('awaited_receipt').values({ stream_id: streamId, version }).execute()
    },
    async endAwaiting(streamId, version) {
      const ended = await tx
        .deleteFrom('awaited_receipt')
        .where('stream_id', '=', streamId)
        .where('version', '=', version)
        .executeTakeFirst()
      return ended.numDeletedRows > 0n
    },
    async link(streamId, peer, peerCaseId) {
      await tx
        .insertInto('case_link')
        .values({ stream_id: streamId, peer, peer_case_id: peerCaseId })
        .execute()
    },
  }
}

type StreamIdentity = Pick<ProjectedStream, 'id' | 'kind' | 'key'>

function openStream(
  parts: StreamsParts,
  tx: Transaction<Schema>,
  stream: StreamIdentity,
  past: readonly Recorded<AnyEvent>[],
): OpenStream {
  const history = [...past]
  return {
    id: stream.id,
    kind: stream.kind,
    history,
    async append(events, by, batch = 'ordinary') {
      const rows = []
      for (const event of events) {
        const past = history.length
        const made = await eventRow(parts, tx, stream, { event, by, batch, past })
        history.push(recordedOf(made))
        rows.push(made)
      }
      await insertEvents(tx, stream.id, rows)
      const isNew = history.length === rows.length
      await parts.project(tx, { ...stream, history, isNew })
    },
  }
}

type NewEvent = {
  readonly event: AnyEvent
  readonly by: string
  readonly batch: LogBatch
  /** How many events the stream has before this one. */
  readonly past: number
}

async function eventRow(
  parts: StreamsParts,
  tx: Transaction<Schema>,
  stream: StreamIdentity,
  { event, by, batch, past }: NewEvent,
) {
  const version = past + 1
  const at = parts.clocks.caseNow()
  const wireNow = parts.clocks.wireNow()
  const envelope: EventEnvelope = {
    v: 1,
    node: parts.node,
    stream: stream.id,
    version,
    at,
    by,
    event: versionedEvent(event),
  }
  const salt = parts.random.bytes(32)
  const logId = parts.random.uuid()
  const entry = eventLogEntry(parts.primitives, envelope, {
    salt,
    tag: parts.random.bytes(16),
    wireNow,
  })
  const pending = { id: logId, batch, ready: batch === 'ordinary', entry, at: wireNow }
  return {
    envelope,
    pending: pendingRow(pending),
    row: {
      stream_id: stream.id,
      version,
      at,
      by,
      sealed_envelope: stream.key.seal(eventContext(stream.id, version), canonicalBytes(envelope)),
      salt,
      signature: await parts.sign(tx, by, eventSignatureInput(envelope)),
      log_id: logId,
    },
  }
}

/** Events, what the log gets of them and the stream's version, in one statement: one round trip. */
async function insertEvents(
  tx: Transaction<Schema>,
  streamId: string,
  made: readonly Awaited<ReturnType<typeof eventRow>>[],
): Promise<void> {
  const last = made.at(-1)
  if (!last) return
  const pending = made.map((one) => one.pending)
  const statement = tx
    .with('logged', (db) => db.insertInto('log_pending').values(pending))
    .with('kept', (db) => db.insertInto('event').values(made.map(({ row }) => row)))
    .updateTable('stream')
    .set({ version: last.row.version })
    .where('id', '=', streamId)
  await sendAhead(tx, statement.compile())
}

export const eventContext = (streamId: string, version: number) => `event/${streamId}/${version}`

/** For folding: the event in today's form, whatever form was signed. */
export function recordedOf({ envelope }: Pick<SealedEvent, 'envelope'>): Recorded<AnyEvent> {
  const { event, version, at, by } = envelope
  return { event: todaysEvent(event), version, at, by }
}

async function readStream(
  parts: Pick<StreamsParts, 'database' | 'atRest'>,
  kept: KeptStreams,
  streamId: string,
): Promise<StreamView | undefined> {
  const { database, atRest } = parts
  const row = await database
    .selectFrom('stream')
    .selectAll()
    .where('id', '=', streamId)
    .where('kind', '<>', ERASED)
    .executeTakeFirst()
  if (!row) return undefined
  const known = kept.find(row)
  if (known) return known
  const sealedEvents = await sealedEventsOf(database, streamId, atRest.unwrap(row.wrapped_key))
  if (sealedEvents.length < row.version) {
    invariant(await isErased(database, streamId), 'a stream has all of its events')
    return undefined
  }
  // There may be more: an append between the two reads.
  const kind = row.kind as StreamKind
  const view = { id: streamId, kind, sealedEvents, history: sealedEvents.map(recordedOf) }
  kept.keep(row, view)
  return view
}

/** Locks a stream until the transaction ends, and reads its events, in one round trip. */
async function lockStream(tx: Transaction<Schema>, streamId: string) {
  const rows = await tx
    .selectFrom('stream')
    .leftJoin('event', 'event.stream_id', 'stream.id')
    .select(['stream.kind', 'stream.version', 'stream.wrapped_key'])
    .select(['event.version as event_version', 'event.sealed_envelope'])
    .where('stream.id', '=', streamId)
    .where('stream.kind', '<>', ERASED)
    .orderBy('event.version')
    // Not `for update`: rows that refer to the stream may be added meanwhile.
    .forNoKeyUpdate('stream')
    .execute()
  const [stream] = rows
  if (!stream) return undefined
  const events = rows.flatMap(({ event_version: version, sealed_envelope }) =>
    version === null || sealed_envelope === null ? [] : [{ version, sealed_envelope }],
  )
  return { stream, events }
}

/** The stored events of a stream in order, opened. */
export async function sealedEventsOf(
  database: Database | Transaction<Schema>,
  streamId: string,
  key: ColumnKey,
): Promise<SealedEvent[]> {
  const rows = await eventRows(database, streamId)
  return rows.map((row, index) => ({
    envelope: envelopeIn(row, index, { streamId, key }),
    signature: new Uint8Array(row.signature),
    salt: new Uint8Array(row.salt),
    logId: row.log_id,
  }))
}

function eventRows(database: Database | Transaction<Schema>, streamId: string) {
  return database
    .selectFrom('event')
    .selectAll()
    .where('stream_id', '=', streamId)
    .orderBy('version')
    .execute()
}

function envelopeIn(
  row: { readonly version: number; readonly sealed_envelope: Uint8Array },
  index: number,
  { streamId, key }: { readonly streamId: string; readonly key: ColumnKey },
): EventEnvelope {
  invariant(row.version === index + 1, 'a stream has no gaps')
  const bytes = key.open(eventContext(streamId, row.version), row.sealed_envelope)
  return JSON.parse(textFromUtf8(bytes)) as EventEnvelope
}
