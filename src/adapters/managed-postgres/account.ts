/**
 * The account that the database runs as. PostgreSQL refuses to run as root, so
 * root lends it an unprivileged account that the machine already has. No account
 * is ever made. An ordinary user runs it as itself.
 */
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { unavailable } from '../../base/errors.ts'

export type Account = { readonly name: string; readonly uid: number; readonly gid: number }

const PREFERRED = ['postgres', '_postgres', 'nobody']

/**
 * Undefined for an ordinary user: the database then runs as that user.
 *
 * @throws ComityError `unavailable` if root finds no account to lend
 */
export function databaseAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = parseAccounts(readFileSync('/etc/passwd', 'utf8'))
  for (const name of PREFERRED) {
    const account = accounts.find((candidate) => candidate.name === name)
    if (account !== undefined) return account
  }
  throw unavailable(
    'root cannot run the database and the machine has no account postgres or nobody; ' +
      'start as an ordinary user or set DATABASE_URL',
    { reason: 'no-database-account' },
  )
}

/** The unprivileged accounts of a passwd(5) file. */
export function parseAccounts(passwd: string): readonly Account[] {
  return passwd.split('\n').flatMap((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':')
    if (!/^[1-9]\d*$/.test(uid) || !/^\d+$/.test(gid)) return []
    return [{ name, uid: Number(uid), gid: Number(gid) }]
  })
}

/** True if `account` may enter `folder`, by the mode bits of each folder on the way. */
export function canReach(account: Account, folder: string): boolean {
  const { uid, gid, mode } = statSync(folder)
  const entry = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
  if ((mode & entry) === 0) return false
  const parent = dirname(resolve(folder))
  return parent === folder || canReach(account, parent)
}
