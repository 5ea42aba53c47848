/** Checks of the database, and of what it says about log, exchange and backups. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { MANIFEST } from '../../adapters/backup/manifest.ts'
import { nodePrimitives } from '../../adapters/node-primitives.ts'
import { pinnedPeers } from '../../adapters/peers/pinned-folder.ts'
import { requireDurableServer } from '../../adapters/postgres/database.ts'
import { unsealedEntries } from '../../adapters/postgres/log/receipts.ts'
import {
  backupFolder,
  dueFigures,
  lastBackupAt,
  logFigures,
  peerFigures,
  peerLogFigures,
  witnessFigures,
} from '../../adapters/postgres/operations/figures.ts'
import { postgresRenewalNotes } from '../../adapters/postgres/renewal-notes.ts'
import { schemaState, serverFacts, withDatabaseAt } from '../../adapters/postgres/schema-state.ts'
import { DAY_MS, HOUR_MS, instantFromMs, MINUTE_MS, msOf } from '../../base/time.ts'
import { otherKeysOf } from '../../proof/policy.ts'
import { formatVkey, KEY_TYPE, parseVkey } from '../../proof/vkey.ts'
import { RENEWAL_REFUSALS, type WhyNotRenewed } from '../../wire/exchange/renewal.ts'
import { OLDEST_POSTGRES, placeOf } from '../before-start.ts'
import { MESSAGES_PER_PEER_AND_DAY } from '../config/exchange.ts'
import { effectivePolicy } from '../log-history.ts'
import { type Check, type Finding, warning, well, wrong } from './finding.ts'

const OUTBOX_LATE_MS = HOUR_MS
const WITNESS_LATE_MS = HOUR_MS
const LOG_LATE_MS = 15 * MINUTE_MS
const PEER_LOG_STALE_MS = 30 * MINUTE_MS
const BACKUP_LATE_MS = 26 * HOUR_MS
/** As docs/operating/backup-and-restore.md states it. */
const BACKUP_LIFE_MS = 31 * DAY_MS

/** What peers show that did not take the place of what is pinned. */
export const renewals: Check = {
  name: 'documents of peers',
  async run({ config, database, nowMs }) {
    if (!database) return []
    // Before an upgrade there is no such table.
    const notes = await postgresRenewalNotes(database)
      .all()
      .catch(() => [])
    const pinned = new Set(
      pinnedPeers(join(config.folder, 'peers')).map(({ document }) => document.node),
    )
    return (
      notes
        .filter(({ node }) => pinned.has(node))
        // What was too often for a day is not any more.
        .filter(({ why, at }) => why !== 'too-often' || nowMs - msOf(at) < DAY_MS)
        .map(({ node, outcome, why, fingerprint, at }) => {
          if (outcome === 'renewed') {
            return well(
              `that of ${node} was renewed by itself at ${at}; fingerprint ${fingerprint}`,
            )
          }
          if (why === 'changed-on-disk') {
            return warning(
              `that of ${node} was pinned anew while the node runs`,
              'restart the node',
            )
          }
          if (why === 'too-often') {
            return wrong(
              `that of ${node} changed too often; the newest is not taken for now`,
              'call its administrator by a number that you knew before; if the changes are theirs, wait, or get the file and pin it: comity peer add FILE --replace; if not, their key may be in other hands',
            )
          }
          const because = RENEWAL_REFUSALS[why as WhyNotRenewed]
          return wrong(
            `${node} shows another document, and ${because}; fingerprint ${fingerprint ?? 'unknown'}`,
            'call its administrator by a number that you knew before; if it is theirs, get the file and pin it: comity peer add FILE --replace; if not, their key may be in other hands',
          )
        })
    )
  },
}

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

export const log: Check = {
  name: 'log',
  async run({ config, database, nowMs }) {
    const figures = database && (await logFigures(database))
    if (!database || !figures) return []
    if (figures.isFrozen) {
      return [
        wrong(
          'it is frozen: it contradicts itself or a witness',
          'change nothing; read docs/operating/monitoring.md, "Frozen log"',
        ),
      ]
    }
    const found: Finding[] = []
    if (nowMs - (figures.oldestPendingAt ?? nowMs) > LOG_LATE_MS) {
      found.push(
        wrong(
          `${figures.pending} entries wait, the oldest for ${hours(nowMs, figures.oldestPendingAt)}`,
          'is the node running? Look for its log-warning lines',
        ),
      )
    }
    const { policy } = await effectivePolicy(config, database)
    const asked = config.log.witnesses.flatMap(({ vkey }) => {
      const key = parseVkey(nodePrimitives, vkey)
      return [key, ...otherKeysOf(policy, key)]
    })
    for (const key of asked) {
      const { waitingSince } = await witnessFigures(database, formatVkey(key))
      if (nowMs - (waitingSince ?? nowMs) > WITNESS_LATE_MS) {
        const how = key.type === KEY_TYPE.mlDsa44Cosignature ? ' by ML-DSA-44' : ''
        found.push(
          warning(
            `witness ${key.name} has not cosigned${how} for ${hours(nowMs, waitingSince)}`,
            'ask its operator',
          ),
        )
      }
    }
    const unsealed = await unsealedEntries({ database, policy, primitives: nodePrimitives })
    if (nowMs - (unsealed.since ?? nowMs) > LOG_LATE_MS) {
      found.push(
        warning(
          `degraded: no quorum has cosigned ${unsealed.count} signed entries, the oldest for ${hours(nowMs, unsealed.since)}`,
          'their receipts are not sealed; look at the witnesses of the policy',
        ),
      )
    }
    return found.length > 0 ? found : [well(`${figures.size} entries signed`)]
  },
}

