/**
 * A PostgreSQL server on which each node gets a database of its own: the managed
 * one, or the one that DATABASE_URL names.
 *
 * On the managed server each database has a role of its own that can open no
 * other; on a given server the given role owns them all.
 */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { malformed, unavailable } from '../../base/errors.ts'

export type DatabaseServer = {
  /** To a database of that name, as the server's own (or the given) role. Holds the password. */
  url(database: string): string
  /**
   * Makes the database if it is missing and returns the URL for its user. On the
   * managed server the role gets a new password each time: the last URL is the valid one.
   */
  createDatabase(name: string): Promise<string>
  /**
   * Makes the role `<database>_<suffix>` if it is missing, which may connect to that
   * database and do nothing there yet, and returns its URL with a new password.
   * `undefined` on a given server whose own role may make no roles.
   */
  createRole(database: string, suffix: string): Promise<string | undefined>
  /** Ends its sessions and removes it, if it is there. */
  dropDatabase(name: string): Promise<void>
  /** Stops a managed server; leaves a given one alone. */
  stop(): Promise<void>
}

export type RoleChoice = {
  /** True: a role of the database's name. False: the role of the server's URL. */
  readonly withOwnRole: boolean
}

const DATABASE_NAME = /^[a-z][a-z0-9_]{0,62}$/
const DUPLICATE_DATABASE = '42P04'

/**
 * The server that `databaseUrl` names, whose role must be allowed to create databases.
 *
 * @throws ComityError `malformed`
 */
export function givenServer(databaseUrl: string): DatabaseServer {
  const url = (database: string) => withDatabaseName(databaseUrl, database)
  url('postgres')
  return {
    url,
    createDatabase: (name) => createDatabase(databaseUrl, name, { withOwnRole: false }),
    createRole: (database, suffix) => createRole(databaseUrl, database, suffix),
    dropDatabase: (name) => dropDatabase(databaseUrl, name, { withOwnRole: false }),
    stop: async () => {},
  }
}

/**
 * @param serverUrl with a role that may create databases (and roles, for `withOwnRole`)
 * @throws ComityError `malformed` for a name that is not lower-case letters, digits
 * and `_`; `unavailable` if the server cannot be reached or refuses
 */
export async function createDatabase(
  serverUrl: string,
  name: string,
  { withOwnRole }: RoleChoice,
): Promise<string> {
  requireDatabaseName(name)
  const password = randomBytes(24).toString('base64url')
  await onServer(serverUrl, async (client) => {
    if (withOwnRole) await setRole(client, name, password)
    const database = await client.query('select from pg_database where datname = $1', [name])
    if (database.rowCount !== 0) return
    await client
      .query(`create database "${name}" ${withOwnRole ? `owner "${name}"` : ''} template template0`)
      .catch(unlessDuplicate)
    if (withOwnRole) await client.query(`revoke all on database "${name}" from public`)
  })
  const url = new URL(withDatabaseName(serverUrl, name))
  if (withOwnRole) Object.assign(url, { username: name, password })
  return url.href
}

/** @throws ComityError as `createDatabase` */
export async function createRole(
  serverUrl: string,
  database: string,
  suffix: string,
): Promise<string | undefined> {
  const role = `${database}_${suffix}`
  requireDatabaseName(role)
  const password = randomBytes(24).toString('base64url')
  let isMade = false
  await onServer(serverUrl, async (client) => {
    const { rows } = await client.query<{ may: boolean }>(
      'select rolsuper or rolcreaterole as may from pg_roles where rolname = current_user',
    )
    if (!rows[0]?.may) return
    await setRole(client, role, password)
    await client.query(`grant connect on database "${database}" to "${role}"`)
    isMade = true
  })
  if (!isMade) return undefined
  const url = new URL(withDatabaseName(serverUrl, database))
  return Object.assign(url, { username: role, password }).href
}

async function setRole(client: pg.Client, name: string, password: string): Promise<void> {
  const role = await client.query('select from pg_roles where rolname = $1', [name])
  if (role.rowCount === 0) await client.query(`create role "${name}" login`)
  await client.query(`alter role "${name}" password '${password}'`)
}

/** Removes the database, and the roles that `createDatabase` and `createRole` made for it. */
export async function dropDatabase(
  serverUrl: string,
  name: string,
  { withOwnRole }: RoleChoice,
): Promise<void> {
  requireDatabaseName(name)
  await onServer(serverUrl, async (client) => {
    await client.query(`drop database if exists "${name}" with (force)`)
    if (!withOwnRole) return
    const { rows } = await client.query<{ rolname: string }>(
      "select rolname from pg_roles where rolname = $1 or starts_with(rolname, $1 || '_')",
      [name],
    )
    for (const { rolname } of rows) await client.query(`drop role "${rolname}"`)
  })
}

async function onServer(
  serverUrl: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  client.on('error', () => {})
  try {
    await client.connect()
    await work(client)
  } catch (cause) {
    const { host } = new URL(serverUrl)
    const why = cause instanceof Error ? cause.message : ''
    throw unavailable(`the database server at ${host} does not do its work: ${why}`, { cause })
  } finally {
    await client.end().catch(() => {})
  }
}

function unlessDuplicate(error: unknown): void {
  if ((error as { code?: string }).code !== DUPLICATE_DATABASE) throw error
}

function withDatabaseName(serverUrl: string, database: string): string {
  const url = URL.parse(serverUrl)
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw malformed('not a URL of the form postgres://user:password@host:port/database', {
      field: 'DATABASE_URL',
    })
  }
  url.pathname = `/${database}`
  return url.href
}

function requireDatabaseName(name: string): void {
  if (!DATABASE_NAME.test(name)) throw malformed('not a database name', { field: 'database' })
}
