/**
 * The managed database: a PostgreSQL server of our own on this machine, for
 * everyone who did not set DATABASE_URL. It is durable (every commit is on disk
 * before it is answered), listens on 127.0.0.1 only and asks for a password.
 *
 * It runs as long as the process that started it and stops with it, however that
 * ends. It is neither replicated nor backed up.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unavailable } from '../../base/errors.ts'
import { type Binaries, installBinaries } from './binaries.ts'
import { asAccount, type Cluster, openCluster, SERVER_ROLE, serverEnvironment } from './cluster.ts'
import { createDatabase, createRole, type DatabaseServer, dropDatabase } from './database-server.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { freePorts } from './free-port.ts'
import type { GuardOrder } from './guard.ts'
import {
  becomes,
  findServer,
  readPostmaster,
  removeStalePostmaster,
  signalWith,
  stopServer,
} from './server-process.ts'

export type ManagedPostgresOptions = {
  /** Made if missing. As root it must be reachable by the database account. */
  readonly dataFolder: string
  /** Where PostgreSQL's programs are copied to; shared between data folders. */
  readonly cacheFolder: string
  /** A free one if not given. */
  readonly port?: number
  /** Only for tests: does not wait for the disk, and is removed when it stops. */
  readonly isTemporary?: boolean
  /** Told in a few words what takes time. */
  readonly log?: (message: string) => void
}

export type ManagedPostgres = DatabaseServer & {
  readonly port: number
  readonly pid: number
  /** Settles when the server ends, by `stop` or by itself. */
  readonly ended: Promise<void>
}

const START_MS = 30_000
const START_ATTEMPTS = 3
const LOG_SIZE_MAX_BYTES = 10_000_000

/**
 * Starts the server of `dataFolder`. A server that a dead starter left behind is
 * stopped first; the data stay.
 *
 * @throws ComityError `unavailable`: in use by a living process (reason
 * `folder-in-use`), no binaries, no account, cannot start
 */
export async function startManagedPostgres(
  options: ManagedPostgresOptions,
): Promise<ManagedPostgres> {
  const isTemporary = options.isTemporary ?? false
  const log = options.log ?? (() => {})
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 })
  const folder = realpathSync(options.dataFolder)
  const lock = lockFolder(folder)
  let guard: ChildProcess | undefined
  try {
    const binaries = await installBinaries(options.cacheFolder)
    if (!existsSync(join(folder, 'data'))) log('preparing the database')
    const cluster = await openCluster(folder, binaries, !isTemporary)
    await clearTheWay(cluster, binaries, log)
    guard = startGuard(cluster, binaries, lock, isTemporary)
    const server = await startServer(cluster, binaries, { port: options.port, isTemporary })
    return managed({ cluster, binaries, lock, guard, server, isTemporary })
  } catch (error) {
    guard?.stdin?.end('.')
    lock.release()
    throw error
  }
}

async function clearTheWay(
  { pgData, logFile }: Cluster,
  binaries: Binaries,
  log: (message: string) => void,
): Promise<void> {
  const orphan = findServer(pgData)
  if (orphan !== undefined) {
    log('stopping the database of an earlier start')
    await stopServer(orphan.pid, 'fast', signalWith(binaries.pgCtl))
  }
  removeStalePostmaster(pgData)
  if (existsSync(logFile) && statSync(logFile).size > LOG_SIZE_MAX_BYTES) {
    renameSync(logFile, `${logFile}.1`)
  }
}

/** Starts before the server, so that at no moment the server is without it. */
function startGuard(
  cluster: Cluster,
  { pgCtl }: Binaries,
  lock: FolderLock,
  isTemporary: boolean,
): ChildProcess {
  const order: GuardOrder = {
    folder: cluster.folder,
    pgData: cluster.pgData,
    pgCtl,
    starter: lock.holder,
    mode: isTemporary ? 'immediate' : 'fast',
    removeFolder: isTemporary,
  }
  const script = fileURLToPath(new URL('guard.ts', import.meta.url))
  const guard = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
  })
  guard.on('error', () => {})
  guard.stdin.on('error', () => {})
  letGo(guard)
  return guard
}

type Running = {
  readonly child: ChildProcess
  readonly port: number
  readonly ended: Promise<void>
}
type StartServer = { readonly port: number | undefined; readonly isTemporary: boolean }

