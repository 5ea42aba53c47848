/**
 * A lock on a folder: at most one living process of this machine holds it. It
 * ends with its holder, however that ends, because the lock names the process.
 *
 * Not for network folders or for containers that share one: a holder there is
 * taken for dead.
 */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { invariant, unavailable } from '../../base/errors.ts'
import {
  identifyProcess,
  isRunning,
  type ProcessIdentity,
  sameProcess,
} from './process-identity.ts'

const LOCK_FILE = 'in-use.json'
const ATTEMPTS_MAX = 5

export type FolderLock = {
  readonly holder: ProcessIdentity
  release(): void
}

/**
 * Locks `folder` for this process. A second lock of the same process is refused too.
 *
 * @throws ComityError `unavailable`, reason `folder-in-use`
 */
export function lockFolder(folder: string): FolderLock {
  const holder = identifyProcess(process.pid)
  invariant(holder !== undefined, 'this process runs')
  const lockFile = join(folder, LOCK_FILE)
  const ours = `${lockFile}.${randomUUID()}`
  writeFileSync(ours, JSON.stringify(holder), { mode: 0o600, flag: 'wx' })
  try {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (linked(ours, lockFile)) return { holder, release: () => release(lockFile, holder) }
      const other = lockHolder(folder)
      if (other !== undefined) throw inUse(folder, other)
      removeStale(folder, lockFile)
    }
  } finally {
    rmSync(ours, { force: true })
  }
  throw unavailable(`the folder ${folder} cannot be locked`, { reason: 'folder-in-use' })
}

/** The living process that holds the lock, or undefined. */
export function lockHolder(folder: string): ProcessIdentity | undefined {
  const holder = readLock(join(folder, LOCK_FILE))
  return holder !== undefined && isRunning(holder) ? holder : undefined
}

/** Moves a dead holder's lock away. What was moved is looked at again: another may have been faster. */
function removeStale(folder: string, lockFile: string): void {
  const aside = `${lockFile}.${randomUUID()}`
  try {
    renameSync(lockFile, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const moved = readLock(aside)
  if (moved !== undefined && isRunning(moved)) {
    linked(aside, lockFile)
    rmSync(aside)
    throw inUse(folder, moved)
  }
  rmSync(aside)
}

function release(lockFile: string, holder: ProcessIdentity): void {
  const current = readLock(lockFile)
  if (current !== undefined && sameProcess(current, holder)) rmSync(lockFile, { force: true })
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readLock(file: string): ProcessIdentity | undefined {
  try {
    const { pid, start } = JSON.parse(readFileSync(file, 'utf8'))
    return Number.isSafeInteger(pid) && typeof start === 'string' ? { pid, start } : undefined
  } catch {
    return undefined
  }
}

function inUse(folder: string, holder: ProcessIdentity) {
  return unavailable(`the folder ${folder} is in use by process ${holder.pid}`, {
    reason: 'folder-in-use',
  })
}
