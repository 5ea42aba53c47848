/**
 * Where a start keeps its data: `.comity/` in the checkout, or the folder that
 * COMITY_DATA names. In it `nodes/<node id>/` (keys, log tiles), `postgres/` (the
 * managed database), `supervisor.json`, and a marker that says the folder is ours.
 *
 * Closed to other accounts. One exception, for root only: the account that runs
 * the database for root may pass through to `postgres/`. Where it cannot get that
 * far, because the checkout is private, the database lies outside, and the marker
 * remembers where.
 */
import { createHash, randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { canReach, databaseAccount } from '../adapters/managed-postgres/account.ts'
import { lockFolder } from '../adapters/managed-postgres/folder-lock.ts'
import { findServer, stopServer } from '../adapters/managed-postgres/server-process.ts'
import { ComityError, malformed, unavailable } from '../base/errors.ts'
import { requireNodeId } from '../base/ids.ts'

export type DataFolder = {
  readonly folder: string
  /** Keys and log tiles of one node; made if missing. */
  nodeFolder(nodeId: string): string
  /** For the managed database; chosen once and remembered. */
  postgresFolder(): string
  /** For programs, PostgreSQL's and compiled ones; shared between data folders where possible. */
  cacheFolder(): string
}

export type Reset = { readonly removed: readonly string[] }

type Marker = {
  readonly comity: 'data'
  /** Only where the database lies outside: its folder. */
  readonly postgresFolder?: string
  /** Only in such a folder outside: the data folder that it belongs to. */
  readonly dataFolder?: string
}

const MARKER_FILE = 'comity-data.json'

/** The folder that a start in `checkout` uses, made or not. */
export function dataFolderPath(checkout: string, environment: NodeJS.ProcessEnv): string {
  const { COMITY_DATA: named } = environment
  return named === undefined || named === '' ? join(checkout, '.comity') : resolve(named)
}

/**
 * Opens `folder`, which is made if missing.
 *
 * @throws ComityError `malformed` if it holds other things than Comity's data;
 * `unavailable` if it cannot be written
 */
export function openDataFolder(folder: string): DataFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (readMarker(folder) === undefined) claim(folder)
  } catch (cause) {
    if (cause instanceof ComityError) throw cause
    throw unavailable(`cannot write to ${folder}; set COMITY_DATA to a folder of your own`, {
      reason: 'data-folder',
      cause,
    })
  }
  const path = realpathSync(folder)
  return {
    folder: path,
    nodeFolder: (nodeId) => {
      const nodeFolder = join(path, 'nodes', requireNodeId(nodeId))
      mkdirSync(nodeFolder, { recursive: true, mode: 0o700 })
      return nodeFolder
    },
    postgresFolder: () => choosePostgresFolder(path),
    cacheFolder: () => programCacheFolder(path),
  }
}

/** A new data folder that is to be removed again with `resetData`. */
export function openTemporaryDataFolder(): DataFolder {
  return openDataFolder(makeTemporaryFolder('comity-'))
}

/** An empty folder that the database's account can reach if it is let into it. */
export function makeTemporaryFolder(prefix: string): string {
  const account = databaseAccount()
  const bases = [tmpdir(), '/var/tmp', '/tmp'].filter((base) => existsSync(base))
  const base = bases.find((candidate) => account === undefined || canReach(account, candidate))
  return realpathSync(mkdtempSync(join(base ?? tmpdir(), prefix)))
}

/**
 * Removes the data of `folder` and of its database outside. Only what carries our
 * marker; a database that a dead start left running is stopped.
 *
 * @throws ComityError `unavailable`, reason `folder-in-use`; `malformed` if the
 * folder is not ours
 */
export async function resetData(folder: string): Promise<Reset> {
  if (!existsSync(folder)) return { removed: [] }
  const marker = readMarker(folder)
  if (marker === undefined) throw notOurs(folder)
  const outside = marker.postgresFolder
  const lock = lockFolder(folder)
  try {
    const postgres = outside ?? join(folder, 'postgres')
    const isOurs = outside === undefined || readMarker(outside)?.dataFolder === realpathSync(folder)
    if (!existsSync(postgres) || !isOurs) return { removed: [empty(folder)] }
    const postgresLock = lockFolder(postgres)
    try {
      const server = findServer(join(postgres, 'data'))
      if (server !== undefined) await stopServer(server.pid, 'immediate')
      return { removed: [...(outside === undefined ? [] : [empty(outside)]), empty(folder)] }
    } finally {
      postgresLock.release()
    }
  } finally {
    lock.release()
  }
}

