/** Checks of the database: the server, its roles, its schema, and the people and deadlines in it. */
import { sql } from 'kysely'
import { requireDurableServer } from '../../adapters/postgres/database.ts'
import { dueFigures } from '../../adapters/postgres/operations/figures.ts'
import { schemaState, serverFacts, withDatabaseAt } from '../../adapters/postgres/schema-state.ts'
import { instantFromMs } from '../../base/time.ts'
import { OLDEST_POSTGRES, placeOf } from '../before-start.ts'
import { type Check, type Finding, warning, well, wrong } from './finding.ts'

export const server: Check = {
  name: 'database server',
  async run({ config, database }) {
    if (!database) return []
    const { version, role, isSuperuser, encoding } = await serverFacts(database)
    const found: Finding[] = []
    if (version < OLDEST_POSTGRES) {
      found.push(wrong(`PostgreSQL ${Math.floor(version / 10_000)}`, 'install version 17 or later'))
    }
    if (encoding !== 'UTF8') {
      found.push(wrong(`its encoding is ${encoding}`, 'create the database with encoding UTF8'))
    }
    if (isSuperuser) {
      found.push(
        warning(`the role ${role} is a superuser`, 'use a role of its own, see database.sql'),
      )
    }
    await requireDurableServer(database).catch((error: Error) => {
      found.push(wrong(error.message, 'what was acknowledged could be lost: change the setting'))
    })
    const where = placeOf(config.database.url)
    return found.length > 0
      ? found
      : [well(`PostgreSQL ${Math.floor(version / 10_000)} at ${where}`)]
  },
}

export const doorRoles: Check = {
  name: 'database roles of the doors',
  async run({ config }) {
    const { doors } = config.database
    if (doors === undefined) {
      return [
        warning(
          'every door uses the owner’s role: a fault in one reaches everything',
          'name database.doors in the configuration, see database.sql',
        ),
      ]
    }
    const found: Finding[] = []
    for (const [door, url] of Object.entries(doors)) {
      const facts = await withDatabaseAt(url, serverFacts).catch(
        ({ code }: { code?: string }) => code ?? 'no answer',
      )
      if (typeof facts === 'string') {
        found.push(wrong(`the role of ${door} cannot sign in (${facts})`, 'run database.sql'))
      } else if (facts.isSuperuser) {
        found.push(wrong(`the role of ${door} is a superuser`, 'run database.sql, use its roles'))
      }
    }
    return found.length > 0 ? found : [well('public, officers, federation')]
  },
}

export const migrations: Check = {
  name: 'database schema',
  async run({ database }) {
    if (!database) return []
    const { missing, unknown, skipped, isEmpty } = await schemaState(database)
    if (unknown.length > 0) {
      return [
        wrong(
          `it was upgraded by a newer Comity (${unknown.join(', ')})`,
          'install that version, or restore the backup made before the upgrade',
        ),
      ]
    }
    if (skipped.length > 0) {
      return [
        wrong(
          `an upgrade is half done (${skipped.join(', ')})`,
          'restore the backup made before the upgrade',
        ),
      ]
    }
    if (isEmpty) return [well('empty; the first start fills it')]
    if (missing.length > 0) {
      return [
        wrong(
          `it is of an older Comity (${missing.length} steps missing)`,
          'make a backup, then: comity serve --upgrade',
        ),
      ]
    }
    return [well('of this version')]
  },
}

export const suspendedAccounts: Check = {
  name: 'accounts since the restore',
  async run({ database }) {
    if (!database) return []
    const { rows } = await sql<{ count: string; administrators: string }>`
      select count(*) as count,
        count(*) filter (where 'administrator' = any (roles)) as administrators
      from officer where suspended_at is not null and wrapped_private_key <> ''`
      .execute(database)
      // Before an upgrade there is no such column.
      .catch(() => ({ rows: [] }))
    const count = Number(rows[0]?.count ?? 0)
    if (count === 0) return []
    return [
      warning(
        `${count} accounts are suspended until somebody vouches for them (${rows[0]?.administrators} administrators)`,
        'an administrator confirms or ends each on the page "People"; if none can sign in: comity restore administrator',
      ),
    ]
  },
}

export const overdue: Check = {
  name: 'deadlines and duties',
  async run({ database, nowMs }) {
    if (!database) return []
    const due = await dueFigures(database, instantFromMs(nowMs))
    const { overdueDeadlines, overdueDuties } = due
    if (overdueDeadlines + overdueDuties === 0) return [well('none overdue')]
    return [
      warning(
        `${overdueDeadlines} deadlines and ${overdueDuties} duties are overdue`,
        'tell the head of the case officers; the work list names them',
      ),
    ]
  },
}
