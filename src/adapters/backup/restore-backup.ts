/**
 * Puts a verified backup into an empty database and an empty folder. Nothing is
 * touched before every byte was checked; rows come in one transaction, which also
 * says that the node was restored and has to ask before it signs anything.
 *
 * A run that was cut short is run again: a marker in the folder tells that what is
 * there came from this very backup.
 */
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg, { type Client } from 'pg'
import { equalBytes, fromBase64, fromHex } from '../../base/bytes.ts'
import { ComityError, malformed, unavailable, unverified } from '../../base/errors.ts'
import type { Instant } from '../../base/time.ts'
import type { Verified } from '../../base/verified.ts'
import { syncFolder } from '../keys/private-files.ts'
import { knownMigrations, migrate, migrateTo, openDatabase } from '../postgres/database.ts'
import { copyIn } from './copy.ts'
import { filesBelow, readBlocks, writeStream, writeWhole } from './files.ts'
import { type Lock, openKeyFile, writeKeyFolder } from './key-file.ts'
import {
  columnKeyCheck,
  folderFile,
  type Manifest,
  type ReadManifest,
  sha256,
  tableFile,
} from './manifest.ts'
import {
  columnList,
  ENDED_BY_RESTORE,
  inOrderOfReference,
  migrationsOf,
  quoted,
  tablesOf,
} from './tables.ts'
import { verifyBackup } from './verify-backup.ts'

/** Key of `node_setting` that keeps a restored node from signing. */
export const RESTORED_SETTING = 'restored'

/** Key of `node_setting` by which the next start suspends every account of the backup. */
export const UNCONFIRMED_SETTING = 'restored-accounts'

/** What the setting holds. */
export type Restored = {
  /** SHA-256 of the manifest. */
  readonly backup: string
  readonly takenAt: Instant
  readonly restoredAt: Instant
}

export type OpenedKeys = {
  readonly messagePublicKey: Uint8Array
  readonly columnKey: Uint8Array
}

export type RestoreParts = {
  /** The folder of the backup. */
  readonly from: string
  readonly node: string
  readonly databaseUrl: string
  readonly folder: string
  /** The sealed keys; without them the key folder must be there already. */
  readonly keys?: { readonly file: string; readonly lock: Lock }
  /** Opens the keys that the configuration names, once their folder is there. */
  readonly openKeys: () => Promise<OpenedKeys>
  readonly now: Instant
  readonly progress?: (text: string) => void
}

const MARKER = 'restoring.json'
/** What an administrator may have put there before. */
const MAY_BE_THERE =
  /^(?:(?:comity|config)\.[^/]*|policy[^/]*|officers\.json|erasures\.sealed|demo-secret|[^/]*\.log)$|^keys(?:\.restoring)?\/|^compiled\//

/** @throws ComityError saying what to do; nothing was changed unless it came to writing */
export async function restoreBackup(parts: RestoreParts): Promise<ReadManifest> {
  const { progress = () => {} } = parts
  const read = await verifyBackup(parts.from)
  progress('every byte of the backup verified')
  requireSameNode(parts, read.manifest)
  await requireKnownSchema(read.manifest)
  const keyFile = parts.keys && (await openKeys(parts.keys, read.manifest))
  const wasBegun = await requireEmptyFolder(parts.folder, read.id)
  const isDone = await requireEmptyDatabase(parts.databaseUrl, read.id)
  await begin(parts.folder, read.id)
  if (keyFile && !(await hasKeys(parts.folder))) {
    await writeKeyFolder(join(parts.folder, 'keys'), keyFile)
  }
  await requireRightKeys(parts, read.manifest).catch(async (error) => {
    // A first run that began with wrong keys leaves the folder as it was.
    if (!wasBegun && !isDone) await undo(parts.folder, keyFile !== undefined)
    throw error
  })
  await restoreFiles(parts, read.manifest)
  if (!isDone) await restoreDatabase(parts, read)
  await rm(join(parts.folder, MARKER), { force: true })
  await syncFolder(parts.folder)
  return read
}