/** The marker goes last, so that a reset that was cut short can be done again. */
function empty(folder: string): string {
  for (const name of readdirSync(folder)) {
    if (name !== MARKER_FILE) remove(join(folder, name))
  }
  remove(join(folder, MARKER_FILE))
  try {
    rmdirSync(folder)
  } catch {
    // A mount point stays, empty.
  }
  return folder
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 })
}

function claim(folder: string): void {
  if (readdirSync(folder).length > 0) throw notOurs(folder)
  writeMarker(folder, { comity: 'data' })
}

function notOurs(folder: string) {
  return malformed(`${folder} holds other things than Comity's data`, { field: 'COMITY_DATA' })
}

function choosePostgresFolder(folder: string): string {
  const remembered = readMarker(folder)?.postgresFolder
  if (remembered !== undefined) return openOutside(folder, remembered)
  const inside = join(folder, 'postgres')
  const account = databaseAccount()
  if (account === undefined || existsSync(inside)) return inside
  if (canReach(account, dirname(folder))) {
    chmodSync(folder, 0o711)
    return inside
  }
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  const base = firstUsable(['/var/lib/comity', '/var/tmp'])
  const outside = openOutside(folder, join(base, `comity-${name}`))
  writeMarker(folder, { comity: 'data', postgresFolder: outside })
  return outside
}

/** The names in /var/tmp can be guessed: a folder that is not root's own is not used. */
function openOutside(folder: string, outside: string): string {
  mkdirSync(outside, { recursive: true, mode: 0o711 })
  const { uid } = lstatSync(outside)
  if (uid !== process.getuid?.() || !lstatSync(outside).isDirectory()) {
    throw unavailable(`${outside} belongs to another account`, { reason: 'data-folder' })
  }
  const owner = readMarker(outside)?.dataFolder
  if (owner !== undefined && owner !== folder && readMarker(owner)?.postgresFolder === outside) {
    throw unavailable(`the database in ${outside} belongs to ${owner}; set COMITY_DATA`, {
      reason: 'data-folder',
    })
  }
  if (owner !== folder) writeMarker(outside, { comity: 'data', dataFolder: folder })
  return outside
}

/** For programs: one that outlives data folders, else one in `folder`. */
export function programCacheFolder(folder: string): string {
  if (databaseAccount() !== undefined) return firstUsable(['/var/cache/comity', '/var/tmp/comity'])
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  const cache = XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache')
  return firstUsable([join(cache, 'comity'), join(folder, 'cache')])
}

/** The first that can be made, written and, by the database's account, entered. */
function firstUsable(candidates: readonly string[]): string {
  const account = databaseAccount()
  for (const candidate of candidates) {
    try {
      mkdirSync(candidate, { recursive: true, mode: 0o755 })
      const probe = join(candidate, `probe-${randomUUID()}`)
      writeFileSync(probe, '', { flag: 'wx' })
      rmSync(probe)
    } catch {
      continue
    }
    if (account === undefined || canReach(account, candidate)) return candidate
  }
  throw unavailable(`cannot write to any of ${candidates.join(', ')}`, { reason: 'data-folder' })
}

function readMarker(folder: string): Marker | undefined {
  try {
    const marker = JSON.parse(readFileSync(join(folder, MARKER_FILE), 'utf8'))
    return marker.comity === 'data' ? marker : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error as { code?: string }).code === 'ENOENT') {
      return undefined
    }
    throw unavailable(`cannot read ${folder}; does it belong to another account?`, {
      reason: 'data-folder',
      cause: error,
    })
  }
}

function writeMarker(folder: string, marker: Marker): void {
  const file = join(folder, MARKER_FILE)
  writeFileSync(`${file}.new`, `${JSON.stringify(marker)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}
