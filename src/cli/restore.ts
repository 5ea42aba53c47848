/**
 * `comity restore`: puts a verified backup into an empty database and folder, and
 * afterwards shows and confirms how the node comes back.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { addToErasureList, ERASURE_LIST, readErasureList } from '../adapters/backup/erasure-list.ts'
import { restoreBackup } from '../adapters/backup/restore-backup.ts'
import type { AtRest } from '../adapters/keys/at-rest.ts'
import { atRest as openAtRest } from '../adapters/keys/at-rest.ts'
import { openPeerDocuments } from '../adapters/peers/peer-documents.ts'
import { caseClock } from '../adapters/postgres/case-clock.ts'
import { type Database, openDatabase } from '../adapters/postgres/database.ts'
import { postgresStaff } from '../adapters/postgres/people/staff.ts'
import { systemRandom as random } from '../adapters/random.ts'
import { postgresEnrolments } from '../adapters/sign-in/enrolments.ts'
import { hasAdministrator } from '../adapters/sign-in/sign-in.ts'
import { makeSetupCode, suspendedAdministrators } from '../app/sign-in/enrol.ts'
import { invariant } from '../base/errors.ts'
import { instantFromMs } from '../base/time.ts'
import { type NodeConfig, readNodeConfig } from '../node/config.ts'
import { startExchange } from '../node/exchange.ts'
import { openNodeKeys } from '../node/node-keys.ts'
import { restoredSetting, type Survey, survey } from '../node/restored.ts'
import { offerSetupCode } from '../node/setup-code.ts'
import { lockOf } from './backup.ts'

const USAGE = `usage: comity restore --from FOLDER --config FILE [--keys FILE OPEN] [--erasures FILE]
       comity restore status --config FILE
       comity restore resume --config FILE
       comity restore administrator --config FILE [--account ID | --new]

--from     a backup; every byte is verified before anything is written
--config   the node's configuration: its database and folder must be empty
--erasures the newest list of what was erased (erasures.sealed); else the one beside the backup
--keys     the sealed keys that were written with the backup
OPEN is one of
  --passphrase-file FILE   whose first line opens the keys
  --identity-file FILE     an age identity

A restored node signs and sends nothing until it has asked its witnesses and peers.
status   asks them, and says what they saw and what comes next
resume   does it: opens a new log and new channels where going on would look like a
         second history. Exit codes: 0 done, 1 not, 2 usage.

All accounts come back suspended. An administrator confirms each; the first one comes
back by the setup code that \`comity serve\` makes.
administrator  makes that code where there are several: for --account, whose earlier
         passkeys then count no more, or for a --new one if none of them is there
`

export async function restoreCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      from: { type: 'string' },
      keys: { type: 'string' },
      'passphrase-file': { type: 'string' },
      'identity-file': { type: 'string' },
      erasures: { type: 'string' },
      account: { type: 'string' },
      new: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(USAGE, 0)
  const [word, ...others] = positionals
  if (others.length > 0 || !values.config) return say(USAGE, 2)
  if (word === 'status' || word === 'resume') {
    return comeBackWith(readNodeConfig(values.config), word)
  }
  if (word === 'administrator') {
    if (values.new && values.account) return say(USAGE, 2)
    return administratorBack(readNodeConfig(values.config), values.new ? 'new' : values.account)
  }
  const lock = await lockOf(values)
  if (word !== undefined || !values.from) return say(USAGE, 2)
  if ((values.keys === undefined) !== (lock === undefined)) return say(USAGE, 2)
  const keys = values.keys && lock ? { keys: { file: values.keys, lock } } : {}
  return restore(readNodeConfig(values.config), values.from, keys, values.erasures)
}

async function restore(
  config: NodeConfig,
  from: string,
  keys: Pick<Parameters<typeof restoreBackup>[0], 'keys'>,
  erasures: string | undefined,
): Promise<number> {
  const { manifest } = await restoreBackup({
    from,
    node: config.node.id,
    databaseUrl: config.database.url,
    folder: config.folder,
    ...keys,
    openKeys: async () => {
      const { messagePublicKey, columnKey, close } = await openNodeKeys(config)
      const opened = { messagePublicKey, columnKey: await columnKey() }
      await close()
      return opened
    },
    now: instantFromMs(Date.now()),
    progress: (text) => process.stderr.write(`… ${text}\n`),
  })
  const listed = await takeErasureList(config, erasures ?? join(from, '..', ERASURE_LIST))
  process.stdout.write(
    [
      ...(listed > 0
        ? [`${listed} records of what was erased: it goes again before the node serves.`]
        : ['No list of erasures: what was erased since that moment is here again.']),
      `restored: ${manifest.node} as it was at ${manifest.at}`,
      'Start the node now. It asks its witnesses and peers before it signs anything;',
      '`comity restore status` says what they saw, `comity restore resume` confirms.',
      'What was decided after that moment is not in it. All accounts are suspended until an',
      'administrator confirms each of them; the first one comes back by the setup code that',
      'the start makes (several administrators: `comity restore administrator`).',
      '',
    ].join('\n'),
  )
  return 0
}

/** Where the node looks at its start. Returns how many records it holds. */
async function takeErasureList(config: NodeConfig, file: string): Promise<number> {
  const keys = await openNodeKeys(config)
  try {
    const [columnKey, ...former] = await keys.columnKeys()
    invariant(columnKey, 'a node has a column key')
    const atRest = openAtRest(columnKey, former)
    const listed = await readErasureList(file, atRest)
    return addToErasureList(join(config.folder, ERASURE_LIST), atRest, listed)
  } finally {
    await keys.close()
  }
}

