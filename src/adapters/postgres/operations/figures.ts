/**
 * How a node does, in numbers: its log, its witnesses, its exchange, what is
 * overdue. Counts and times only; the ids in it are those of nodes.
 */
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { OVERDUE_AT } from '../projections/overdue.ts'

/** Key of `node_setting` under which a backup leaves its time and place: `{ "at": instant, "folder": path }`. */
const LAST_BACKUP = 'last-backup'

export type LogFigures = {
  readonly size: number
  readonly publishedSize: number
  readonly isFrozen: boolean
  readonly pending: number
  /** Of the oldest entry that is not signed yet. */
  readonly oldestPendingAt: number | undefined
}

export type WitnessFigures = {
  /** Newest size that it has cosigned. */
  readonly cosignedSize: number
  /** When it said so, by its own clock. */
  readonly cosignedAt: number | undefined
  /** When the oldest entry that it has not cosigned was accepted. */
  readonly waitingSince: number | undefined
}

export type PeerFigures = {
  /** Messages without a receipt. */
  readonly waiting: number
  readonly waitingSince: number | undefined
  readonly isStopped: boolean
  readonly isFrozen: boolean
  /** Of its messages, today in UTC. */
  readonly takenToday: number
  /** When its head was last had. */
  readonly seenAt: number | undefined
}

/** Of the logs of one peer that the monitor of this node follows. */
export type PeerLogFigures = {
  readonly node: string
  /** What is on record against them. */
  readonly findings: number
  /** When witnesses last confirmed the open one. */
  readonly freshAt: number | undefined
  /** Since when one of them does not answer. */
  readonly failingSince: number | undefined
}

export type DueFigures = {
  readonly overdueDeadlines: number
  readonly overdueDuties: number
}

/** Undefined before the first start. */
export async function logFigures(database: Database): Promise<LogFigures | undefined> {
  const { rows } = await sql<{
    size: string
    published: string
    frozen: boolean
    pending: string
    oldest: Date | null
  }>`
    select size, published_size as published, frozen_at is not null as frozen,
      (select count(*) from log_pending where ready) as pending,
      (select min(created_at) from log_pending where ready) as oldest
    from log_head`.execute(database)
  const [row] = rows
  return (
    row && {
      size: Number(row.size),
      publishedSize: Number(row.published),
      isFrozen: row.frozen,
      pending: Number(row.pending),
      oldestPendingAt: msOf(row.oldest),
    }
  )
}

/** @param vkey the witness's verifier key, as the configuration names it */
export async function witnessFigures(database: Database, vkey: string): Promise<WitnessFigures> {
  const { rows } = await sql<{ size: string; at: string | null; waiting: Date | null }>`
    select newest.size, newest.at,
      (select accepted_at from log_entry where seq = newest.size) as waiting
    from (
      select coalesce(max(size), 0) as size, max(time_seconds) as at
      from log_cosig where witness = ${vkey}
    ) newest`.execute(database)
  const [row] = rows
  return {
    cosignedSize: Number(row?.size ?? 0),
    cosignedAt: row?.at == null ? undefined : Number(row.at) * 1000,
    waitingSince: msOf(row?.waiting),
  }
}

export async function peerFigures(database: Database, peer: string): Promise<PeerFigures> {
  const { rows } = await sql<{
    waiting: string
    first: string | null
    stopped: boolean
    frozen: boolean
    taken: number
    seen: Date | null
  }>`
    with open as (
      select id from fed_out_pending where destination = ${peer}
      union all
      select id from fed_out where destination = ${peer} and decision is null
    )
    select count(*) as waiting, min(id::text) as first,
      exists (select from fed_out_channel
        where destination = ${peer} and stopped_reason is not null) as stopped,
      exists (select from fed_in_channel
        where origin = ${peer} and frozen_at is not null) as frozen,
      coalesce((select messages from fed_in_day
        where origin = ${peer} and day = (now() at time zone 'UTC')::date), 0) as taken,
      (select max(seen_at) from fed_head where signed_by = ${peer}) as seen
    from open`.execute(database)
  const [row] = rows
  return {
    waiting: Number(row?.waiting ?? 0),
    waitingSince: row?.first == null ? undefined : timeOfUuid(row.first),
    isStopped: row?.stopped ?? false,
    isFrozen: row?.frozen ?? false,
    takenToday: row?.taken ?? 0,
    seenAt: msOf(row?.seen),
  }
}

/** Counted in case time, like the deadlines themselves. */
export async function dueFigures(database: Database, caseNow: string): Promise<DueFigures> {
  const { rows } = await sql<{ deadlines: string; duties: string }>`
    select
      (select count(*) from p_deadline where state like 'overdue%'
        or (state = 'due' and ${OVERDUE_AT} <= ${caseNow}::timestamptz)) as deadlines,
      (select count(*) from p_duty
        where discharged_at is null and due_at < ${caseNow}::timestamptz) as duties
    `.execute(database)
  const [row] = rows
  return {
    overdueDeadlines: Number(row?.deadlines ?? 0),
    overdueDuties: Number(row?.duties ?? 0),
  }
}

export async function lastBackupAt(database: Database): Promise<number | undefined> {
  const row = await database
    .selectFrom('node_setting')
    .select('value')
    .where('key', '=', LAST_BACKUP)
    .executeTakeFirst()
  const at = Date.parse(String((row?.value as { at?: unknown } | undefined)?.at))
  return Number.isNaN(at) ? undefined : at
}

/** Where the last backup was put; undefined if nobody knows. */
export async function backupFolder(database: Database): Promise<string | undefined> {
  const row = await database
    .selectFrom('node_setting')
    .select('value')
    .where('key', '=', LAST_BACKUP)
    .executeTakeFirst()
  const { folder } = (row?.value ?? {}) as { readonly folder?: unknown }
  return typeof folder === 'string' ? folder : undefined
}

/** To be called when a backup is complete. */
export async function recordBackup(
  database: Database,
  backup: { readonly at: string; readonly folder: string },
): Promise<void> {
  const value = JSON.stringify(backup)
  await database
    .insertInto('node_setting')
    .values({ key: LAST_BACKUP, value })
    .onConflict((on) => on.column('key').doUpdateSet({ value }))
    .execute()
}

/** Ids of messages are UUIDs of version 7: their first 48 bits are the time. */
function timeOfUuid(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}

function msOf(date: Date | null | undefined): number | undefined {
  return date?.getTime()
}

export async function peerLogFigures(database: Database): Promise<readonly PeerLogFigures[]> {
  const { rows } = await sql<{
    node: string
    findings: number
    fresh: Date | null
    failing: Date | null
  }>`
    select node, sum(findings)::int as findings,
      max(fresh_at) filter (where not closed) as fresh,
      min(failing_since) filter (where not closed) as failing
    from monitored_log group by node order by node`.execute(database)
  return rows.map(({ node, findings, fresh, failing }) => ({
    node,
    findings,
    freshAt: fresh?.getTime(),
    failingSince: failing?.getTime(),
  }))
}
