/**
 * What this node has accepted of others: that one of their logs is closed and which
 * one follows. A closed log has one successor, for ever; what was seen of the closed
 * one is kept as it is.
 */
import type { Transaction } from 'kysely'
import { equalBytes, fromHex, toHex, utf8 } from '../../../base/bytes.ts'
import { ComityError } from '../../../base/errors.ts'
import type { Instant } from '../../../base/time.ts'
import type { Verified } from '../../../base/verified.ts'
import type { Primitives } from '../../../proof/primitives.ts'
import { formatVkey, type NoteKey, parseVkey } from '../../../proof/vkey.ts'
import { logOrdinalOf } from '../../../wire/event-opening.ts'
import { CLOSED_LOGS_MAX } from '../../../wire/exchange/node-document.ts'
import type { MessageKey } from '../../../wire/http-signature.ts'
import { type LogNotice, verifyLogNotice } from '../../../wire/log-notice.ts'
import type { Database, Schema } from '../database.ts'
import { sizeOf } from './tables.ts'

export type NoticeParts = {
  readonly database: Database | Transaction<Schema>
  readonly primitives: Primitives
  /** Pinned message keys of a node; none if it is not known. */
  readonly messageKeysOf: (node: string) => readonly MessageKey[] | Promise<readonly MessageKey[]>
  /** Whether a log is trusted here, by a policy or by an earlier notice. */
  readonly knows: (origin: string) => Promise<boolean>
  readonly wireNow: () => Instant
}

/**
 * `acceptedShort`: accepted, though more was seen of the log here than the notice says.
 * `contradiction`: the same log was closed otherwise before, or with another root than
 * was seen here. Both are kept as evidence. `too-many-logs`: no more logs of a node are
 * followed than its document can name; that bounds what one peer can have kept here.
 */
export type NoticeAnswer =
  | 'accepted'
  | 'acceptedShort'
  | 'known'
  | 'malformed'
  | 'unknown-log'
  | 'unsigned'
  | 'contradiction'
  | 'too-many-logs'

export async function acceptNotice(parts: NoticeParts, bytes: Uint8Array): Promise<NoticeAnswer> {
  const notice = await verified(parts, bytes)
  if (typeof notice === 'string') return notice
  const { database } = parts
  const before = await acceptedBefore(database, notice)
  if (before) return isSame(before, notice) ? 'known' : 'contradiction'
  if (!(await parts.knows(notice.closed.origin))) return 'unknown-log'
  if ((logOrdinalOf(notice.node, notice.closed.origin) ?? 0) > CLOSED_LOGS_MAX) {
    return 'too-many-logs'
  }
  const fit = await fitOf(parts, notice)
  if (fit === 'contradiction') return fit
  const { node, closed, opened } = notice
  const inserted = await database
    .insertInto('log_notice')
    .values({
      closed_origin: closed.origin,
      node,
      opened_origin: opened.name,
      opened_vkey: formatVkey(opened),
      closed_size: closed.treeSize,
      closed_root: closed.rootHash,
      notice: bytes,
      received_at: parts.wireNow(),
    })
    .onConflict((on) => on.doNothing())
    .returning('closed_origin')
    .execute()
  if (inserted.length > 0) return fit
  // Another one was faster: by the other way, as witness or as peer, comes the same notice.
  const first = await acceptedBefore(database, notice)
  return first && isSame(first, notice) ? 'known' : 'contradiction'
}

function acceptedBefore(database: NoticeParts['database'], { closed }: LogNotice) {
  return database
    .selectFrom('log_notice')
    .selectAll()
    .where('closed_origin', '=', closed.origin)
    .executeTakeFirst()
}

async function verified(
  { primitives, messageKeysOf, wireNow }: NoticeParts,
  bytes: Uint8Array,
): Promise<Verified<LogNotice> | 'malformed' | 'unsigned'> {
  try {
    return await verifyLogNotice(primitives, bytes, messageKeysOf, wireNow())
  } catch (error) {
    if (!(error instanceof ComityError)) throw error
    return error.code === 'malformed' ? 'malformed' : 'unsigned'
  }
}

function isSame(
  row: { opened_vkey: string; closed_size: string; closed_root: Uint8Array },
  { closed, opened }: LogNotice,
): boolean {
  return (
    row.opened_vkey === formatVkey(opened) &&
    sizeOf(row.closed_size) === closed.treeSize &&
    equalBytes(row.closed_root, closed.rootHash)
  )
}

/**
 * The end that a notice names, compared with what this witness has cosigned. A node that
 * could not ask every witness may name less than one of them saw: that is no second
 * history, but people should know.
 */
async function fitOf(
  { database }: NoticeParts,
  { closed }: LogNotice,
): Promise<'accepted' | 'acceptedShort' | 'contradiction'> {
  const seen = await database
    .selectFrom('witness_state')
    .select(['size', 'root'])
    .where('origin', '=', closed.origin)
    .executeTakeFirst()
  const size = seen ? sizeOf(seen.size) : 0
  if (size > closed.treeSize) return 'acceptedShort'
  if (seen && size === closed.treeSize && !equalBytes(seen.root, closed.rootHash)) {
    return 'contradiction'
  }
  return 'accepted'
}

/** The key of a log that was opened by an accepted notice. */
export async function openedKey(
  database: Database,
  primitives: Primitives,
  origin: string,
): Promise<NoteKey | undefined> {
  const row = await database
    .selectFrom('log_notice')
    .select('opened_vkey')
    .where('opened_origin', '=', origin)
    .executeTakeFirst()
  return row && parseVkey(primitives, row.opened_vkey)
}

/** The size at which a log was closed, as its notice says; undefined if it is open. */
export async function closedSizeOf(
  database: Database,
  origin: string,
): Promise<number | undefined> {
  const row = await database
    .selectFrom('log_notice')
    .select('closed_size')
    .where('closed_origin', '=', origin)
    .executeTakeFirst()
  return row && sizeOf(row.closed_size)
}

/** The notice that closed a log, by the lower-case hex SHA-256 of its origin. */
export async function noticeByHash(
  database: Database,
  { sha256 }: Pick<Primitives, 'sha256'>,
  originHash: string,
): Promise<Uint8Array | undefined> {
  if (!/^[0-9a-f]{64}$/.test(originHash)) return undefined
  const rows = await database.selectFrom('log_notice').select(['closed_origin', 'notice']).execute()
  const hash = toHex(fromHex(originHash))
  const found = rows.find(({ closed_origin }) => toHex(sha256(utf8(closed_origin))) === hash)
  return found && new Uint8Array(found.notice)
}

/** Logs that accepted notices have opened, each with the one that it follows. */
export async function openedLogs(
  database: Database,
): Promise<readonly { readonly closedOrigin: string; readonly vkey: string }[]> {
  const rows = await database
    .selectFrom('log_notice')
    .select(['closed_origin', 'opened_vkey'])
    .orderBy('received_at')
    .execute()
  return rows.map(({ closed_origin, opened_vkey }) => ({
    closedOrigin: closed_origin,
    vkey: opened_vkey,
  }))
}
