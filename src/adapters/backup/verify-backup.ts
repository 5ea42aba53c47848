/** Checks every byte of a backup against its manifest, and the manifest's signature. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { malformed, unverified } from '../../base/errors.ts'
import { digestOf, filesBelow, type Written } from './files.ts'
import { folderFile, MANIFEST, type ReadManifest, readManifest, tableFile } from './manifest.ts'

/**
 * @throws ComityError `malformed` or `unverified`, naming the first file that is
 * missing, changed or not part of the backup
 */
export async function verifyBackup(folder: string): Promise<ReadManifest> {
  const read = readManifest(await manifestBytes(folder))
  const { tables, files } = read.manifest
  const listed = new Map<string, Written>([
    ...tables.map((table) => [tableFile(table.name), table] as const),
    ...files.map((file) => [folderFile(file.path), file] as const),
  ])
  const there = new Set(await filesBelow(folder))
  there.delete(MANIFEST)
  for (const [path, { bytes, sha256 }] of listed) {
    if (!there.delete(path)) throw malformed(`${path} is missing`, { field: path })
    const found = await digestOf(join(folder, path))
    if (found.bytes !== bytes || found.sha256 !== sha256) {
      throw unverified(`${path} was changed`, { field: path, reason: 'digest' })
    }
  }
  const [stranger] = there
  if (stranger !== undefined) {
    throw malformed(`${stranger} is not part of the backup`, { field: stranger })
  }
  return read
}

async function manifestBytes(folder: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(join(folder, MANIFEST)))
  } catch (cause) {
    throw malformed(`${folder} is no finished backup: there is no ${MANIFEST}`, {
      field: MANIFEST,
      cause,
    })
  }
}
