/**
 * `comity openpgp …`: the OpenPGP key with which the node signs what it publishes as a
 * CSAF provider. The node makes one with its first publication; an authority that has a
 * key of its own, known to its readers, gives it here.
 */
import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { atRest as openAtRest } from '../adapters/keys/at-rest.ts'
import { openPgpKeyEnd, takeOpenPgpKey } from '../adapters/openpgp.ts'
import { csafKeys, keepCsafKey } from '../adapters/postgres/csaf/csaf-keys.ts'
import { type Database, openDatabase } from '../adapters/postgres/database.ts'
import type { CsafKey } from '../app/ports/csaf-provider.ts'
import { invariant, malformed } from '../base/errors.ts'
import { instantFromMs } from '../base/time.ts'
import type { NodeConfig } from '../node/config.ts'
import { openNodeKeys } from '../node/node-keys.ts'
import { readOrRefuse } from './serve.ts'

const USAGE = `usage: comity openpgp show --config CONFIG
       comity openpgp take FILE --config CONFIG

show  the keys with which published advisories are signed, the one in use first
take  from now on sign with the private key in FILE: ASCII armour, without a
      passphrase, good for 90 days at least. The node keeps it sealed in its database;
      a running node signs everything again within seconds. Delete FILE then.

Exit codes: 0 done, 1 refused, 2 wrong usage.
`
const FILE_MAX = 64 * 1024

export async function openpgpCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { config: { type: 'string' }, help: { type: 'boolean', default: false } },
  })
  const [word, file, ...others] = positionals
  if (values.help) return say(USAGE)
  if (values.config === undefined || others.length > 0) return usage()
  if (word === 'show' && file === undefined) return show(readOrRefuse(values.config))
  if (word === 'take' && file !== undefined) return take(readOrRefuse(values.config), file)
  return usage()
}

async function show(config: NodeConfig): Promise<number> {
  return withDatabase(config, async (database) => {
    const keys = await csafKeys(database)
    if (keys.length === 0) return say('none yet: the node makes one with its first publication\n')
    for (const [at, key] of keys.entries()) say(await lineOf(key, at === 0))
    return 0
  })
}

async function lineOf({ fingerprint, publicKey, madeAt }: CsafKey, isInUse: boolean) {
  const end = await openPgpKeyEnd(publicKey).catch(() => 'not valid')
  return `${grouped(fingerprint)}\n  ${isInUse ? 'in use' : 'former'}, here since ${madeAt}, ends: ${end ?? 'never'}\n`
}

async function take(config: NodeConfig, file: string): Promise<number> {
  if (statSync(file).size > FILE_MAX) throw malformed('the OpenPGP key is too long')
  const now = instantFromMs(Date.now())
  const key = await takeOpenPgpKey(readFileSync(file, 'utf8'), now)
  const [columnKey, ...former] = await (await openNodeKeys(config)).columnKeys()
  invariant(columnKey, 'a node has a column key')
  return withDatabase(config, async (database) => {
    const [inUse] = await csafKeys(database)
    await keepCsafKey(database, openAtRest(columnKey, former), key, now)
    const [first] = await csafKeys(database)
    if (first?.fingerprint !== key.fingerprint) {
      throw malformed('this key was in use before, and another one after it: bring a new one')
    }
    const said = inUse?.fingerprint === key.fingerprint ? 'is in use already' : 'signs from now on'
    return say(`${grouped(key.fingerprint)}\n  ${said}. Tell your readers, and delete ${file}.\n`)
  })
}

async function withDatabase(
  config: NodeConfig,
  work: (database: Database) => Promise<number>,
): Promise<number> {
  const database = openDatabase(config.database.url, 2)
  try {
    return await work(database)
  } finally {
    await database.destroy()
  }
}

const grouped = (fingerprint: string) =>
  (fingerprint.toUpperCase().match(/.{1,4}/g) ?? []).join(' ')

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

function usage(): number {
  process.stderr.write(USAGE)
  return 2
}
