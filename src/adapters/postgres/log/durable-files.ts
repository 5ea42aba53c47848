/**
 * Files that are still there after a power cut: written beside their place,
 * flushed, renamed, and the folder flushed too.
 *
 * An error of a flush is `MustRestart`: the system may have dropped the data
 * and will not say so twice. Nothing is read back to find out.
 */
import { readFileSync } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { equalBytes } from '../../../base/bytes.ts'
import { MustFreeze, MustRestart } from './stop-signals.ts'

export type DurableFolder = {
  readonly folder: string
  /** Distinguishes the unfinished files of two writers. */
  readonly writer: string
}

export type LogFile = { readonly path: string; readonly bytes: Uint8Array }

/** So many are on their way to the disk at a time. */
const WRITERS = 8

/**
 * Writes files that never change. One that is there already must hold the same bytes, and
 * is flushed again, since whoever wrote it may not have come to that. When this returns,
 * all of them are on disk; the folder of many is flushed once, after the last of them.
 *
 * @throws MustFreeze if one holds other bytes, whatever else went wrong
 */
export async function writeAllOnce(
  durable: DurableFolder,
  files: readonly LogFile[],
): Promise<void> {
  const places = files.map(({ path }) => dirname(join(durable.folder, path)))
  await inFolders([...new Set(places)], async () => {
    const waiting = [...files].reverse()
    const errors: unknown[] = []
    const writer = async () => {
      for (let file = waiting.pop(); file && errors.length === 0; file = waiting.pop()) {
        await putOnce(durable, file).catch((error) => errors.push(error))
      }
    }
    await Promise.all(Array.from({ length: Math.min(WRITERS, files.length) }, writer))
    if (errors.length > 0) throw errors.find((error) => error instanceof MustFreeze) ?? errors[0]
  })
}

async function putOnce(durable: DurableFolder, { path, bytes }: LogFile): Promise<void> {
  const file = join(durable.folder, path)
  const existing = await readIfThere(file)
  if (existing === undefined) return putFile(durable, file, bytes)
  if (!equalBytes(existing, bytes)) throw new MustFreeze(`file ${path} holds other bytes`)
  await flushPath(file)
}

/** Puts a file in place at once: readers see the old bytes or the new ones. */
export async function replaceFile(
  durable: DurableFolder,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const file = join(durable.folder, path)
  await inFolders([dirname(file)], () => putFile(durable, file, bytes))
}

/** Flushes the folders after the work, through handles that were open before it. */
async function inFolders(folders: readonly string[], work: () => Promise<void>): Promise<void> {
  const handles: FileHandle[] = []
  try {
    for (const folder of folders) {
      await makeFolder(folder)
      handles.push(await open(folder, 'r'))
    }
    await work()
    for (const handle of handles) await flush(handle)
  } finally {
    for (const handle of handles) await handle.close()
  }
}

/** In its place, but the folder is not flushed. */
async function putFile({ writer }: DurableFolder, file: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${file}.${writer}.tmp`
  const handle = await open(unfinished, 'w', 0o644)
  try {
    await handle.writeFile(bytes)
    await flush(handle)
  } finally {
    await handle.close()
  }
  await rename(unfinished, file)
}

export async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(file))
  } catch (error) {
    return unlessMissing(error)
  }
}

/** The same without a thread for it, for a small file. */
export function readAtOnce(file: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(file))
  } catch (error) {
    return unlessMissing(error)
  }
}

function unlessMissing(error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
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
