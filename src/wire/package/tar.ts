/**
 * Canonical tar: exactly one archive for one set of files.
 *
 * A subset of ustar (POSIX.1-1988): plain files only, sorted by path, no owner,
 * no times, mode 0644, two zero blocks at the end. Reading serialises what was
 * read again and compares, so that padding and header bytes count as content.
 * Any `tar` opens it. It says nothing about who made it.
 */
import { type Bytes, equalBytes, textFromUtf8, utf8 } from '../../base/bytes.ts'
import { malformed, unverified } from '../../base/errors.ts'

export type Files = ReadonlyMap<string, Bytes>

const BLOCK = 512
const PATH_MAX = 100
const FILES_MAX = 20_000
/** Relative, no empty, `.` or `..` segment, plain characters only. */
const PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/

/** @throws ComityError `malformed` if a path does not fit the profile */
export function writeTar(files: Files): Bytes {
  const paths = [...files.keys()].sort()
  const size = paths.reduce((sum, path) => sum + BLOCK + padded(contentOf(files, path).length), 0)
  const archive = new Uint8Array(size + 2 * BLOCK)
  let offset = 0
  for (const path of paths) {
    const content = contentOf(files, path)
    archive.set(header(path, content.length), offset)
    archive.set(content, offset + BLOCK)
    offset += BLOCK + padded(content.length)
  }
  return archive
}

/**
 * @throws ComityError `malformed` if it is no archive of this profile; `unverified`,
 * with the path as field, if a byte is not what the profile would write
 */
export function readTar(archive: Uint8Array): Files {
  const files = new Map<string, Bytes>()
  let offset = 0
  while (offset + BLOCK <= archive.length && archive[offset] !== 0) {
    const { path, sizeBytes } = readHeader(archive.subarray(offset, offset + BLOCK))
    const end = offset + BLOCK + sizeBytes
    if (end > archive.length) throw malformed('archive is cut short', { field: path })
    if (files.has(path)) throw malformed('archive names a file twice', { field: path })
    if (files.size >= FILES_MAX) throw malformed('archive holds too many files', { field: path })
    files.set(path, new Uint8Array(archive.slice(offset + BLOCK, end)))
    offset += BLOCK + padded(sizeBytes)
  }
  if (files.size === 0) throw malformed('archive holds no file', { field: 'archive' })
  requireCanonical(archive, files)
  return files
}

function requireCanonical(archive: Uint8Array, files: Files): void {
  const canonical = writeTar(files)
  if (equalBytes(canonical, archive)) return
  const at = canonical.findIndex((byte, index) => byte !== archive[index])
  throw unverified('archive is not canonical', { field: fileAt(files, at) })
}

/** The file whose header, content or padding holds the byte at `position`. */
function fileAt(files: Files, position: number): string {
  let offset = 0
  for (const path of [...files.keys()].sort()) {
    offset += BLOCK + padded(contentOf(files, path).length)
    if (0 <= position && position < offset) return path
  }
  return 'end of archive'
}

function contentOf(files: Files, path: string): Bytes {
  const content = files.get(path)
  if (!content) throw malformed('no such file', { field: path })
  return content
}

const padded = (size: number) => Math.ceil(size / BLOCK) * BLOCK

function header(path: string, sizeBytes: number): Bytes {
  if (path.length > PATH_MAX || !PATH.test(path)) {
    throw malformed('path is not allowed in an archive', { field: path.slice(0, PATH_MAX) })
  }
  const block = new Uint8Array(BLOCK)
  const put = (text: string, at: number) => block.set(utf8(text), at)
  put(path, 0)
  put('0000644\0', 100)
  put('0000000\0', 108)
  put('0000000\0', 116)
  put(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124)
  put('00000000000\0', 136)
  put(' '.repeat(8), 148)
  put('0', 156)
  put('ustar\0', 257)
  put('00', 263)
  const sum = block.reduce((total, byte) => total + byte, 0)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

function readHeader(block: Uint8Array): { path: string; sizeBytes: number } {
  const end = block.indexOf(0)
  const path = textFromUtf8(block.subarray(0, Math.min(end, PATH_MAX)), 'archive')
  if (!PATH.test(path))
    throw malformed('archive holds a path that is not allowed', { field: 'archive' })
  const octal = textFromUtf8(block.subarray(124, 135), path)
  if (!/^[0-7]{11}$/.test(octal)) throw malformed('archive header is damaged', { field: path })
  return { path, sizeBytes: Number.parseInt(octal, 8) }
}
