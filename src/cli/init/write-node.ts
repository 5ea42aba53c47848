/**
 * Makes the folder of a new node: keys, configuration, policy, node document. All
 * of it or nothing, and never over anything that is there.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openFileKeys } from '../../adapters/keys/file-keys.ts'
import { systemRandom } from '../../adapters/random.ts'
import { malformed } from '../../base/errors.ts'
import { instantFromMs } from '../../base/time.ts'
import { nodeSelfOf, parseConfig } from '../../node/config.ts'
import { documentFacts, firstDocument } from '../../node/first-document.ts'
import { logSigners } from '../../node/log-signers.ts'
import { formatVkey } from '../../proof/vkey.ts'
import { configurationText, policyText } from './configuration.ts'
import { databaseRoles, databaseSql } from './database-roles.ts'
import type { Answers } from './questions.ts'

export const CONFIG_FILE = 'comity.yaml'
const FOLDERS = ['peers', 'ledger', 'exhibits'] as const

/** @throws ComityError `malformed` if something is there already; it says what */
export async function writeNode(given: string, answers: Answers): Promise<string> {
  const folder = resolve(given)
  requireEmpty(folder)
  const isNew = !existsSync(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  try {
    await fill(folder, answers)
  } catch (error) {
    // Half a node is none: the next try must find nothing.
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
    if (isNew) rmSync(folder, { recursive: true })
    throw error
  }
  return folder
}

/** What is in the folder, for people who run `init` again. */
export function requireEmpty(folder: string): void {
  if (!existsSync(folder)) return
  const names = readdirSync(folder).sort()
  if (names.length === 0) return
  const what = names.slice(0, 12).join(', ')
  const advice = names.includes(CONFIG_FILE)
    ? `a node is set up here; check it with: comity doctor --config ${join(folder, CONFIG_FILE)}`
    : 'name an empty folder, or one that does not exist'
  throw malformed(`${folder} is not empty (${what}): nothing was changed; ${advice}`, {
    field: 'FOLDER',
    reason: 'not-empty',
  })
}

async function fill(folder: string, answers: Answers): Promise<void> {
  const roles = databaseRoles(answers.databaseUrl, systemRandom)
  const text = configurationText(answers, roles)
  const self = nodeSelfOf(parseConfig(text))
  const keys = await openFileKeys(join(folder, 'keys'), answers.id)
  for (const name of FOLDERS) mkdirSync(join(folder, name), { mode: 0o700 })
  const { log } = logSigners(answers.id, keys)
  writePrivate(join(folder, 'policy.txt'), policyText(formatVkey(log.key)))
  const now = instantFromMs(Date.now())
  writePrivate(join(folder, 'node.json'), await firstDocument(documentFacts(self), keys, now))
  writePrivate(join(folder, 'database.sql'), databaseSql(roles))
  // Last: a folder with a configuration is a whole node.
  writePrivate(join(folder, CONFIG_FILE), text)
}

function writePrivate(file: string, content: string | Uint8Array): void {
  writeFileSync(file, content, { mode: 0o600, flag: 'wx' })
}
