/**
 * Files that are still there after a power cut: written beside their place,
 * flushed, renamed, and the folder flushed too.
 *
 * An error of a flush is `MustRestart`: the system may have dropped the data
 * and will not say so twice. Nothing is read back to find out.
 */
import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { equalBytes } from '../../../base/bytes.ts'
import { MustFreeze, MustRestart } from './stop-signals.ts'

export type DurableFolder = {
  readonly folder: string
  /** Distinguishes the unfinished files of two writers. */
  readonly writer: string
}

/**
 * Writes a file that never changes. If it is there already it must hold the same
 * bytes, and is flushed again, since whoever wrote it may not have come to that.
 */
export async function writeOnce(
  durable: DurableFolder,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const file = join(durable.folder, path)
  const existing = await readIfThere(file)
  if (existing === undefined) return replaceFile(durable, path, bytes)
  if (!equalBytes(existing, bytes)) throw new MustFreeze(`file ${path} holds other bytes`)
  await flushPath(file)
  await flushPath(dirname(file))
}

/** Puts a file in place at once: readers see the old bytes or the new ones. */
export async function replaceFile(
  { folder, writer }: DurableFolder,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const file = join(folder, path)
  await makeFolder(dirname(file))
  const directory = await open(dirname(file), 'r')
  try {
    const unfinished = `${file}.${writer}.tmp`
    const handle = await open(unfinished, 'w', 0o644)
    try {
      await handle.writeFile(bytes)
      await flush(handle)
    } finally {
      await handle.close()
    }
    await rename(unfinished, file)
    await flush(directory)
  } finally {
    await directory.close()
  }
}

export async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(file))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/** Creates missing folders, and flushes the folder that each one is entered in. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  let made = folder
  while (made.length >= first.length) {
    made = dirname(made)
    await flushPath(made)
  }
}

async function flushPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await flush(handle)
  } finally {
    await handle.close()
  }
}

async function flush(handle: FileHandle): Promise<void> {
  try {
    await handle.sync()
  } catch (cause) {
    throw new MustRestart('a file could not be flushed to disk', { cause })
  }
}
