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
import type { Bytes } from '../../../base/bytes.ts'
import { invariant } from '../../../base/errors.ts'
import { grown } from '../../../base/growing-fold.ts'
import { sharedCallBy } from '../../../base/shared-call.ts'
import type { CalendarDate } from '../../../base/time.ts'
import type { Recorded } from '../../../core/case/recorded.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import type { AtRest, ColumnKey } from '../../keys/at-rest.ts'
import type { Database, Schema } from '../database.ts'
import { sendAhead } from '../pipeline.ts'
import { noLists, type WrittenLists } from '../projections/write-projection.ts'
import { eventRow, insertEvents, type NewRow } from './append-events.ts'
import { eraseStream, isErased } from './erase-stream.ts'
import { type KeptStreams, keptStreams } from './kept-streams.ts'
import { listsAtEnd, readingOnce } from './shared-unit.ts'
import { lockStream, openEvents, readRows, recordedOf } from './stream-rows.ts'

export type StreamsParts = {
  readonly database: Database
  /** Whose connections `transact` holds. Work inside reads through `database`. */
  readonly units: Database
  readonly node: string
  readonly atRest: AtRest
  readonly clocks: Clocks
  readonly random: Random
  readonly primitives: Primitives
  /** Shared by all that read and write the same database in this process. */
  readonly kept?: KeptStreams
  /** Signs with the officer's key, or with the node's for anyone who is no officer. */
  sign(tx: Transaction<Schema>, by: string, message: Uint8Array): Promise<Bytes>
  /** Brings the stream's projection rows to its history; runs in the same transaction. */
  project(tx: Transaction<Schema>, stream: ProjectedStream): Promise<WrittenLists | undefined>
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
  readonly history: readonly Recorded<AnyEvent>[]
  /** Log id of its last event. */
  readonly last?: string | undefined
  /** What its lists hold before this is written; undefined if that is not known. */
  readonly before?: WrittenLists | undefined
}

export type PostgresStreams = Streams & {
  /** For adapters that must join a transaction of their own, such as the inbox. */
  unitIn(tx: Transaction<Schema>): Unit
  /** The same for much that is done in one transaction, and undone as a whole if it fails. */
  together<T>(tx: Transaction<Schema>, work: (unit: Unit) => Promise<T>): Promise<T>
}

export function postgresStreams(given: StreamsParts): PostgresStreams {
  const { kept = keptStreams() } = given
  const parts: StreamsParts = {
    ...given,
    async project(tx, stream) {
      const lists = await given.project(tx, stream)
      if (lists && stream.last !== undefined) kept.keepLists(stream.id, stream.last, lists)
      return lists
    },
  }
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
        return listsAtEnd(counting, tx, (deferred) => fn(unitIn(deferred, kept, tx)))
      })
      parts.onCommit({ messages })
      return result
    },
    read: sharedCallBy((streamId) => readStream(parts, kept, streamId)),
    async versionOf(streamId) {
      const row = await parts.database
        .selectFrom('stream')
        .select('version')
        .where('id', '=', streamId)
        .executeTakeFirst()
      return row?.version ?? 0
    },
    unitIn: (tx) => unitIn(parts, kept, tx),
    together: (tx, work) =>
      listsAtEnd(parts, tx, (deferred) => work(readingOnce(unitIn(deferred, kept, tx)))),
  }
}

function unitIn(parts: StreamsParts, kept: KeptStreams, tx: Transaction<Schema>): Unit {
  return {
    async create(streamId, kind) {
      const wrapped = parts.atRest.newKey()
      const row = { id: streamId, kind, wrapped_key: wrapped }
      await sendAhead(tx, tx.insertInto('stream').values(row).compile())
      const stream = { id: streamId, kind, key: parts.atRest.unwrap(wrapped) }
      return openStream(parts, tx, stream, { history: [], listsAt: onlyAtFirst })
    },
    async open(streamId) {
      const known = kept.get(streamId)
      const locked = await lockStream(tx, streamId, known)
      if (!locked) return undefined
      const { stream, events } = locked
      const reading = { database: tx, atRest: parts.atRest }
      // Whoever held the lock appended something: the events were read before that.
      const opened = await openEvents(reading, stream, known?.opened, events)
      const { history, kind, sealedEvents } = opened.view
      invariant(history.length === stream.version, 'a stream has all of its events')
      if (!hasWritten(tx, streamId)) kept.keep(opened, known?.isCheckDue !== false)
      const key = parts.atRest.unwrap(stream.wrapped_key)
      return openStream(
        parts,
        tx,
        { id: streamId, kind, key },
        {
          history,
          last: sealedEvents.at(-1)?.logId,
          listsAt: (last) => kept.lists(streamId, last),
        },
      )
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
      kept.forget(caseId)
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

const onlyAtFirst = (last: string | undefined) => (last === undefined ? noLists : undefined)

type Past = Pick<ProjectedStream, 'history' | 'last'> & {
  /** What the lists hold, if that is known, of the stream that ends with the event of this log id. */
  listsAt(last: string | undefined): WrittenLists | undefined
}

function openStream(
  parts: StreamsParts,
  tx: Transaction<Schema>,
  stream: StreamIdentity,
  past: Past,
): OpenStream {
  let { history, last } = past
  return {
    id: stream.id,
    kind: stream.kind,
    get history() {
      return history
    },
    async append(events, by, batch = 'ordinary') {
      const rows: NewRow[] = []
      for (const event of events) {
        const count = history.length + rows.length
        rows.push(await eventRow(parts, tx, stream, { event, by, batch, past: count }))
      }
      history = grown(history, rows.map(recordedOf))
      written(tx).add(stream.id)
      await insertEvents(tx, stream.id, rows)
      const before = past.listsAt(last)
      last = rows.at(-1)?.row.log_id ?? last
      await parts.project(tx, { ...stream, history, last, before })
    },
  }
}

async function readStream(
  parts: Pick<StreamsParts, 'database' | 'atRest'>,
  kept: KeptStreams,
  streamId: string,
): Promise<StreamView | undefined> {
  const known = kept.get(streamId)
  const found = await readRows(parts.database, streamId, known)
  if (!found) return undefined
  const { stream, events } = found
  const opened = await openEvents(parts, stream, known?.opened, events)
  if (opened.view.history.length < stream.version) {
    invariant(await isErased(parts.database, streamId), 'a stream has all of its events')
    return undefined
  }
  // There may be more: an append between the two reads.
  kept.keep(opened, known?.isCheckDue !== false)
  return opened.view
}

/** Streams that a transaction has written to: what it reads of them may yet be undone. */
const WRITTEN = new WeakMap<Transaction<Schema>, Set<string>>()

function written(tx: Transaction<Schema>): Set<string> {
  const ids = WRITTEN.get(tx) ?? new Set()
  WRITTEN.set(tx, ids)
  return ids
}

const hasWritten = (tx: Transaction<Schema>, id: string) => WRITTEN.get(tx)?.has(id) ?? false