async function comeBackWith(config: NodeConfig, word: 'status' | 'resume'): Promise<number> {
  const database = openDatabase(config.database.url, 4)
  const keys = await openNodeKeys(config)
  try {
    const [columnKey, ...former] = await keys.columnKeys()
    invariant(columnKey, 'a node has a column key')
    const atRest = openAtRest(columnKey, former)
    const clocks = await caseClock(database, config.node.profile)
    const peers = await openPeerDocuments(join(config.folder, 'peers'))
    const common = { config, database, keys, atRest, clocks, peers }
    const exchange = startExchange({ ...common, units: database })
    const found = await survey({ ...common, exchange })
    if (!found) return say('this node is not waiting: it was not restored, or has come back\n', 0)
    process.stdout.write(textOf(found))
    if (word === 'status') return 0
    if (found.plan.step === 'wait') return 1
    await found.carryOut()
    process.stdout.write('Done. The node goes on by itself if it is running; otherwise start it.\n')
    return 0
  } finally {
    await keys.close()
    await database.destroy()
  }
}

/** Whoever reads this machine's terminal or files is trusted as at the first start. */
async function administratorBack(config: NodeConfig, account?: string): Promise<number> {
  const database = openDatabase(config.database.url, 2)
  const keys = await openNodeKeys(config)
  try {
    const [columnKey, ...former] = await keys.columnKeys()
    invariant(columnKey, 'a node has a column key')
    return await setupCodeFor(config, account, { database, atRest: openAtRest(columnKey, former) })
  } finally {
    await keys.close()
    await database.destroy()
  }
}

async function setupCodeFor(
  config: NodeConfig,
  account: string | undefined,
  parts: { readonly database: Database; readonly atRest: AtRest },
): Promise<number> {
  const { database } = parts
  if (await restoredSetting(database)) {
    return say('the node has not come back yet: `comity restore status` says why\n', 1)
  }
  const staff = postgresStaff(parts)
  const signIn = {
    hasAdministrator: () => hasAdministrator(database),
    enrolments: postgresEnrolments({ ...parts, random }),
  }
  const makes = () => makeSetupCode({ signIn, staff, random }, account)
  const out = {
    isTTY: process.stdout.isTTY,
    write: (text: string) => void process.stdout.write(text),
  }
  const isMade = await offerSetupCode(config, { makeSetupCode: makes }, out)
  if (isMade) return 0
  if (await signIn.hasAdministrator()) return say('there is an administrator who can sign in\n', 1)
  const lines = (await suspendedAdministrators({ staff })).map(({ id, name }) => `${id}  ${name}\n`)
  return say(`say which one, with --account ID, or --new:\n${lines.join('')}`, 1)
}

const NEXT: Readonly<Record<Survey['plan']['step'], string>> = {
  goOn: 'Nobody has seen more than the backup holds: the node goes on as before.',
  confirm: '`comity restore resume` does what stands above.',
  wait: 'Too few witnesses have answered. The node waits; ask again when they are up.',
}

const SAW = {
  held: 'has seen nothing that the backup does not hold',
  more: 'has seen more than the backup holds',
  silent: 'does not answer',
} as const

const STEP = {
  same: 'goes on',
  newEpoch: 'a new epoch of the channel will open',
  askLater: 'nothing is sent there until it has answered',
} as const

function textOf({ restored, answers, plan }: Survey): string {
  const lines = [
    `restored from the backup of ${restored.takenAt}`,
    ...answers.witnesses.map(({ key, saw, head }) => {
      const size = head ? ` (${head.origin} at size ${head.treeSize})` : ''
      return `witness ${key.name}: ${SAW[saw]}${size}`
    }),
    ...plan.channels.map(({ peer, saw, beyond, step }) => {
      const count = beyond > 0 ? ` (${beyond} messages)` : ''
      return `peer ${peer}: ${SAW[saw]}${count}; ${STEP[step]}`
    }),
    plan.log === 'same'
      ? 'log: goes on'
      : 'log: the old one is closed where it was last seen, and a new one opens',
    NEXT[plan.step],
    '',
  ]
  return lines.join('\n')
}

function say(text: string, code: number): number {
  ;(code === 0 ? process.stdout : process.stderr).write(text)
  return code
}
