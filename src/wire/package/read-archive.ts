/**
 * Reads a package that may be larger than memory, from a stream: small files are kept,
 * sealed ones only hashed. The same profile, byte for byte, as `readTar`.
 */
import { type Bytes, concatBytes } from '../../base/bytes.ts'
import { malformed, unverified } from '../../base/errors.ts'
import {
  ARCHIVE,
  type Archive,
  BLOCK,
  FILES_MAX,
  paddingOf,
  readHeader,
  type SealedFile,
} from './tar.ts'

/** SHA-256, piece by piece; `digest` is lower-case hex. */
export type PieceHash = { update(bytes: Uint8Array): void; digest(): string }

export type ArchiveReading = {
  readonly newHash: () => PieceHash
  readonly isSealed: (path: string) => boolean
  /** Of all files that are kept. */
  readonly keptBytesMax: number
}

/** @throws ComityError as `readTar`; `malformed` if what is kept would be too large */
export async function readArchiveStream(
  bytes: AsyncIterable<Uint8Array>,
  { newHash, isSealed, keptBytesMax }: ArchiveReading,
): Promise<Archive> {
  const input = pieces(bytes)
  const files = new Map<string, Bytes>()
  const sealed = new Map<string, SealedFile>()
  let last = ''
  let kept = 0
  for (;;) {
    const offset = input.offset()
    const block = await input.take(BLOCK, last || ARCHIVE)
    if (block[0] === 0) {
      await requireEnd(input, block, last)
      return { files, sealed }
    }
    const { path, sizeBytes } = readHeader(block, offset)
    if (files.has(path) || sealed.has(path)) {
      throw malformed('archive names a file twice', { field: path })
    }
    if (path < last) throw unverified('files are not in their order', { field: path })
    if (files.size + sealed.size >= FILES_MAX) {
      throw malformed('archive holds too many files', { field: path })
    }
    if (isSealed(path)) {
      const hash = newHash()
      await input.pass(sizeBytes, path, (piece) => hash.update(piece))
      sealed.set(path, { digest: hash.digest(), sizeBytes })
    } else {
      kept += sizeBytes
      if (kept > keptBytesMax) throw malformed('the files are too large', { field: path })
      files.set(path, await input.take(sizeBytes, path))
    }
    requireZeros(await input.take(paddingOf(sizeBytes).length, path), path)
    last = path
  }
}

type Pieces = ReturnType<typeof pieces>

/** Two zero blocks and nothing after them. */
async function requireEnd(input: Pieces, first: Bytes, last: string): Promise<void> {
  if (last === '') throw malformed('archive holds no file', { field: ARCHIVE })
  requireZeros(first, ARCHIVE)
  requireZeros(await input.take(BLOCK, ARCHIVE), ARCHIVE)
  if (await input.hasMore()) {
    throw malformed(`archive does not end after ${last}`, { field: ARCHIVE })
  }
}

function requireZeros(bytes: Uint8Array, field: string): void {
  if (bytes.some((byte) => byte !== 0)) {
    throw unverified('a padding of the archive is not canonical', { field })
  }
}

function pieces(bytes: AsyncIterable<Uint8Array>) {
  const source = bytes[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array()
  let passed = 0
  const fill = async () => {
    while (rest.length === 0) {
      const { done, value } = await source.next()
      if (done) return false
      rest = value
    }
    return true
  }
  const pass = async (size: number, field: string, heard: (piece: Uint8Array) => void) => {
    for (let left = size; left > 0; ) {
      if (!(await fill())) throw malformed('archive is cut short', { field })
      const piece = rest.subarray(0, left)
      heard(piece)
      rest = rest.subarray(piece.length)
      left -= piece.length
      passed += piece.length
    }
  }
  return {
    offset: () => passed,
    hasMore: fill,
    pass,
    async take(size: number, field: string): Promise<Bytes> {
      const parts: Uint8Array[] = []
      await pass(size, field, (piece) => parts.push(piece))
      return concatBytes(...parts)
    },
  }
}
