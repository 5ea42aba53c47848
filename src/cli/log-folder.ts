/**
 * A folder on disk as the files of a log. Everything in it is hostile: nothing but plain
 * files is opened, no link is followed, and no file is read whole that is too large.
 *
 * It reads without the threads for files: to hand over takes longer than a small read.
 */
import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { malformed } from '../base/errors.ts'
import type { LogCopy } from '../wire/log-copy-file.ts'

/** An entry bundle of 256 entries, each as long as it may be, is the largest file. */
const FILE_SIZE_MAX = 256 * (2 + 65_535)
/** `ledger/1/tile/0/x001/…` of 2^53 entries is not deeper. */
const DEPTH_MAX = 12
/** A log of 2^30 entries has hardly more. */
const KNOWN_FOLDERS_MAX = 10_000

export function logFolder(directory: string): LogCopy {
  const isInside = insideOf(directory)
  return {
    async read(path) {
      if (isInside(dirname(path))) return readPlain(join(directory, path), path)
      throw malformed('it is behind a link or a file', { field: path })
    },
    async partialWidths(path) {
      const folder = `${path}.p`
      return isInside(folder) ? widthsIn(join(directory, folder)) : []
    },
    paths: (prefix = '') => filesBelow(directory, prefix.replace(/\/$/, '')),
  }
}

/** Whether each folder on the way is one itself: a link could lead to what blocks, or never ends. */
function insideOf(root: string): (folder: string) => boolean {
  const known = new Map<string, boolean>([['.', true]])
  const look = (folder: string): boolean => {
    if (!isInside(dirname(folder))) return false
    const found = statsOf(join(root, folder))
    return found === undefined || found.isDirectory()
  }
  const isInside = (folder: string): boolean => {
    const before = known.get(folder)
    if (before !== undefined) return before
    const answer = look(folder)
    if (known.size < KNOWN_FOLDERS_MAX) known.set(folder, answer)
    return answer
  }
  return isInside
}

/** Of a link: its own. */
function statsOf(file: string) {
  try {
    return lstatSync(file, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

async function readPlain(file: string, field: string): Promise<Uint8Array | undefined> {
  try {
    const found = lstatSync(file)
    if (!found.isFile()) throw malformed('it is not a plain file', { field })
    if (found.size > FILE_SIZE_MAX) throw malformed('the file is too large', { field })
    const { buffer, byteOffset, length } = readFileSync(file)
    return new Uint8Array(buffer, byteOffset, length)
  } catch (error) {
    return unlessMissing(error, field)
  }
}

function widthsIn(folder: string): readonly number[] {
  // Most tiles have none, and an error takes longer than this look.
  if (statsOf(folder) === undefined) return []
  try {
    const names = readdirSync(folder)
    return names.filter((name) => /^[1-9][0-9]{0,2}$/.test(name)).map(Number)
  } catch (error) {
    return unlessMissing(error, folder) ?? []
  }
}

/** Whatever is no folder counts as a file, also what cannot be read as one. */
async function* filesBelow(root: string, below: string, depth = 0): AsyncGenerator<string> {
  if (depth > DEPTH_MAX) throw malformed('the folders are too deep', { field: below })
  for (const entry of await entriesOf(join(root, below), below)) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) yield* filesBelow(root, path, depth + 1)
    else yield path
  }
}

async function entriesOf(folder: string, field: string): Promise<Dirent[]> {
  const entries: Dirent[] = []
  try {
    for await (const entry of await opendir(folder)) entries.push(entry)
  } catch (error) {
    unlessMissing(error, field)
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function unlessMissing(error: unknown, field: string): undefined {
  const { code, name } = error as NodeJS.ErrnoException
  if (name === 'ComityError') throw error
  if (code !== 'ENOENT' && code !== 'ENOTDIR') {
    throw malformed('it cannot be read', { field, cause: error })
  }
}
