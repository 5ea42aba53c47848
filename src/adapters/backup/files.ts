/** Files of a backup: written once and flushed, read as streams, with digest and size. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

export type Written = { readonly bytes: number; readonly sha256: string }

/** Readable by its owner only; durable when this returns. */
export async function writeStream(
  file: string,
  source: AsyncIterable<Uint8Array>,
): Promise<Written> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  let bytes = 0
  const handle = await open(file, 'w', 0o600)
  try {
    for await (const block of source) {
      hash.update(block)
      bytes += block.length
      await handle.write(block)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

export async function writeWhole(file: string, bytes: Uint8Array): Promise<Written> {
  return writeStream(file, [bytes] as never)
}

export function readBlocks(file: string): AsyncIterable<Buffer> {
  return createReadStream(file, { highWaterMark: 256 * 1024 })
}

export async function digestOf(file: string): Promise<Written> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const block of readBlocks(file)) {
    hash.update(block)
    bytes += block.length
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Every file below `folder`, as paths with `/`, sorted; nothing if there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