function requireSameNode({ node }: RestoreParts, manifest: Manifest): void {
  if (manifest.node === node) return
  throw malformed(`the backup is of ${manifest.node}, the configuration of ${node}`, {
    field: 'node',
    reason: 'foreign-backup',
  })
}

async function requireKnownSchema({ schema, software }: Manifest): Promise<void> {
  const known = await knownMigrations()
  const unknown = schema.find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw malformed(
    `the backup was written by newer software (${software}, with ${unknown}): install that first`,
    { field: 'schema', reason: 'newer-schema' },
  )
}

async function openKeys({ file, lock }: NonNullable<RestoreParts['keys']>, manifest: Manifest) {
  const sealed = new Uint8Array(await readFile(file))
  if (manifest.keys !== null && !equalBytes(sha256(sealed), fromHex(manifest.keys))) {
    throw unverified('the file of keys is not the one that belongs to this backup', {
      field: 'keys',
    })
  }
  const opened = await openKeyFile(sealed, lock)
  if (opened.node !== manifest.node) {
    throw malformed(`the keys are of ${opened.node}`, { field: 'keys', reason: 'foreign-keys' })
  }
  return opened
}

/** True if an earlier run of the same restore began here. */
async function requireEmptyFolder(folder: string, backup: string): Promise<boolean> {
  const begun = await markerOf(folder)
  if (begun === backup) return true
  if (begun !== undefined) {
    throw malformed(`another restore was begun in ${folder}: empty the folder first`, {
      field: 'folder',
    })
  }
  const [first] = (await filesBelow(folder)).filter((path) => !MAY_BE_THERE.test(path))
  if (first === undefined) return false
  throw malformed(`${folder} is not empty (${first}): move what is there away first`, {
    field: 'folder',
    reason: 'not-empty',
  })
}

async function markerOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, MARKER), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as { backup: string }).backup
}

/** True if the rows of this very backup are there already. */
async function requireEmptyDatabase(url: string, backup: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const tables = await tablesOf(client)
    for (const { name } of tables) {
      const { rows } = await client.query(`select 1 from ${quoted(name)} limit 1`)
      if (rows.length === 0) continue
      if ((await restoredOf(client, tables))?.backup === backup) return true
      throw malformed(`the database is not empty (${name}): name an empty one`, {
        field: 'database',
        reason: 'not-empty',
      })
    }
    return false
  })
}

async function restoredOf(client: Client, tables: readonly { readonly name: string }[]) {
  if (!tables.some(({ name }) => name === 'node_setting')) return undefined
  const { rows } = await client.query<{ value: Restored }>(
    'select value from node_setting where key = $1',
    [RESTORED_SETTING],
  )
  return rows[0]?.value
}

async function begin(folder: string, backup: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, MARKER)
  await writeWhole(`${file}.tmp`, Buffer.from(JSON.stringify({ backup })))
  await rename(`${file}.tmp`, file)
  await syncFolder(folder)
}

async function undo(folder: string, withKeys: boolean): Promise<void> {
  if (withKeys) await rm(join(folder, 'keys'), { recursive: true, force: true })
  await rm(join(folder, MARKER), { force: true })
}

async function hasKeys(folder: string): Promise<boolean> {
  return (await filesBelow(join(folder, 'keys'))).length > 0
}

async function requireRightKeys(parts: RestoreParts, manifest: Manifest): Promise<void> {
  const { messagePublicKey, columnKey } = await openedKeys(parts)
  if (!equalBytes(messagePublicKey, fromBase64(manifest.messageKey.key, 'messageKey'))) {
    throw unverified('the backup is signed with another key than this node has', {
      field: 'keys',
      reason: 'foreign-backup',
    })
  }
  if (columnKeyCheck(columnKey) !== manifest.columnKeyCheck) {
    throw unverified('the key of sealed columns is not the one of this backup', { field: 'keys' })
  }
}

async function openedKeys({ openKeys, folder, keys }: RestoreParts): Promise<OpenedKeys> {
  if (!keys && !(await hasKeys(folder))) {
    throw unavailable(`there are no keys in ${folder}: name their file with --keys`, {
      field: 'keys',
    })
  }
  return openKeys()
}

