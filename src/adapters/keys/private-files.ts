/** Files that only their owner may read, written whole and durably or not at all. */
import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { unavailable } from '../../base/errors.ts'

const OWNER_ONLY = 0o600
const OTHERS = 0o077
const FILE_SIZE_MAX = 64 * 1024

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw unavailable(`${path} cannot be read`, { reason: 'key-file', cause: error })
    },
  )
}

/** @throws ComityError `unavailable` if others can read or change it */
export async function requirePrivate(path: string): Promise<void> {
  // Windows has no such bits; access is ruled by the folder's own list there.
  if (process.platform === 'win32') return
  const { mode } = await stat(path)
  if (mode % (OTHERS + 1) !== 0) {
    throw unavailable(`others can read ${path}: use chmod go=`, { reason: 'not-private' })
  }
}

/** @throws ComityError `unavailable` if it is missing, too long, or others can read it */
export async function readPrivate(path: string): Promise<Buffer> {
  if (!(await exists(path))) {
    throw unavailable(`${path} is missing`, { reason: 'key-file-missing' })
  }
  await requirePrivate(path)
  if ((await stat(path)).size > FILE_SIZE_MAX) {
    throw unavailable(`${path} is too long for a key`, { reason: 'key-file' })
  }
  return readFile(path)
}

/** A file that must not be there yet. */
export async function writePrivate(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', OWNER_ONLY)
  try {
    // A mode given to open is cut by the process's umask, never widened; this is exact.
    await handle.chmod(OWNER_ONLY)
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** In place of the old one, which stays whole if this ends half-way. */
export async function replacePrivate(path: string, content: string | Uint8Array): Promise<void> {
  const making = `${path}.${randomBytes(6).toString('hex')}.new`
  try {
    await writePrivate(making, content)
    await rename(making, path)
  } catch (error) {
    await rm(making, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Flushes the entries of a folder. Windows cannot open one. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
