/**
 * `comity backup`: writes a backup of a node, which may be serving meanwhile, or
 * checks one. Says what it did on standard output, progress on standard error.
 */
import { readFile, rename } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { addToErasureList, ERASURE_LIST, erasuresIn } from '../adapters/backup/erasure-list.ts'
import { writeWhole } from '../adapters/backup/files.ts'
import { type Lock, sealKeyFolder } from '../adapters/backup/key-file.ts'
import { verifyBackup } from '../adapters/backup/verify-backup.ts'
import { type BackupDone, writeBackup } from '../adapters/backup/write-backup.ts'
import { atRest as openAtRest } from '../adapters/keys/at-rest.ts'
import { recordBackup } from '../adapters/postgres/operations/figures.ts'
import { withDatabaseAt } from '../adapters/postgres/schema-state.ts'
import { invariant, malformed } from '../base/errors.ts'
import { instantFromMs } from '../base/time.ts'
import { type NodeConfig, readNodeConfig } from '../node/config.ts'
import { openNodeKeys } from '../node/node-keys.ts'
import { softwareVersion } from '../node/software-version.ts'

const USAGE = `usage: comity backup --config FILE --out FOLDER [--keys FILE SEAL]
       comity backup verify FOLDER

--config           the node's configuration
--out              a new folder; it appears only when the backup is complete
--keys             also writes the node's keys, sealed, to this file: keep it elsewhere
SEAL is one of
  --passphrase-file FILE   whose first line seals the keys
  --recipient AGE          an age recipient (age1…)

verify checks every byte. Exit codes: 0 done or verified, 1 not, 2 usage.
`

export async function backupCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      out: { type: 'string' },
      keys: { type: 'string' },
      'passphrase-file': { type: 'string' },
      recipient: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(USAGE, 0)
  const [word, folder, ...others] = positionals
  if (word === 'verify' && folder && others.length === 0) return verify(folder)
  if (positionals.length > 0 || !values.config || !values.out) return say(USAGE, 2)
  const lock = await lockOf(values)
  if ((values.keys === undefined) !== (lock === undefined)) return say(USAGE, 2)
  const done = await backup(readNodeConfig(values.config), values.out, {
    file: values.keys,
    lock,
  })
  process.stdout.write(`${sentence(done)} in ${values.out}\n`)
  if (!values.keys) {
    process.stdout.write('The keys are not in it: without them nobody can read it. See --keys.\n')
  }
  return 0
}

async function verify(folder: string): Promise<number> {
  const { manifest, id } = await verifyBackup(folder)
  const { node, at, software, log, messageKey } = manifest
  process.stdout.write(
    [
      `verified: backup ${id}`,
      `of ${node} at ${at}, by version ${software}`,
      log ? `log ${log.origin} at size ${log.size}` : 'no log yet',
      `signed with ${messageKey.id}, public key ${messageKey.key}`,
      '',
    ].join('\n'),
  )
  return 0
}

async function backup(
  config: NodeConfig,
  out: string,
  keyFile: { readonly file: string | undefined; readonly lock: Lock | undefined },
): Promise<BackupDone> {
  const folder = join(config.folder, 'keys')
  const keys = await openNodeKeys(config)
  const sealedKeys = keyFile.lock && (await sealKeyFolder(folder, config.node.id, keyFile.lock))
  if (sealedKeys && keyFile.file) {
    await writeWhole(`${keyFile.file}.unfinished`, sealedKeys)
    await rename(`${keyFile.file}.unfinished`, keyFile.file)
  }
  const now = instantFromMs(Date.now())
  const done = await writeBackup({
    node: config.node.id,
    databaseUrl: config.database.url,
    folder: config.folder,
    out,
    software: softwareVersion(),
    now,
    signer: { keyId: keys.messageKeyId, sign: keys.signMessage },
    messagePublicKey: keys.messagePublicKey,
    columnKey: await keys.columnKey(),
    ...(sealedKeys ? { sealedKeys } : {}),
    exhibitsElsewhere: config.exhibits?.s3 !== undefined,
    progress: (text) => process.stderr.write(`… ${text}\n`),
  })
  const [columnKey, ...former] = await keys.columnKeys()
  invariant(columnKey, 'a node has a column key')
  const atRest = openAtRest(columnKey, former)
  const beside = resolve(out, '..')
  await withDatabaseAt(config.database.url, async (database) => {
    const erased = await erasuresIn(database, atRest)
    // Not in the backup: an older one needs the newest list.
    if (erased.length > 0) await addToErasureList(join(beside, ERASURE_LIST), atRest, erased)
    await recordBackup(database, { at: now, folder: beside })
  })
  return done
}

/** The passphrase is never an argument: those are seen by every account of the machine. */
export async function lockOf(values: {
  readonly 'passphrase-file'?: string | undefined
  readonly recipient?: string | undefined
  readonly 'identity-file'?: string | undefined
}): Promise<Lock | undefined> {
  const { 'passphrase-file': file, recipient, 'identity-file': identityFile } = values
  if ([file, recipient, identityFile].filter((one) => one !== undefined).length > 1) {
    throw malformed('name one of passphrase, recipient and identity')
  }
  if (file !== undefined) return { passphrase: await firstLine(file) }
  if (recipient !== undefined) return { recipient }
  if (identityFile !== undefined) return { identity: await firstLine(identityFile) }
  return undefined
}

/** The first line that is no comment. */
async function firstLine(file: string): Promise<string> {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/)
  const line = lines.find((text) => text !== '' && !text.startsWith('#'))
  if (!line) throw malformed(`${file} is empty`)
  return line
}

function sentence({ manifest, bytes }: BackupDone): string {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  return `${rows} rows and ${manifest.files.length} files (${bytes} bytes)`
}

function say(text: string, code: number): number {
  ;(code === 0 ? process.stdout : process.stderr).write(text)
  return code
}
