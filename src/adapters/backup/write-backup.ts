/**
 * Writes a backup of a node that may go on serving: one repeatable-read snapshot of
 * its tables as binary COPY streams, the files of its folder, and a signed manifest.
 *
 * Files that rows refer to are written before their rows and never changed, so
 * copying them after the snapshot finds all that the snapshot names. The log's public
 * files are left out: a restore derives them from the log's rows and compares the
 * root. The folder gets its name only when everything in it is on disk.
 */
import { createHash } from 'node:crypto'
import { access, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import pg, { type Client } from 'pg'
import { toBase64, toHex } from '../../base/bytes.ts'
import { malformed, unavailable } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { MessageSigner } from '../../wire/exchange/signed.ts'
import { blobPath } from '../blobs/folder-blobs.ts'
import { syncFolder } from '../keys/private-files.ts'
import { copyOut } from './copy.ts'
import { filesBelow, readBlocks, type Written, writeStream, writeWhole } from './files.ts'
import {
  columnKeyCheck,
  folderFile,
  isKept,
  MANIFEST,
  type Manifest,
  signManifest,
  tableFile,
} from './manifest.ts'
import { columnList, migrationsOf, NOT_KEPT, quoted, sequencesOf, tablesOf } from './tables.ts'

export type BackupParts = {
  readonly node: string
  readonly databaseUrl: string
  /** The node's folder. */
  readonly folder: string
  /** The folder that will hold the backup; must not exist. */
  readonly out: string
  readonly software: string
  readonly now: Instant
  readonly signer: MessageSigner
  readonly messagePublicKey: Uint8Array
  readonly columnKey: Uint8Array
  /** The sealed keys as they were just written elsewhere, to tie both together. */
  readonly sealedKeys?: Uint8Array
  /** Exhibits lie in a bucket: the backup names them by digest and does not hold them. */
  readonly exhibitsElsewhere?: boolean
  readonly progress?: (text: string) => void
}

export type BackupDone = {
  readonly manifest: Manifest
  readonly bytes: number
}

/** @throws ComityError `malformed` if `out` exists; `unavailable` if something cannot be read */
export async function writeBackup(parts: BackupParts): Promise<BackupDone> {
  const out = resolve(parts.out)
  if (await isThere(out)) throw malformed(`${out} exists; a backup needs a new folder`)
  const unfinished = `${out}.unfinished`
  // Of a run that was cut short: nothing in it is worth keeping.
  await rm(unfinished, { recursive: true, force: true })
  const client = new pg.Client({ connectionString: parts.databaseUrl })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const manifest = await writeParts(parts, client, unfinished)
    const bytes = await signManifest(manifest, parts.signer)
    await writeWhole(join(unfinished, MANIFEST), bytes)
    await client.query('commit')
    await syncFolder(unfinished)
    await rename(unfinished, out)
    await syncFolder(dirname(out))
    return { manifest, bytes: sizeOf(manifest) + bytes.length }
  } finally {
    await client.end()
  }
}

async function writeParts(parts: BackupParts, client: Client, folder: string): Promise<Manifest> {
  const { node, software, now: at, signer, sealedKeys } = parts
  const schema = await migrationsOf(client)
  const log = await logHead(client)
  const tables = await writeTables(parts, client, folder)
  const exhibits = await sealedExhibits(client)
  const files = await writeFiles(parts, folder, exhibits)
  const sequences = await sequencesOf(client)
  return {
    v: 1,
    kind: 'comity-backup',
    node,
    software,
    schema,
    at,
    messageKey: { id: signer.keyId, key: toBase64(parts.messagePublicKey) },
    columnKeyCheck: columnKeyCheck(parts.columnKey),
    log,
    tables,
    sequences,
    files,
    keys: sealedKeys ? createHash('sha256').update(sealedKeys).digest('hex') : null,
  }
}

async function logHead(client: Client): Promise<Manifest['log']> {
  const { rows } = await client.query<{
    origin: string
    size: string
    root: Buffer
    next_seq: string
  }>('select origin, size, root, next_seq from log_head')
  const [row] = rows
  if (!row) return null
  const { origin, size, root, next_seq } = row
  return { origin, size: Number(size), root: toHex(root), nextSeq: Number(next_seq) }
}

async function writeTables(
  { progress = () => {} }: BackupParts,
  client: Client,
  folder: string,
): Promise<Manifest['tables']> {
  const written: Manifest['tables'] = []
  for (const { name, columns } of await tablesOf(client)) {
    if (NOT_KEPT.has(name)) continue
    const from = `${quoted(name)} (${columnList(columns)})`
    const { rows } = await client.query<{ count: string }>(
      `select count(*) as count from ${quoted(name)}`,
    )
    const blocks = copyOut(client, `copy ${from} to stdout (format binary)`)
    const done = await writeStream(join(folder, tableFile(name)), blocks)
    const count = Number(rows[0]?.count)
    written.push({ name, columns: [...columns], rows: count, ...done })
    progress(`${name}: ${count} rows, ${done.bytes} bytes`)
  }
  return written
}

type SealedExhibit = { readonly id: string; readonly digest: string }

async function sealedExhibits(client: Client): Promise<readonly SealedExhibit[]> {
  // One that is still being taken in may be gone before it is copied.
  const { rows } = await client.query<{ exhibit_id: string; digest: Buffer }>(
    'select exhibit_id, digest from exhibit_blob where staged_at is null and destroyed_at is null',
  )
  return rows.map(({ exhibit_id, digest }) => ({ id: exhibit_id, digest: toHex(digest) }))
}

/** Path to digest. Older exhibits lie under their ids, the others under their digests. */
function digestsOf(
  exhibits: readonly SealedExhibit[],
  paths: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  return new Map(
    exhibits.map(({ id, digest }) => {
      const former = `exhibits/${id}.age`
      const path = paths.has(former) ? former : `exhibits/${blobPath(digest).join('/')}`
      return [path, digest]
    }),
  )
}

async function writeFiles(
  { folder: from, exhibitsElsewhere = false, progress = () => {} }: BackupParts,
  folder: string,
  exhibits: readonly SealedExhibit[],
): Promise<Manifest['files']> {
  const paths = new Set((await filesBelow(from)).filter(isKept))
  const blobs = digestsOf(exhibits, paths)
  const missing = [...blobs.keys()].find((path) => !paths.has(path))
  if (missing && !exhibitsElsewhere) throw unavailable(`${missing} is missing in ${from}`)
  const files: Manifest['files'] = []
  for (const path of paths) {
    const source = readBlocks(join(from, path))
    const written: Written = await writeStream(join(folder, folderFile(path)), source)
    const digest = blobs.get(path)
    if (digest !== undefined && digest !== written.sha256) {
      throw unavailable(`${path} is not what was sealed; mend it before you back up`)
    }
    files.push({ path, ...written })
  }
  const elsewhere = [...blobs.keys()].filter((path) => !paths.has(path)).length
  if (elsewhere > 0) progress(`${elsewhere} sealed exhibits are in the bucket, not in the backup`)
  progress(`${files.length} files`)
  return files
}

function sizeOf({ tables, files }: Manifest): number {
  return [...tables, ...files].reduce((sum, { bytes }) => sum + bytes, 0)
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
