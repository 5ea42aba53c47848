/** The roles of a node's database: one owner, one for each door, and the SQL that creates them. */
import type { Random } from '../../app/ports/random.ts'
import { toHex } from '../../base/bytes.ts'
import { malformed } from '../../base/errors.ts'

const ROLES = ['owner', 'public', 'officers', 'federation'] as const
const PASSWORD_SIZE = 24

export type DatabaseRole = {
  readonly name: string
  readonly password: string
  readonly url: string
}
export type DatabaseRoles = Readonly<Record<(typeof ROLES)[number], DatabaseRole>>

/** Passwords are drawn, but for the owner's if the URL has one. */
export function databaseRoles(databaseUrl: string, random: Random): DatabaseRoles {
  const given = new URL(databaseUrl)
  const owner = given.username || 'comity'
  const drawn = () => toHex(random.bytes(PASSWORD_SIZE))
  const role = (name: string, password: string): DatabaseRole => {
    const url = new URL(databaseUrl)
    url.username = name
    url.password = encodeURIComponent(password)
    return { name, password, url: url.href }
  }
  return {
    owner: role(owner, given.password ? passwordOf(given) : drawn()),
    public: role(`${owner}_public`, drawn()),
    officers: role(`${owner}_officers`, drawn()),
    federation: role(`${owner}_federation`, drawn()),
  }
}

function passwordOf({ password }: URL): string {
  try {
    return decodeURIComponent(password)
  } catch {
    throw malformed('the password in the URL is not percent-encoded', { field: 'databaseUrl' })
  }
}

/** For psql, once, as a superuser of the server. */
export function databaseSql(roles: DatabaseRoles): string {
  const name = databaseOf(roles)
  return [
    '-- Run once as a superuser: psql -v ON_ERROR_STOP=1 -f database.sql postgres',
    '-- Then delete this file: the passwords stand in comity.yaml too.',
    ...ROLES.map((key) => `create role "${roles[key].name}" login password ${quoted(roles[key])};`),
    `create database "${name}" owner "${roles.owner.name}" encoding 'UTF8' template template0;`,
    `revoke all on database "${name}" from public;`,
    ...ROLES.map((key) => `grant connect on database "${name}" to "${roles[key].name}";`),
    '',
  ].join('\n')
}

function databaseOf({ owner }: DatabaseRoles): string {
  return new URL(owner.url).pathname.slice(1)
}

/** A backslash is an ordinary character with standard_conforming_strings, on since version 9.1. */
function quoted({ password }: DatabaseRole): string {
  return `'${password.replaceAll("'", "''")}'`
}