async function restoreFiles(parts: RestoreParts, { files }: Verified<Manifest>): Promise<void> {
  // A node without peers or exhibits has these folders too, and does not start without.
  for (const name of ['peers', 'exhibits']) {
    await mkdir(join(parts.folder, name), { recursive: true, mode: 0o700 })
  }
  for (const { path, sha256: expected } of files) {
    const written = await writeStream(
      join(parts.folder, path),
      readBlocks(join(parts.from, folderFile(path))),
    )
    if (written.sha256 !== expected) throw unverified(`files/${path} was changed meanwhile`)
  }
  parts.progress?.(`${files.length} files`)
}

async function restoreDatabase(parts: RestoreParts, read: ReadManifest): Promise<void> {
  const { manifest } = read
  const database = openDatabase(parts.databaseUrl, 1)
  try {
    await migrateTo(database, manifest.schema.at(-1) ?? '')
  } finally {
    await database.destroy()
  }
  await withClient(parts.databaseUrl, async (client) => {
    await client.query('begin')
    await requireSchema(client, manifest)
    await fillTables(parts, client, manifest)
    for (const statement of ENDED_BY_RESTORE) await endIfThere(client, statement)
    for (const { name, value } of manifest.sequences) {
      await client.query('select setval($1::regclass, $2)', [quoted(name), value])
    }
    const restored: Restored = {
      backup: read.id,
      takenAt: manifest.at,
      restoredAt: parts.now,
    }
    for (const key of [RESTORED_SETTING, UNCONFIRMED_SETTING]) {
      const again = 'on conflict (key) do update set value = excluded.value'
      await client.query(`insert into node_setting (key, value) values ($1, $2) ${again}`, [
        key,
        JSON.stringify(restored),
      ])
    }
    await client.query('commit')
  })
  const newest = openDatabase(parts.databaseUrl, 1)
  try {
    await migrate(newest)
  } finally {
    await newest.destroy()
  }
}

async function requireSchema(client: Client, { schema }: Manifest): Promise<void> {
  const applied = await migrationsOf(client)
  if (JSON.stringify(applied) === JSON.stringify(schema)) return
  throw malformed(
    'the database cannot be brought to the schema of the backup: use the version of Comity that made it',
    { field: 'schema' },
  )
}

/** In the schema of an older backup the table may not be there yet. */
async function endIfThere(client: Client, statement: string): Promise<void> {
  const [, table] = /^update (\w+) /.exec(statement) ?? []
  const { rows } = await client.query('select to_regclass($1) is not null as is', [table])
  if (rows[0]?.is) await client.query(statement)
}

async function fillTables(parts: RestoreParts, client: Client, manifest: Manifest): Promise<void> {
  const closed = manifest.tables.flatMap(({ name }) => /^closed_log_(\d+)\./.exec(name)?.[1] ?? [])
  for (const ordinal of new Set(closed)) {
    await client.query('select make_closed_log($1)', [Number(ordinal)])
  }
  const known = new Map(manifest.tables.map((table) => [table.name, table]))
  for (const name of await inOrderOfReference(client, [...known.keys()])) {
    const { columns, rows } = known.get(name) as Manifest['tables'][number]
    // What a migration put there is in the backup too.
    const { rows: present } = await client.query(`select 1 from ${quoted(name)} limit 1`)
    if (present.length > 0) await client.query(`delete from ${quoted(name)}`)
    const into = `${quoted(name)} (${columnList(columns)})`
    const source = readBlocks(join(parts.from, tableFile(name)))
    const count = await copyIn(client, `copy ${into} from stdin (format binary)`, source)
    if (count !== rows) throw unverified(`${tableFile(name)} does not hold the rows it should`)
    parts.progress?.(`${name}: ${count} rows`)
  }
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    return await work(client)
  } catch (cause) {
    if (cause instanceof ComityError) throw cause
    const { message } = cause as Error
    throw unavailable(`the database refused: ${message}`, { cause })
  } finally {
    await client.end()
  }
}
