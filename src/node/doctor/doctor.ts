/**
 * Looks a node over, whether it runs or not, and says what is wrong and how to mend
 * it. Changes nothing. A check that cannot be done is a finding too.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenedKeys } from '../../adapters/keys/open-keys.ts'
import { type Database, openDatabase } from '../../adapters/postgres/database.ts'
import { serverFacts } from '../../adapters/postgres/schema-state.ts'
import { ComityError } from '../../base/errors.ts'
import { placeOf } from '../before-start.ts'
import { type NodeConfig, readNodeConfig } from '../config.ts'
import { openNodeKeys } from '../node-keys.ts'
import { backup, backupLife } from './backup-checks.ts'
import { certificates } from './certificate-checks.ts'
import { openPgpKey } from './csaf-checks.ts'
import { doorRoles, migrations, overdue, server, suspendedAccounts } from './database-checks.ts'
import { exchange, renewals } from './exchange-checks.ts'
import { type Check, type Finding, type Patient, warning, well, wrong } from './finding.ts'
import {
  diskSpace,
  exhibitStore,
  fileModes,
  logPolicy,
  nodeDocument,
  pinnedDocuments,
} from './local-checks.ts'
import { log, peerLogs } from './log-checks.ts'
import { doors, keysInUse, peers, witnesses } from './network-checks.ts'
import { outsideReview, safetyTexts } from './review-checks.ts'
import { storedRows } from './stored-checks.ts'

const CHECKS: readonly Check[] = [
  fileModes,
  nodeDocument,
  logPolicy,
  pinnedDocuments,
  diskSpace,
  exhibitStore,
  server,
  doorRoles,
  migrations,
  log,
  exchange,
  storedRows,
  peerLogs,
  renewals,
  suspendedAccounts,
  overdue,
  backup,
  backupLife,
  outsideReview,
  safetyTexts,
  doors,
  keysInUse,
  certificates,
  peers,
  witnesses,
  openPgpKey,
]

export type Named = Finding & { readonly check: string }

export async function examine(configFile: string, nowMs: number): Promise<readonly Named[]> {
  const config = readConfig(configFile)
  if ('state' in config) return [{ check: 'configuration', ...config }]
  const found: Named[] = [
    { check: 'configuration', ...well(`${config.node.id} (${config.node.profile})`) },
  ]
  const keys = await openKeys(config)
  const database = await openOrSay(config)
  found.push({ check: 'keys', ...('state' in keys ? keys : keysFinding(keys)) })
  if ('state' in database) found.push({ check: 'database', ...database })
  const patient: Patient = {
    configFile,
    config,
    nowMs,
    ...('state' in keys ? {} : { keys }),
    ...('state' in database ? {} : { database }),
  }
  try {
    for (const check of CHECKS) found.push(...(await runCheck(check, patient)))
  } finally {
    if (!('state' in keys)) await keys.close()
    if (!('state' in database)) await database.destroy()
  }
  return found
}

async function runCheck(check: Check, patient: Patient): Promise<readonly Named[]> {
  try {
    const findings = await check.run(patient)
    return findings.map((finding) => ({ check: check.name, ...finding }))
  } catch (error) {
    return [{ check: check.name, ...wrong(wordsOf(error), 'mend this first, then look again') }]
  }
}

function readConfig(file: string): NodeConfig | Finding {
  try {
    return readNodeConfig(file)
  } catch (error) {
    const mend = 'comity init --check FILE repeats only this; docs/operating/install.md explains it'
    return wrong(wordsOf(error), mend)
  }
}

/** Opening makes keys where there is no folder; a doctor makes nothing. */
async function openKeys(config: NodeConfig): Promise<OpenedKeys | Finding> {
  const folder = join(config.folder, 'keys')
  if (!existsSync(folder)) {
    return wrong(`${folder} is missing`, 'put it back from where you keep a copy of the keys')
  }
  try {
    return await openNodeKeys(config)
  } catch (error) {
    return wrong(wordsOf(error), 'docs/operating/keys.md; never make new keys for a lost one')
  }
}

function keysFinding({ witnessMlDsa44 }: OpenedKeys): Finding {
  if (witnessMlDsa44) return well('all there')
  return warning(
    'there is no ML-DSA-44 key of the witness: what it cosigns lasts no longer than Ed25519',
    'comity keys add witnessMlDsa44, then send the new line for policies to everyone',
  )
}

async function openOrSay(config: NodeConfig): Promise<Database | Finding> {
  const { url } = config.database
  const database = openDatabase(url, 2)
  try {
    await serverFacts(database)
    return database
  } catch (error) {
    await database.destroy()
    const { code = 'no answer' } = error as { code?: string }
    return wrong(
      `the database at ${placeOf(url)} cannot be reached (${code})`,
      'is the server running? Does database.url name it, the role and its password?',
    )
  }
}

/** Our own words, or a code: what a library says could quote a password. */
function wordsOf(error: unknown): string {
  if (error instanceof ComityError) return error.message
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? `it cannot be looked at (${code})` : 'it cannot be looked at'
}
