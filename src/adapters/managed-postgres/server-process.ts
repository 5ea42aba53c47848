/**
 * A PostgreSQL server process as seen from outside: what its `postmaster.pid`
 * says, whether such a process really serves that folder, and how it is stopped.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unavailable } from '../../base/errors.ts'
import { identifyProcess, isRunning } from './process-identity.ts'

export type Postmaster = {
  readonly pid: number
  readonly port: number
  readonly isReady: boolean
}

/** PostgreSQL's words: `fast` ends sessions and writes all out; `immediate` leaves a recovery. */
export type StopMode = 'fast' | 'immediate'

const POLL_MS = 10
const FAST_STOP_MS = 10_000
const IMMEDIATE_STOP_MS = 5_000

/** Reads the eight lines that the server keeps while it runs (PostgreSQL: miscadmin.h). */
export function readPostmaster(pgData: string): Postmaster | undefined {
  let lines: string[]
  try {
    lines = readFileSync(join(pgData, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined
  return { pid, port, isReady: lines[7]?.trim() === 'ready' }
}

/** The server that runs on `pgData`, whoever started it; undefined if none does. */
export function findServer(pgData: string): Postmaster | undefined {
  const postmaster = readPostmaster(pgData)
  return postmaster !== undefined && serves(postmaster.pid, pgData) ? postmaster : undefined
}

/** Stops the server with that number and waits for its end. */
export async function stopServer(
  pid: number,
  mode: StopMode,
  signal: (pid: number, mode: StopMode) => void = signalServer,
): Promise<void> {
  const identity = identifyProcess(pid)
  const gone = () => identity === undefined || !isRunning(identity)
  if (gone()) return
  if (mode === 'fast') {
    signal(pid, 'fast')
    if (await becomes(gone, FAST_STOP_MS)) return
  }
  signal(pid, 'immediate')
  if (await becomes(gone, IMMEDIATE_STOP_MS)) return
  throw unavailable(`the database process ${pid} does not stop`)
}

/**
 * Removes a `postmaster.pid` whose number another program has by now: the server
 * would refuse to start. Where it names no process, PostgreSQL sees that itself.
 *
 * Never while any process still works in the folder: the file is what keeps a new
 * server from starting beside the old one's remaining backends.
 */
export function removeStalePostmaster(pgData: string): void {
  const postmaster = readPostmaster(pgData)
  if (postmaster === undefined || process.platform !== 'linux') return
  if (identifyProcess(postmaster.pid) === undefined || hasProcessIn(pgData)) return
  rmSync(join(pgData, 'postmaster.pid'), { force: true })
}

/** True as soon as `condition` holds; false after `timeoutMs`. */
export async function becomes(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const until = performance.now() + timeoutMs
  while (!condition()) {
    if (performance.now() > until) return false
    await sleep(POLL_MS)
  }
  return true
}

function signalServer(pid: number, mode: StopMode): void {
  try {
    process.kill(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Windows has no signals: PostgreSQL's own program passes them on. */
export function signalWith(pgCtl: string): (pid: number, mode: StopMode) => void {
  if (process.platform !== 'win32') return signalServer
  return (pid, mode) => {
    execFileSync(pgCtl, ['kill', mode === 'fast' ? 'INT' : 'QUIT', String(pid)])
  }
}

/** A server names its data folder on its command line, which every account may read. */
function serves(pid: number, pgData: string): boolean {
  if (identifyProcess(pid) === undefined) return false
  if (process.platform === 'win32') return true
  if (process.platform === 'linux') {
    return commandLine(pid).includes(pgData) || worksIn(pid, pgData) === true
  }
  const ps = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return ps.stdout.includes(` ${pgData} `)
}

function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** Where a process's folder may not be seen, its being of the data's account counts. */
function hasProcessIn(pgData: string): boolean {
  const { uid } = statSync(pgData)
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.map(Number).some((pid) => worksIn(pid, pgData) ?? accountOf(pid) === uid)
}

/** Undefined if the system does not let us see it (a container's root, another account). */
function worksIn(pid: number, folder: string): boolean | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? undefined : false
  }
}

function accountOf(pid: number): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid
}
