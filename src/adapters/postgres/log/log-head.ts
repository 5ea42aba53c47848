/**
 * The head of the log in the database. Safety comes from `epoch`: taking over
 * adds one, and every write names the epoch it belongs to, so a sequencer that
 * was replaced can change nothing any more.
 */
import { sql, type Transaction } from 'kysely'
import { equalBytes } from '../../../base/bytes.ts'
import { unavailable } from '../../../base/errors.ts'
import type { Instant } from '../../../base/time.ts'
import type { TreeHead } from '../../../proof/tree-hash.ts'
import type { Database, Schema } from '../database.ts'
import { MustFreeze, MustRestart } from './stop-signals.ts'
import { sizeOf } from './tables.ts'

export type LogHead = {
  readonly origin: string
  readonly nextSeq: number
  readonly size: number
  readonly root: Uint8Array
  /** The log's signature alone; undefined before the first one. */
  readonly signedNote: Uint8Array | undefined
  readonly publishedSize: number
  readonly epoch: number
  readonly freezeReason: string | undefined
}

/** At most this many entries get their place in one transaction. */
export const SEQUENCE_MAX = 4096

/** Becomes the one sequencer; creates the log at its first start. */
export async function takeOver(
  database: Database,
  origin: string,
  emptyRoot: Uint8Array,
): Promise<LogHead> {
  await database
    .insertInto('log_head')
    .values({ origin, root: emptyRoot })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await database
    .updateTable('log_head')
    .set({ epoch: sql<number>`epoch + 1` })
    .where('origin', '=', origin)
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) throw unavailable(`the database holds the log of another origin`)
  return headOf(row)
}

/** @throws MustFreeze if numbered entries are missing */
export async function requireGapFree(database: Database, { nextSeq }: LogHead): Promise<void> {
  const { count } = await database
    .selectFrom('log_entry')
    .select((select) => select.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  if (sizeOf(count) !== nextSeq) throw new MustFreeze('entries of the log are missing')
}

/**
 * Gives waiting entries their places for good, in one transaction.
 *
 * @returns how many there were
 * @throws MustRestart if another sequencer has taken over
 */
export async function sequencePending(database: Database, epoch: number): Promise<number> {
  if (!(await isAnythingReady(database))) return 0
  return database.transaction().execute(async (tx) => {
    const head = await lockHead(tx, epoch)
    const { numAffectedRows } = await sql`
      with moved as (
        -- By their place in the table: a join would read all that wait.
        delete from log_pending where ctid = any (array(
          select ctid from log_pending where ready order by created_at, id limit ${SEQUENCE_MAX}
        ))
        returning *
      )
      insert into log_entry (seq, pending_id, entry, leaf_hash, accepted_at)
      select ${head.nextSeq}::bigint + row_number() over (order by created_at, id) - 1,
        id, entry, leaf_hash, created_at
      from moved`.execute(tx)
    const count = Number(numAffectedRows ?? 0n)
    await tx
      .updateTable('log_head')
      .set({ next_seq: head.nextSeq + count })
      .execute()
    return count
  })
}

/**
 * Moves the head to a checkpoint that was just signed.
 *
 * @throws MustRestart if the head is not where it was, or the answer is lost
 */
export async function moveHead(
  database: Database,
  { size, epoch }: LogHead,
  next: { readonly size: number; readonly root: Uint8Array; readonly signedNote: Uint8Array },
): Promise<void> {
  const values = { size: next.size, root: next.root, signed_note: next.signedNote }
  try {
    await database.transaction().execute(async (tx) => {
      const moved = await tx
        .updateTable('log_head')
        .set(values)
        .where('size', '=', String(size))
        .where('epoch', '=', String(epoch))
        .where('frozen_at', 'is', null)
        .returning('origin')
        .execute()
      if (moved.length !== 1) throw new MustRestart('the head of the log has moved')
      await tx.insertInto('log_checkpoint').values(values).execute()
    })
  } catch (cause) {
    if (cause instanceof MustRestart) throw cause
    throw new MustRestart('the head of the log may have moved or not', { cause })
  }
}

/** @throws MustRestart if another sequencer has taken over */
export async function setPublished(database: Database, epoch: number, size: number): Promise<void> {
  const rows = await database
    .updateTable('log_head')
    .set({ published_size: size })
    .where('epoch', '=', String(epoch))
    .returning('origin')
    .execute()
  if (rows.length !== 1) throw new MustRestart('another sequencer has taken over')
}

/** Whether this log has signed a head of that size and root. */
export async function wasSigned(database: Database, checkpoint: TreeHead): Promise<boolean> {
  const row = await database
    .selectFrom('log_checkpoint')
    .select('root')
    .where('size', '=', String(checkpoint.treeSize))
    .executeTakeFirst()
  return row !== undefined && equalBytes(row.root, checkpoint.rootHash)
}

export async function freezeHead(
  database: Database,
  epoch: number,
  reason: string,
  wireNow: Instant,
): Promise<void> {
  await database
    .updateTable('log_head')
    .set({ frozen_at: wireNow, freeze_reason: reason })
    .where('epoch', '=', String(epoch))
    .where('frozen_at', 'is', null)
    .execute()
}

/** @throws MustRestart if another sequencer has taken over */
export async function requireEpoch(database: Database, epoch: number): Promise<void> {
  const row = await database.selectFrom('log_head').select('epoch').executeTakeFirstOrThrow()
  if (sizeOf(row.epoch) !== epoch) throw new MustRestart('another sequencer has taken over')
}

async function isAnythingReady(database: Database): Promise<boolean> {
  const row = await database
    .selectFrom('log_pending')
    .select('id')
    .where('ready', '=', true)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function lockHead(tx: Transaction<Schema>, epoch: number): Promise<LogHead> {
  const row = await tx.selectFrom('log_head').selectAll().forUpdate().executeTakeFirstOrThrow()
  const head = headOf(row)
  if (head.epoch !== epoch) throw new MustRestart('another sequencer has taken over')
  if (head.freezeReason !== undefined) throw new MustFreeze(head.freezeReason)
  return head
}

type HeadRow = {
  origin: string
  next_seq: string
  size: string
  root: Uint8Array
  signed_note: Uint8Array | null
  published_size: string
  epoch: string
  freeze_reason: string | null
}

function headOf(row: HeadRow): LogHead {
  return {
    origin: row.origin,
    nextSeq: sizeOf(row.next_seq),
    size: sizeOf(row.size),
    root: new Uint8Array(row.root),
    signedNote: row.signed_note === null ? undefined : new Uint8Array(row.signed_note),
    publishedSize: sizeOf(row.published_size),
    epoch: sizeOf(row.epoch),
    freezeReason: row.freeze_reason ?? undefined,
  }
}
