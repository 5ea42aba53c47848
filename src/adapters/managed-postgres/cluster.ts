/**
 * The files of one managed database server. In its folder, which belongs to the
 * starting user: `data/` (PostgreSQL's own, the database account's), `password`
 * (of the role `comity`, 0600), `postgres.log`, the lock.
 *
 * A cluster appears complete or not at all: it is made beside its place and moved.
 */
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { unavailable } from '../../base/errors.ts'
import { type Account, canReach, databaseAccount } from './account.ts'
import type { Binaries } from './binaries.ts'

export type Cluster = {
  readonly folder: string
  readonly pgData: string
  readonly logFile: string
  /** Of the server's own role `comity`. */
  readonly password: string
  /** Undefined: the server runs as the starting user. */
  readonly account: Account | undefined
}

export const SERVER_ROLE = 'comity'

const MAKING = 'making-'

/** The environment of PostgreSQL's programs: nothing of ours but what Windows cannot do without. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot, PATH } = process.env
  return { LC_ALL: 'C', TZ: 'UTC', ...(SystemRoot && { SystemRoot }), ...(PATH && { PATH }) }
}

export function asAccount(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid }
}

/** A program that was making a cluster may still write as its start was cut short: try again. */
const REMOVED = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 } as const

/**
 * Opens the cluster of `folder`, which is made first where there is none yet.
 * The caller holds the folder's lock.
 *
 * @param isDurable false only for a temporary server: does not wait for the disk
 * @throws ComityError `unavailable`
 */
export async function openCluster(
  folder: string,
  binaries: Binaries,
  isDurable: boolean,
): Promise<Cluster> {
  const pgData = join(folder, 'data')
  const account = accountFor(pgData)
  if (account !== undefined) requireReach(account, folder)
  for (const name of readdirSync(folder)) {
    if (name.startsWith(MAKING)) rmSync(join(folder, name), REMOVED)
  }
  if (!existsSync(pgData)) await makeCluster(folder, pgData, { account, binaries, isDurable })
  requireVersion(pgData, binaries.majorVersion)
  const password = readFileSync(join(folder, 'password'), 'utf8')
  return { folder, pgData, logFile: join(folder, 'postgres.log'), password, account }
}

/** Root lends the account that made the data, so that a change of preference locks out nobody. */
function accountFor(pgData: string): Account | undefined {
  const account = databaseAccount()
  if (account === undefined || !existsSync(pgData)) return account
  const { uid, gid } = statSync(pgData)
  return uid === 0 ? account : { name: `number ${uid}`, uid, gid }
}

async function makeCluster(
  folder: string,
  pgData: string,
  { account, binaries, isDurable }: MakeCluster,
): Promise<void> {
  const making = join(folder, `${MAKING}${randomUUID()}`)
  const passwordForInitdb = join(folder, `${MAKING}${randomUUID()}`)
  const password = randomBytes(24).toString('base64url')
  mkdirSync(making, { mode: 0o700 })
  writeFileSync(passwordForInitdb, password, { mode: 0o600, flag: 'wx' })
  if (account !== undefined) {
    for (const path of [making, passwordForInitdb]) chownSync(path, account.uid, account.gid)
  }
  await initdb(binaries.initdb, making, passwordForInitdb, { account, isDurable })
  rmSync(passwordForInitdb)
  const kept = join(folder, 'password')
  rmSync(kept, { force: true })
  writeFileSync(kept, password, { mode: 0o600, flag: 'wx', flush: true })
  renameSync(making, pgData)
  if (isDurable) syncFolder(folder)
}

/** A new name in a folder is only safe from a power cut when the folder is on disk. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

type MakeCluster = {
  readonly account: Account | undefined
  readonly binaries: Binaries
  readonly isDurable: boolean
}

function initdb(
  program: string,
  pgData: string,
  passwordFile: string,
  { account, isDurable }: Omit<MakeCluster, 'binaries'>,
): Promise<void> {
  // The builtin locale sorts alike on every platform.
  const args = ['-D', pgData, '-U', SERVER_ROLE, '--pwfile', passwordFile, '--data-checksums']
  args.push('--auth=scram-sha-256', '--encoding=UTF8', '--locale=C')
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8')
  if (!isDurable) args.push('--no-sync')
  const child = spawn(program, args, {
    ...asAccount(account),
    cwd: pgData,
    env: serverEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint += text
  })
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) =>
      reject(unavailable('the database could not be prepared', { reason: 'initdb-failed', cause }))
    child.on('error', failed)
    child.on('close', (code) => (code === 0 ? resolve() : failed(new Error(complaint.trim()))))
  })
}

function requireVersion(pgData: string, majorVersion: string): void {
  const made = readFileSync(join(pgData, 'PG_VERSION'), 'utf8').trim()
  if (made === majorVersion) return
  throw unavailable(
    `the data in ${pgData} are of PostgreSQL ${made}, this Comity brings ${majorVersion}; ` +
      'start the Comity that made them, export, and import here',
    { reason: 'database-version' },
  )
}

/** Lets the account pass through `folder` (not list it); what is inside stays closed to it. */
function requireReach(account: Account, folder: string): void {
  chmodSync(folder, 0o711)
  if (canReach(account, folder)) return
  throw unavailable(
    `the account ${account.name}, which runs the database for root, cannot reach ${folder}`,
    { reason: 'private-data-folder' },
  )
}
