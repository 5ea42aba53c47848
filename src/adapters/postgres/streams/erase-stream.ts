/**
 * Erasing a case in the database: the key of its stream, its events with salts and
 * signatures, everything derived from them and every row beside it. What stays is its id,
 * so that nothing is opened under it again, and which log entries were its events, so that
 * their receipts are still found.
 *
 * The pages of the tables keep bytes of deleted rows until they are written anew: see
 * `rewrite-tables.ts`.
 */
import { sql, type Transaction } from 'kysely'
import { invariant } from '../../../base/errors.ts'
import type { Database, Schema } from '../database.ts'
import { clearProjection } from '../projections/write-projection.ts'

/** The kind of a stream that is no more. */
export const ERASED = 'erased'

const OF_STREAM = [
  'hook_pending',
  'law_effect_case',
  'signature_file',
  'case_link',
  'awaited_receipt',
] as const
const OF_CASE = [
  'work_task',
  'work_note',
  'letter',
  'hand_over',
  'guest_link',
  'affected_person',
  'received_view',
] as const
const OF_FILING = ['filing_attachment', 'filing_message', 'filing_contact_opened'] as const

/** Every table that names a stream, so that a test finds one that nobody thought of. */
export const ERASED_TABLES: readonly string[] = [...OF_STREAM, ...OF_CASE, 'event', 'filing']

/** Also of one that went between two reads. */
export async function isErased(database: Database, id: string): Promise<boolean> {
  const row = await database
    .selectFrom('stream')
    .select('kind')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.kind === ERASED
}

/** Returns the log entries of its events, in their order. */
export async function eraseStream(
  tx: Transaction<Schema>,
  id: string,
): Promise<readonly Uint8Array[]> {
  // `for update`: whoever adds a row that refers to the case waits.
  const row = await tx
    .selectFrom('stream')
    .select('kind')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  invariant(row?.kind === 'case', 'only a case is erased')
  await tx
    .insertInto('erased_event')
    .columns(['stream_id', 'version', 'log_id'])
    .expression((from) =>
      from
        .selectFrom('event')
        .select(['stream_id', 'version', 'log_id'])
        .where('stream_id', '=', id),
    )
    .execute()
  await tx
    .updateTable('stream')
    .set({ kind: ERASED, wrapped_key: new Uint8Array() })
    .where('id', '=', id)
    .execute()
  await tx.deleteFrom('event').where('stream_id', '=', id).execute()
  await clearRows(tx, id)
  return entriesOf(tx, id)
}

/** Waiting for its place, or in the log. */
async function entriesOf(tx: Transaction<Schema>, id: string): Promise<readonly Uint8Array[]> {
  const { rows } = await sql<{ entry: Uint8Array | null }>`
    select coalesce(placed.entry, waits.entry) as entry from erased_event
    left join log_entry as placed on placed.pending_id = erased_event.log_id
    left join log_pending as waits on waits.id = erased_event.log_id
    where erased_event.stream_id = ${id} order by version`.execute(tx)
  return rows.map(({ entry }) => {
    invariant(entry, 'every event has its log entry')
    return entry
  })
}

/** Also what was written while the case was erased, under a key that is gone. */
export async function clearRows(tx: Transaction<Schema>, id: string): Promise<void> {
  await clearProjection(tx, id)
  for (const table of OF_STREAM) await tx.deleteFrom(table).where('stream_id', '=', id).execute()
  for (const table of OF_CASE) await tx.deleteFrom(table).where('case_id', '=', id).execute()
  const filings = tx.selectFrom('filing').select('id').where('case_id', '=', id)
  for (const table of OF_FILING) {
    await tx.deleteFrom(table).where('filing_id', 'in', filings).execute()
  }
  await tx.deleteFrom('filing').where('case_id', '=', id).execute()
  // The bytes of exhibits lie in the blob store: their keys first, then a job.
  await tx
    .updateTable('exhibit_blob')
    .set({ wrapped_identity: null, destroyed_at: sql<Date>`coalesce(destroyed_at, now())` })
    .where('case_id', '=', id)
    .execute()
}
