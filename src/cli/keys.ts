/**
 * `comity keys`: what keys a node has, and their changes. Every change is made by two
 * people, is recorded with public parts only, and takes effect at the next start.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { atRest } from '../adapters/keys/at-rest.ts'
import {
  ceremonyKey,
  fingerprintOf,
  recordCeremony,
  requirePresent,
} from '../adapters/keys/ceremony-records.ts'
import {
  addKey,
  type KeyChange,
  LEAD_MS,
  retireKeys,
  revokeKey,
  rotateKey,
  sealKeys,
} from '../adapters/keys/change-keys.ts'
import { type FileStore, fileStore } from '../adapters/keys/file-store.ts'
import {
  ADDED_PURPOSES,
  isAdded,
  PURPOSES,
  type Purpose,
  type RingKey,
} from '../adapters/keys/key-ring.ts'
import {
  countUnderFormerKeys,
  requireColumnKeyInUse,
} from '../adapters/postgres/column-keys/reseal-columns.ts'
import { openDatabase } from '../adapters/postgres/database.ts'
import { malformed } from '../base/errors.ts'
import { addMs, type Instant, instant, instantFromMs } from '../base/time.ts'
import type { KeyCeremonyEvent } from '../core/authority/key-ceremony.ts'
import { type NodeConfig, readNodeConfig } from '../node/config.ts'
import { keyPlaceOf, openNodeKeys } from '../node/node-keys.ts'
import { renewDocument } from '../node/renew-document.ts'
import { CEREMONY } from './keys-ceremony.ts'
import { changeLogKey } from './keys-log.ts'
import { keysRecoveryCommand } from './keys-recovery.ts'

const USAGE = `usage: comity keys list     --config FILE
       comity keys init     --config FILE PRESENT
       comity keys add      witnessMlDsa44 --config FILE PRESENT
       comity keys rotate   message|encryption|witness|witnessMlDsa44|column --config FILE [--from now|TIME] PRESENT
       comity keys log      --reason planned|compromised --config FILE PRESENT
       comity keys revoke   KEY --reason compromised|lost|superseded --config FILE PRESENT
       comity keys seal     --config FILE PRESENT
       comity keys retire   --config FILE PRESENT
       comity keys ceremony init|rotate|log|revoke|retire
       comity keys recovery make|join   officers' sealing keys (comity keys recovery --help)

PRESENT  --present FUNCTION --present FUNCTION   the functions of the two people who are there
add      makes a key that a node of an older release has not yet
log      closes the node's log at the next start and opens one with another key
seal     moves plain files to sealed ones, once the configuration says sealedFiles
--from   when the next key takes over: in 8 days if nothing is said
KEY      as comity keys list names it, e.g. message-1
ceremony prints what the two people do, step by step; it changes nothing.
`

type Given = {
  readonly config: NodeConfig
  readonly now: Instant
  readonly word: string | undefined
  readonly from: string | undefined
  readonly reason: string | undefined
}

type Act = (given: Given) => Promise<KeyChange>

const ACTS: Readonly<Record<string, { readonly act: KeyCeremonyEvent['act']; readonly run: Act }>> =
  {
    init: { act: 'made', run: make },
    add: { act: 'made', run: add },
    rotate: { act: 'rotated', run: rotate },
    revoke: { act: 'revoked', run: revoke },
    retire: { act: 'retired', run: retire },
    seal: { act: 'sealed', run: seal },
  }

export async function keysCommand(args: readonly string[]): Promise<number> {
  if (args[0] === 'recovery') return keysRecoveryCommand(args.slice(1))
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      from: { type: 'string' },
      reason: { type: 'string' },
      present: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  })
  const [command = '', word, ...others] = positionals
  if (values.help) return say(USAGE, 0)
  if (command === 'ceremony' && word !== undefined && Object.hasOwn(CEREMONY, word)) {
    return say(CEREMONY[word] ?? '', 0)
  }
  if (!values.config || others.length > 0) return say(USAGE, 2)
  const config = readNodeConfig(values.config)
  if (command === 'list' && word === undefined) return list(config)
  if (command === 'log' && word === undefined) return changeLog(config, values)
  const chosen = Object.hasOwn(ACTS, command) ? ACTS[command] : undefined
  if (!chosen) return say(USAGE, 2)
  requirePresent(values.present)
  const now = instantFromMs(Date.now())
  const given = { config, now, word, from: values.from, reason: values.reason }
  const { changed } = await chosen.run(given)
  if (changed.length === 0) return say('nothing to do\n', 0)
  const file = await recordCeremony(join(config.folder, 'keys'), {
    type: 'keyCeremonyHeld',
    act: chosen.act,
    heldAt: now,
    present: values.present,
    keys: changed.map(ceremonyKey),
  })
  await publish(config, now)
  process.stdout.write(changed.map(line).join(''))
  return say(`recorded in ${file}; start the node again to use and publish it\n`, 0)
}

async function changeLog(
  config: NodeConfig,
  { reason, present }: { readonly reason?: string | undefined; readonly present: string[] },
): Promise<number> {
  requirePresent(present)
  const ended = await changeLogKey(config, reason)
  const heldAt = instantFromMs(Date.now())
  const held = { type: 'keyCeremonyHeld', heldAt, present, ...ended } as const
  const file = await recordCeremony(join(config.folder, 'keys'), held)
  for (const { key, fingerprint } of ended.keys) {
    process.stdout.write(`${key}\n  ${fingerprint.match(/.{1,4}/g)?.join(' ')}\n`)
  }
  return say(`recorded in ${file}; start the node again: it closes this log\n`, 0)
}

async function list(config: NodeConfig): Promise<number> {
  const keys = await openNodeKeys(config)
  await keys.close()
  return say(keys.ring.keys.map(line).join(''), 0)
}

function line(key: RingKey): string {
  const { purpose, generation, validFrom, validUntil, opensUntil, revoked, ref } = key
  const groups = fingerprintOf(key).match(/.{1,4}/g) ?? []
  const facts = [
    `from ${validFrom ?? 'the beginning'}`,
    `until ${validUntil ?? 'changed'}`,
    ...(opensUntil ? [`kept to open until ${opensUntil}`] : []),
    ...(revoked ? [`REVOKED at ${revoked.at}: ${revoked.reason}`] : []),
  ]
  return `${purpose}-${generation}  ${ref}\n  ${facts.join(', ')}\n  ${groups.join(' ')}\n`
}

/** Makes them where there are none; where there are, they are what the people look at. */
async function make({ config, now }: Given): Promise<KeyChange> {
  const { openKeys } = await import('../adapters/keys/open-keys.ts')
  const { ring, close } = await openKeys(await keyPlaceOf(config), now)
  await close()
  return { ring, changed: ring.keys }
}

