/**
 * Where a run of tests keeps its temporary files: in memory where the machine has room for
 * them, else where programs keep theirs. Making and removing the folders and databases of
 * demonstration worlds costs more on a disk than what is done in them.
 *
 * Tests that are about disks are not run there (`staysOnDisk`).
 */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'

const MEMORY = '/dev/shm'
const PREFIX = 'comity-run-'
/** A world takes some hundred megabytes at most. */
const ROOM_BYTES = 4 * 2 ** 30
/** Of the machine, for what runs beside it. */
const MEMORY_BYTES = 8 * 2 ** 30

export type TestFolder = { readonly path: string; remove(): void }

/** Undefined where memory is no place for files; a caller who named a folder keeps it. */
export function folderInMemory(place: string = MEMORY): TestFolder | undefined {
  const { TMPDIR: named } = process.env
  if (named !== undefined || !hasRoom(place)) return undefined
  removeLeftBehind(place)
  const folder = mkdtempSync(path.join(place, `${PREFIX}${process.pid}-`))
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  if (isExecutableIn(folder)) {
    // The account that runs databases for root passes through.
    chmodSync(folder, 0o711)
    return { path: folder, remove }
  }
  remove()
  return undefined
}

/** Power cuts, full disks and failing calls are tested on what a node would run on. */
export function staysOnDisk(file: string): boolean {
  return file.startsWith('test/faults/seeded/')
}

function hasRoom(place: string): boolean {
  if (!existsSync(place)) return false
  const { bavail, bsize } = statfsSync(place)
  return bavail * bsize >= ROOM_BYTES && process.availableMemory() >= MEMORY_BYTES
}

/** Some systems let no program run from there. */
function isExecutableIn(folder: string): boolean {
  const probe = path.join(folder, 'probe')
  writeFileSync(probe, '', { mode: 0o700 })
  try {
    accessSync(probe, constants.X_OK)
    return true
  } catch {
    return false
  } finally {
    rmSync(probe)
  }
}

/** Of runs that were killed: memory is not given back by itself. */
function removeLeftBehind(place: string): void {
  for (const name of readdirSync(place)) {
    const pid = name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : undefined
    if (pid === undefined || isRunning(Number(pid))) continue
    rmSync(path.join(place, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
