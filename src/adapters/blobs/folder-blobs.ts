/**
 * Blobs as files of a folder: `ab/<digest>.age`. A stream is written beside them,
 * brought to disk, and gets its name in one step.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { invariant, unavailable } from '../../base/errors.ts'
import { type BlobFacts, type BlobStore, isBlobDigest } from './blob-store.ts'

const UNFINISHED = 'unfinished'
const BLOCK_BYTES = 256 * 1024

export function folderBlobs(folder: string): BlobStore {
  const pathOf = (digest: string) => join(folder, ...blobPath(digest))
  return {
    async keep(bytes) {
      const { file, ...facts } = await spool(folder, bytes)
      try {
        const place = pathOf(facts.digest)
        const parent = join(place, '..')
        await mkdir(parent, { recursive: true, mode: 0o700 })
        await rename(file, place)
        await syncFolder(parent)
        await syncFolder(folder)
      } catch (error) {
        await rm(file, { force: true })
        throw error
      }
      return facts
    },
    async read(digest) {
      return readFileBlocks(pathOf(digest))
    },
    has: (digest) => isThere(pathOf(digest)),
    async remove(digest) {
      await rm(pathOf(digest), { force: true })
    },
    removeUnfinished: () => removeSpooled(folder),
  }
}

/** Below the store's folder, as segments. */
export function blobPath(digest: string): readonly [string, string] {
  invariant(isBlobDigest(digest), 'a blob has the digest of its bytes as its name')
  return [digest.slice(0, 2), `${digest}.age`]
}

/** A stream as a file that nobody knows yet, on disk, with the digest of its bytes. */
export async function spool(
  folder: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<BlobFacts & { readonly file: string }> {
  const unfinished = join(folder, UNFINISHED)
  await mkdir(unfinished, { recursive: true, mode: 0o700 })
  // Backups leave out what ends so.
  const file = join(unfinished, `${randomUUID()}.tmp`)
  const hash = createHash('sha256')
  let sizeBytes = 0
  const handle = await open(file, 'wx', 0o600)
  try {
    for await (const chunk of bytes) {
      hash.update(chunk)
      sizeBytes += chunk.length
      await writeWhole(handle, chunk)
    }
    await handle.sync()
    await handle.close()
  } catch (error) {
    await handle.close().catch(() => {})
    await rm(file, { force: true })
    throw orNoRoom(error)
  }
  return { file, digest: hash.digest('hex'), sizeBytes }
}

/** A full disk is an outage, to be tried again when there is room. */
function orNoRoom(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error
  return unavailable('there is no room for a file', { cause: error, reason: 'no-room' })
}

export async function removeSpooled(folder: string): Promise<void> {
  await rm(join(folder, UNFINISHED), { recursive: true, force: true })
}

/** @throws ComityError `unavailable` if there is no such file */
export async function readFileBlocks(path: string): Promise<AsyncIterable<Uint8Array>> {
  const handle = await open(path, 'r').catch((cause) => {
    throw unavailable('the sealed bytes are not where they should be', { cause })
  })
  return handle.createReadStream({ highWaterMark: BLOCK_BYTES }) as AsyncIterable<Uint8Array>
}

export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

type Handle = Awaited<ReturnType<typeof open>>

/** A write may take less than it was given. */
async function writeWhole(handle: Handle, chunk: Uint8Array): Promise<void> {
  let rest = chunk
  while (rest.length > 0) {
    const { bytesWritten } = await handle.write(rest)
    rest = rest.subarray(bytesWritten)
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