async function add({ config, word = '' }: Given): Promise<KeyChange> {
  if (!isAdded(word)) {
    throw malformed(`name the key to add: ${ADDED_PURPOSES.join(', ')}`, { field: 'purpose' })
  }
  return addKey(await keyPlaceOf(config), word)
}

async function rotate({ config, now, word, from }: Given): Promise<KeyChange> {
  if (!PURPOSES.includes(word as Purpose)) {
    throw malformed(`name the key to change: ${PURPOSES.join(', ')}`, { field: 'purpose' })
  }
  const begins = from === 'now' ? now : from === undefined ? addMs(now, LEAD_MS) : instant(from)
  return rotateKey(await keyPlaceOf(config), word as Purpose, { now, from: begins })
}

async function revoke({ config, now, word = '', reason }: Given): Promise<KeyChange> {
  if (reason !== 'compromised' && reason !== 'lost' && reason !== 'superseded') {
    throw malformed('--reason is compromised, lost or superseded', { field: 'reason' })
  }
  return revokeKey(await keyPlaceOf(config), word, { now, at: now, reason })
}

async function seal({ config }: Given): Promise<KeyChange> {
  if (config.keys?.store !== 'sealedFiles') {
    throw malformed('first say keys: store: sealedFiles and where the passphrase is', {
      field: 'keys.store',
    })
  }
  const { folder, node, store } = await keyPlaceOf(config)
  const plain = { folder, node, store: fileStore }
  return sealKeys(plain, { plain: fileStore(folder), sealed: store(folder) as FileStore })
}

/** A former column key goes only after every column was seen under the current one. */
async function retire({ config, now }: Given): Promise<KeyChange> {
  const keys = await openNodeKeys(config)
  const [current, ...former] = await keys.columnKeys()
  if (former.length > 0 && current) {
    const database = openDatabase(config.database.url, 2)
    try {
      await requireColumnKeyInUse(database, keys.columnKeyCheck)
      const count = await countUnderFormerKeys(database, atRest(current))
      if (count > 0) {
        throw malformed(
          `${count} columns may still need a former column key: let the node run on`,
          {
            reason: 'columns-left',
          },
        )
      }
    } finally {
      await database.destroy()
    }
  }
  await keys.close()
  return retireKeys(await keyPlaceOf(config), { now, columnKeys: former.length > 0 })
}

/** Signs the node document anew. The one before stays in the authority stream. */
async function publish(config: NodeConfig, now: Instant): Promise<void> {
  const keys = await openNodeKeys(config)
  try {
    await renewDocument(config, keys, now, 'published')
  } finally {
    await keys.close()
  }
}

function say(text: string, code: number): number {
  ;(code === 2 ? process.stderr : process.stdout).write(text)
  return code
}