export const exchange: Check = {
  name: 'exchange',
  async run({ config, database, nowMs }) {
    const peers = pinnedPeers(join(config.folder, 'peers'))
    if (!database || peers.length === 0) return []
    const found: Finding[] = []
    for (const { document } of peers) {
      const { node } = document
      const figures = await peerFigures(database, node)
      if (figures.isFrozen) {
        found.push(
          wrong(
            `${node} has signed two histories; its messages are not taken`,
            'telephone its administrator; both signed headers are kept',
          ),
        )
      }
      const bound = config.exchange?.messagesPerPeerAndDay ?? MESSAGES_PER_PEER_AND_DAY
      if (figures.takenToday >= bound) {
        found.push(
          warning(
            `${node} has reached its bound of ${bound} messages a day; the others come tomorrow`,
            'ask its administrator; for honest work raise exchange.messagesPerPeerAndDay',
          ),
        )
      }
      if (figures.isStopped) {
        found.push(
          wrong(
            `${node} refused a delivery; ${figures.waiting} messages wait for an operator`,
            'mend the reason shown by its answer above or in the lines of kind exchange-alarm',
          ),
        )
      } else if (nowMs - (figures.waitingSince ?? nowMs) > OUTBOX_LATE_MS) {
        found.push(
          warning(
            `${figures.waiting} messages for ${node} wait, the oldest for ${hours(nowMs, figures.waitingSince)}`,
            'look at the check of that peer; telephone if a deadline depends on it',
          ),
        )
      }
    }
    return found.length > 0 ? found : [well('nothing stuck, nothing frozen')]
  },
}

export const peerLogs: Check = {
  name: 'logs of peers',
  async run({ database, nowMs }) {
    // Before an upgrade there is no such table.
    const logs = database ? await peerLogFigures(database).catch(() => []) : []
    const found = logs.flatMap(({ node, findings, freshAt, failingSince }): Finding[] => {
      if (findings > 0) {
        return [
          wrong(
            `${findings} findings about the log of ${node} are on record`,
            'read them on the page "Logs of peers"; docs/operating/monitoring.md says what each means',
          ),
        ]
      }
      // One that does not answer is told by the check of peers.
      if (failingSince !== undefined || nowMs - (freshAt ?? nowMs) <= PEER_LOG_STALE_MS) return []
      return [
        warning(
          `no witness has confirmed the log of ${node} for ${hours(nowMs, freshAt)}`,
          'ask its administrator, then the operators of the witnesses',
        ),
      ]
    })
    if (found.length > 0 || logs.length === 0) return found
    return [well(`${logs.length} peers show one history`)]
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

export const backup: Check = {
  name: 'backup',
  async run({ database, nowMs }) {
    if (!database) return []
    const at = await lastBackupAt(database)
    const mend =
      'comity backup; then let a timer do it every day (docs/operating/backup-and-restore.md)'
    if (at === undefined) return [warning('there was none yet', mend)]
    const says = `the last one is ${hours(nowMs, at)} old`
    return [nowMs - at > BACKUP_LATE_MS ? warning(says, mend) : well(says)]
  },
}

/** What was erased lives on in a backup until that is deleted. */
export const backupLife: Check = {
  name: 'life of backups',
  async run({ database, nowMs }) {
    const folder = database && (await backupFolder(database))
    if (!folder) return []
    const made = await backupsIn(folder)
    if (!made) return [warning(`${folder} cannot be read from here`, 'look there for old backups')]
    const old = made.filter((at) => nowMs - at > BACKUP_LIFE_MS).length
    const mend = 'delete them: what was erased lives on in them (docs/operating/erasure.md)'
    return [
      old > 0
        ? warning(`${old} of ${made.length} backups are older than 30 days`, mend)
        : well(`none of ${made.length} is older than 30 days`),
    ]
  },
}

/** When each was completed; undefined if the folder cannot be read. */
async function backupsIn(folder: string): Promise<readonly number[] | undefined> {
  try {
    const names = await readdir(folder)
    const times = names.map((name) =>
      stat(join(folder, name, MANIFEST)).then(
        ({ mtimeMs }) => mtimeMs,
        () => undefined,
      ),
    )
    return (await Promise.all(times)).filter((at) => at !== undefined)
  } catch {
    return undefined
  }
}

function hours(nowMs: number, since: number | undefined): string {
  const ms = nowMs - (since ?? nowMs)
  return ms > 2 * DAY_MS ? `${Math.floor(ms / DAY_MS)} days` : `${Math.floor(ms / HOUR_MS)} hours`
}
