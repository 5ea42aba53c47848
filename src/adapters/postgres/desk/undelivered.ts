/** Mails and hooks that were given up, on PostgreSQL. Opens none of them. */
import type { Undelivered, UndeliveredItem } from '../../../app/ports/undelivered.ts'
import { isUuid } from '../../../base/ids.ts'
import { instantFromMs } from '../../../base/time.ts'
import type { Database } from '../database.ts'

const LIST_MAX = 100

export function postgresUndelivered(database: Database): Undelivered {
  return {
    async list() {
      const items = await Promise.all([mails(database), hooks(database)])
      return items
        .flat()
        .sort((a, b) => (a.endedAt < b.endedAt ? 1 : -1))
        .slice(0, LIST_MAX)
    },
    async again(kind, id) {
      if (!isUuid(id)) return false
      const fresh = { state: 'waiting', attempts: 0, fault: null, ended_at: null } as const
      const { numUpdatedRows } =
        kind === 'mail'
          ? await database
              .updateTable('mail_out')
              .set({ ...fresh, send_at: new Date() })
              .where('id', '=', id)
              .where('state', '=', 'failed')
              .where((where) => where(where.fn('octet_length', ['sealed_message']), '>', 0))
              .executeTakeFirstOrThrow()
          : await database
              .updateTable('hook_delivery')
              .set({ ...fresh, next_at: new Date() })
              .where('id', '=', id)
              .where('state', '=', 'dead')
              .executeTakeFirstOrThrow()
      return numUpdatedRows > 0n
    },
    async drop(kind, id) {
      if (!isUuid(id)) return false
      const { numDeletedRows } =
        kind === 'mail'
          ? await database
              .deleteFrom('mail_out')
              .where('id', '=', id)
              .where('state', '=', 'failed')
              .executeTakeFirstOrThrow()
          : await database
              .deleteFrom('hook_delivery')
              .where('id', '=', id)
              .where('state', '=', 'dead')
              .executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },
  }
}

async function mails(database: Database): Promise<UndeliveredItem[]> {
  const rows = await database
    .selectFrom('mail_out')
    .select((select) => [
      'id',
      'officer_id',
      'attempts',
      'fault',
      'ended_at',
      select.fn<number>('octet_length', ['sealed_message']).as('size'),
    ])
    .where('state', '=', 'failed')
    .orderBy('ended_at', 'desc')
    .limit(LIST_MAX)
    .execute()
  return rows.map(({ id, officer_id, attempts, fault, ended_at, size }) => ({
    kind: 'mail',
    id,
    officer: officer_id ?? undefined,
    endpoint: undefined,
    fault: fault ?? undefined,
    attempts,
    endedAt: instantFromMs(ended_at?.getTime() ?? 0),
    isKept: size > 0,
  }))
}

async function hooks(database: Database): Promise<UndeliveredItem[]> {
  const rows = await database
    .selectFrom('hook_delivery')
    .select(['id', 'endpoint', 'attempts', 'fault', 'ended_at'])
    .where('state', '=', 'dead')
    .orderBy('ended_at', 'desc')
    .limit(LIST_MAX)
    .execute()
  return rows.map(({ id, endpoint, attempts, fault, ended_at }) => ({
    kind: 'hook',
    id,
    officer: undefined,
    endpoint,
    fault: fault ?? undefined,
    attempts,
    endedAt: instantFromMs(ended_at?.getTime() ?? 0),
    isKept: true,
  }))
}