/** A free port may be taken by another program before the server binds it: then try the next. */
async function startServer(
  cluster: Cluster,
  binaries: Binaries,
  { port, isTemporary }: StartServer,
): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const chosen = port ?? (await freePorts(1))[0] ?? 0
    const started = spawnServer(cluster, binaries.postgres, settings(chosen, isTemporary))
    let isOver = false
    started.ended.then(() => {
      isOver = true
    })
    const { pid } = started.child
    const isReady = () => {
      // A file that an earlier server left says `ready` too.
      const postmaster = readPostmaster(cluster.pgData)
      return postmaster?.pid === pid && postmaster?.isReady === true
    }
    await becomes(() => isOver || isReady(), START_MS)
    if (!isOver && isReady()) return { ...started, port: chosen }
    if (!isOver && pid !== undefined) {
      await stopServer(pid, 'immediate', signalWith(binaries.pgCtl))
    }
    const reason = lastFatalLine(cluster.logFile)
    if (attempt < START_ATTEMPTS && port === undefined && /could not bind/.test(reason)) continue
    throw unavailable(`the database did not start: ${reason}; see ${cluster.logFile}`, {
      reason: 'database-did-not-start',
    })
  }
}

/** Detached: a terminal's Ctrl-C must not stop it before the nodes that use it. */
function spawnServer(cluster: Cluster, postgres: string, args: readonly string[]) {
  const logFile = openSync(cluster.logFile, 'a', 0o600)
  const child = spawn(postgres, ['-D', cluster.pgData, ...args], {
    ...asAccount(cluster.account),
    cwd: cluster.pgData,
    env: serverEnvironment(),
    stdio: ['ignore', logFile, logFile],
    detached: true,
    windowsHide: true,
  })
  closeSync(logFile)
  const ended = new Promise<void>((done) => {
    child.on('error', () => done())
    child.on('exit', () => done())
  })
  letGo(child)
  return { child, ended }
}

/** Given on the command line: the data folder is another account's, so we write nothing there. */
function settings(port: number, isTemporary: boolean): readonly string[] {
  const durable = isTemporary ? 'off' : 'on'
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '32MB',
    max_wal_size: '256MB',
    // What was erased goes with the segment that held it, at the next checkpoint.
    wal_recycle: 'off',
    io_method: 'sync',
    jit: 'off',
    timezone: 'UTC',
    fsync: durable,
    full_page_writes: durable,
    synchronous_commit: durable,
    password_encryption: 'scram-sha-256',
    // No statement, parameter or value of a statement reaches the log: with `log`
    // the server keeps its own messages and leaves errors of statements to the client.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_statement: 'none',
    log_error_verbosity: 'terse',
    log_parameter_max_length_on_error: 0,
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

type Parts = {
  readonly cluster: Cluster
  readonly binaries: Binaries
  readonly lock: FolderLock
  readonly guard: ChildProcess
  readonly server: Running
  readonly isTemporary: boolean
}

function managed({ cluster, binaries, lock, guard, server, isTemporary }: Parts): ManagedPostgres {
  const url = (database: string) =>
    `postgres://${SERVER_ROLE}:${cluster.password}@127.0.0.1:${server.port}/${database}`
  const { pid = 0 } = server.child
  let stopped: Promise<void> | undefined
  async function stop(): Promise<void> {
    const mode = isTemporary ? 'immediate' : 'fast'
    // Whoever waits for the end must not be ended by an empty event loop before.
    server.child.ref()
    if (server.child.exitCode === null && server.child.signalCode === null) {
      await stopServer(pid, mode, signalWith(binaries.pgCtl))
    }
    await server.ended
    guard.stdin?.end('.')
    lock.release()
    if (isTemporary) rmSync(cluster.folder, { recursive: true, force: true, maxRetries: 3 })
  }
  return {
    url,
    createDatabase: (name) => createDatabase(url('postgres'), name, { withOwnRole: true }),
    createRole: (database, suffix) => createRole(url('postgres'), database, suffix),
    dropDatabase: (name) => dropDatabase(url('postgres'), name, { withOwnRole: true }),
    stop: () => {
      stopped ??= stop()
      return stopped
    },
    port: server.port,
    pid,
    ended: server.ended,
  }
}

/** The server must not keep its starter's event loop alive. */
function letGo(child: ChildProcess): void {
  child.unref()
  const stdin = child.stdin as unknown as { unref?: () => void } | null
  stdin?.unref?.()
}

function lastFatalLine(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trim().split('\n').slice(-20)
  return lines.findLast((line) => /FATAL|PANIC|could not/.test(line)) ?? lines.at(-1) ?? ''
}
