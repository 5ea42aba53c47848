/** What this node's monitor has seen of peers' logs, one row a log. The running node alone writes. */
import type { PeerLog, PeerLogs } from '../../../app/ports/peer-logs.ts'
import { textFromUtf8, utf8 } from '../../../base/bytes.ts'
import { type Instant, instantFromMs, SECOND_MS } from '../../../base/time.ts'
import { headIn } from '../../../wire/monitor/finding.ts'
import { NOTHING, type Remembered } from '../../../wire/monitor/look.ts'
import type { Database } from '../database.ts'
import { sizeOf } from './tables.ts'

export type MonitoredState = Remembered & Pick<PeerLog, 'reachedAt' | 'failingSince'>

export type MonitoredLook = Omit<PeerLog, 'treeSize'> & {
  readonly head: string | undefined
  readonly servedSize: number | undefined
  /** On record of this log. */
  readonly findings: number
}

export async function monitoredState(database: Database, origin: string): Promise<MonitoredState> {
  const row = await database
    .selectFrom('monitored_log')
    .selectAll()
    .where('origin', '=', origin)
    .executeTakeFirst()
  if (!row) return { ...NOTHING, reachedAt: undefined, failingSince: undefined }
  return {
    head: row.head ? textFromUtf8(new Uint8Array(row.head)) : undefined,
    auditedSize: sizeOf(row.audited_size),
    freshAt: row.fresh_at ? row.fresh_at.getTime() / SECOND_MS : undefined,
    reachedAt: at(row.reached_at),
    failingSince: at(row.failing_since),
  }
}

export async function keepMonitored(database: Database, look: MonitoredLook): Promise<void> {
  const { origin } = look
  const values = {
    node: look.node,
    head: look.head === undefined ? null : utf8(look.head),
    audited_size: look.auditedSize,
    fresh_at: look.freshAt === undefined ? null : instantFromMs(look.freshAt * SECOND_MS),
    looked_at: look.lookedAt,
    reached_at: look.reachedAt ?? null,
    failing_since: look.failingSince ?? null,
    failure: look.failure ?? null,
    served_size: look.servedSize ?? null,
    witnesses_reached: look.witnessesReached,
    closed: look.isClosed,
    suspicions: [...look.suspicions],
    findings: look.findings,
  }
  await database
    .insertInto('monitored_log')
    .values({ origin, ...values })
    .onConflict((on) => on.column('origin').doUpdateSet(values))
    .execute()
}

/** Of a log that closed, and was looked at then, the last look; for how often it is looked at. */
export async function lookedAt(database: Database, origin: string): Promise<Instant | undefined> {
  const row = await database
    .selectFrom('monitored_log')
    .select('looked_at')
    .where('origin', '=', origin)
    .executeTakeFirst()
  return row && at(row.looked_at)
}

export function postgresPeerLogs(database: Database): PeerLogs {
  return {
    async all() {
      const rows = await database
        .selectFrom('monitored_log')
        .selectAll()
        .orderBy('node')
        .orderBy('origin')
        .execute()
      return rows.map((row) => ({
        origin: row.origin,
        node: row.node,
        treeSize: row.head ? headIn(textFromUtf8(new Uint8Array(row.head))).treeSize : undefined,
        auditedSize: sizeOf(row.audited_size),
        freshAt: row.fresh_at ? row.fresh_at.getTime() / SECOND_MS : undefined,
        lookedAt: instantFromMs(row.looked_at.getTime()),
        reachedAt: at(row.reached_at),
        failingSince: at(row.failing_since),
        failure: row.failure ?? undefined,
        witnessesReached: row.witnesses_reached,
        isClosed: row.closed,
        suspicions: row.suspicions,
      }))
    },
  }
}

function at(date: Date | null): Instant | undefined {
  return date === null ? undefined : instantFromMs(date.getTime())
}
