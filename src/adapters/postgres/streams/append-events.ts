/** New events: sealed, signed, and what the log gets of each, written in one statement. */
import type { Transaction } from 'kysely'
import type { LogBatch } from '../../../app/ports/event-record.ts'
import type { AnyEvent } from '../../../app/ports/streams.ts'
import { canonicalBytes } from '../../../base/canonical-json.ts'
import {
  type EventEnvelope,
  eventLogEntry,
  eventSignatureInput,
} from '../../../wire/event-commitment.ts'
import { versionedEvent } from '../../../wire/event-versions.ts'
import type { Schema } from '../database.ts'
import { pendingRow } from '../log/pending.ts'
import { sendAhead } from '../pipeline.ts'
import { eventContext } from './stream-rows.ts'
import type { ProjectedStream, StreamsParts } from './streams.ts'

type StreamIdentity = Pick<ProjectedStream, 'id' | 'kind' | 'key'>

type NewEvent = {
  readonly event: AnyEvent
  readonly by: string
  readonly batch: LogBatch
  /** How many events the stream has before this one. */
  readonly past: number
}

export type NewRow = Awaited<ReturnType<typeof eventRow>>

export async function eventRow(
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
export async function insertEvents(
  tx: Transaction<Schema>,
  streamId: string,
  made: readonly NewRow[],
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
