/**
 * What must hold before a node starts, beyond a sound configuration. Each refusal
 * says what is wrong and what to do; nothing is changed.
 */
import { schemaState, serverFacts, withDatabaseAt } from '../adapters/postgres/schema-state.ts'
import { unavailable } from '../base/errors.ts'

export const OLDEST_POSTGRES = 170_000

/**
 * @param mayUpgrade whether the administrator has said that the database may be
 * brought to this version
 * @throws ComityError `unavailable`
 */
export async function requireReadyDatabase(url: string, mayUpgrade: boolean): Promise<void> {
  const where = placeOf(url)
  const state = await withDatabaseAt(url, async (database) => {
    const { version } = await serverFacts(database)
    if (version < OLDEST_POSTGRES) {
      const major = Math.floor(version / 10_000)
      throw unavailable(`the database at ${where} is PostgreSQL ${major}; 17 or later is needed`)
    }
    return schemaState(database)
  }).catch((cause) => {
    throw cause.name === 'ComityError' ? cause : unreachable(where, cause)
  })
  if (state.unknown.length > 0) {
    throw refused(
      'database-ahead',
      `the database at ${where} was upgraded by a newer Comity (${state.unknown.join(', ')}): ` +
        'install that version again, or restore the backup made before the upgrade',
    )
  }
  if (state.skipped.length > 0) {
    throw refused(
      'upgrade-unfinished',
      `the upgrade of the database at ${where} is half done (${state.skipped.join(', ')} missing ` +
        'among later ones): restore the backup made before the upgrade',
    )
  }
  if (state.missing.length > 0 && !state.isEmpty && !mayUpgrade) {
    throw refused(
      'database-behind',
      `the database at ${where} is of an older Comity (${state.missing.join(', ')} missing): ` +
        'make a backup, then start once with --upgrade',
    )
  }
}

/** Host, port and name: never the role or its password. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

function unreachable(where: string, cause: { code?: unknown; message?: string }) {
  const code = typeof cause.code === 'string' ? cause.code : 'no answer'
  return unavailable(`the database at ${where} cannot be reached (${code}): ${adviceFor(code)}`, {
    reason: 'database-unreachable',
    cause,
  })
}

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'is the server running, and does it listen there?',
  ENOTFOUND: 'the host name is unknown',
  '28P01': 'the password of the role is wrong',
  '28000': 'the server does not let this role in from here (pg_hba.conf)',
  '3D000': 'there is no such database: run database.sql, which comity init wrote',
  '53300': 'the server has no connection left (max_connections)',
}

function adviceFor(code: string): string {
  return ADVICE[code] ?? 'look at database.url in the configuration, and at the server’s log'
}

function refused(reason: string, message: string) {
  return unavailable(message, { reason })
}
