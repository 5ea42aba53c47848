/**
 * Canonical tar: exactly one archive for one set of files.
 *
 * A subset of ustar (POSIX.1-1988): plain files only, sorted by path, no owner,
 * no times, mode 0644, two zero blocks at the end. Reading writes every header
 * and every padding again and compares, so that each byte of them counts as
 * content. Any `tar` opens it. It says nothing about who made it.
 */
import { type Bytes, concatBytes, textFromUtf8, utf8 } from '../../base/bytes.ts'
import { type ComityError, malformed, unverified } from '../../base/errors.ts'

export type Files = ReadonlyMap<string, Bytes>

/** A file that is known by its digest (SHA-256, lower-case hex) and its size alone. */
export type SealedFile = { readonly digest: string; readonly sizeBytes: number }
export type SealedFiles = ReadonlyMap<string, SealedFile>

/** What an archive holds: small files as bytes, large ones by their digest. */
export type Archive = { readonly files: Files; readonly sealed: SealedFiles }

/** A piece of an archive: bytes, or the place of a file that somebody else brings. */
export type TarPart = Bytes | (SealedFile & { readonly path: string })

export const BLOCK = 512
const PATH_MAX = 100
/** Eleven octal digits. */
const SIZE_MAX = 8 ** 11 - 1
export const FILES_MAX = 20_000
/** Relative, no empty, `.` or `..` segment, plain characters only. */
const PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/
/** Field of an error that belongs to no single file. */
export const ARCHIVE = 'archive'

/** @throws ComityError `malformed` if a path does not fit the profile */
export function writeTar(files: Files): Bytes {
  return concatBytes(...(tarParts({ files, sealed: new Map() }) as readonly Bytes[]))
}

/** The pieces of an archive in their order. @throws ComityError `malformed` */
export function tarParts({ files, sealed }: Archive): readonly TarPart[] {
  const parts = [...files.keys(), ...sealed.keys()].sort().flatMap((path): TarPart[] => {
    const large = sealed.get(path)
    const content = files.get(path) ?? new Uint8Array()
    const size = large ? large.sizeBytes : content.length
    const body: TarPart = large ? { ...large, path } : content
    return [headerOf(path, size), body, paddingOf(size)]
  })
  return [...parts, new Uint8Array(2 * BLOCK)]
}

export const sizeOfPart = (part: TarPart): number =>
  part instanceof Uint8Array ? part.length : part.sizeBytes

/**
 * @throws ComityError `malformed` if it is no archive of this profile; `unverified`
 * if a byte is not what the profile would write. The field is the path of the file
 * whose header, content or padding is meant, or `archive`; a header that names no
 * allowed path is told by its place.
 */
export function readTar(archive: Uint8Array): Files {
  const files = new Map<string, Bytes>()
  let offset = 0
  let last = ''
  while (offset + BLOCK <= archive.length && archive[offset] !== 0) {
    const { path, sizeBytes } = readHeader(archive.subarray(offset, offset + BLOCK), offset)
    const start = offset + BLOCK
    const end = start + sizeBytes
    const next = end + paddingOf(sizeBytes).length
    if (files.has(path)) throw malformed('archive names a file twice', { field: path })
    if (path < last) throw unverified('files are not in their order', { field: path })
    if (next > archive.length) throw malformed('archive is cut short', { field: path })
    if (files.size >= FILES_MAX) throw malformed('archive holds too many files', { field: path })
    requireBytes(archive, end, paddingOf(sizeBytes), path)
    files.set(path, new Uint8Array(archive.subarray(start, end)))
    offset = next
    last = path
  }
  requireEnd(archive, offset, last)
  return files
}

/** Two zero blocks and nothing after them. */
function requireEnd(archive: Uint8Array, offset: number, last: string): void {
  if (last === '') throw malformed('archive holds no file', { field: ARCHIVE })
  if (archive.length !== offset + 2 * BLOCK) {
    const text = `archive does not end at byte ${offset + 2 * BLOCK}, after ${last}`
    throw malformed(text, { field: ARCHIVE })
  }
  requireBytes(archive, offset, new Uint8Array(2 * BLOCK), ARCHIVE)
}

function requireBytes(archive: Uint8Array, offset: number, expected: Bytes, field: string): void {
  for (let i = 0; i < expected.length; i++) {
    if (archive[offset + i] === expected[i]) continue
    throw unverified(`byte ${offset + i} of the archive is not canonical`, { field })
  }
}

export function paddingOf(sizeBytes: number): Bytes {
  return new Uint8Array(Math.ceil(sizeBytes / BLOCK) * BLOCK - sizeBytes)
}

function headerOf(path: string, sizeBytes: number): Bytes {
  if (sizeBytes > SIZE_MAX) throw malformed('a file is too large for an archive', { field: path })
  if (!isAllowed(path)) {
    throw malformed('path is not allowed in an archive', { field: path.slice(0, PATH_MAX) })
  }
  const block = new Uint8Array(EMPTY_HEADER)
  block.set(utf8(path), 0)
  block.set(utf8(sizeBytes.toString(8).padStart(11, '0')), 124)
  let sum = 0
  for (let i = 0; i < BLOCK; i++) sum += block[i] ?? 0
  block.set(utf8(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
  return block
}

/** All that is the same in every header; the checksum is counted with spaces in its place. */
const EMPTY_HEADER = (() => {
  const block = new Uint8Array(BLOCK)
  const put = (text: string, at: number) => block.set(utf8(text), at)
  put('0000644\0', 100)
  put('0000000\0', 108)
  put('0000000\0', 116)
  put('00000000000\0', 136)
  put(' '.repeat(8), 148)
  put('0', 156)
  put('ustar\0', 257)
  put('00', 263)
  return block
})()

/** @param offset where the block stands, to name it */
export function readHeader(
  block: Uint8Array,
  offset: number,
): { readonly path: string; readonly sizeBytes: number } {
  const end = block.indexOf(0)
  const damaged = (field: string): ComityError =>
    unverified(`header at byte ${offset} of the archive is damaged`, { field })
  const path = asciiOf(block.subarray(0, Math.min(end < 0 ? PATH_MAX : end, PATH_MAX)))
  if (path === undefined || !isAllowed(path)) throw damaged(ARCHIVE)
  const octal = asciiOf(block.subarray(124, 135)) ?? ''
  if (!/^[0-7]{11}$/.test(octal)) throw damaged(path)
  const sizeBytes = Number.parseInt(octal, 8)
  const canonical = headerOf(path, sizeBytes)
  for (let i = 0; i < BLOCK; i++) if (block[i] !== canonical[i]) throw damaged(path)
  return { path, sizeBytes }
}

const isAllowed = (path: string) => path.length <= PATH_MAX && PATH.test(path)

function asciiOf(bytes: Uint8Array): string | undefined {
  return bytes.every((byte) => byte < 0x80) ? textFromUtf8(bytes) : undefined
}
