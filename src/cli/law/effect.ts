/**
 * `comity law effect`: what the newest version of a law pack, or another, would change for
 * the open cases of a node on this machine. It prints numbers, and no title of any case.
 */
import { parseArgs } from 'node:util'
import { atRest as openAtRest } from '../../adapters/keys/at-rest.ts'
import { libraryHolidays } from '../../adapters/law-packs.ts'
import { openDatabase } from '../../adapters/postgres/database.ts'
import { beginRun, finish, readRun } from '../../adapters/postgres/law/effects.ts'
import { systemRandom as random } from '../../adapters/random.ts'
import type { LawEffectRun } from '../../app/ports/law-effects.ts'
import { invariant, malformed, unavailable } from '../../base/errors.ts'
import { instantFromMs, utcDateOf } from '../../base/time.ts'
import { packsOn, versionsOf } from '../../core/law/pack-versions.ts'
import { noSignOffs } from '../../core/law/sign-off.ts'
import { lawOfNode } from '../../node/law-of-node.ts'
import { openNodeKeys } from '../../node/node-keys.ts'
import { plainText } from '../../wire/package/plain-text.ts'
import { readOrRefuse } from '../serve.ts'
import { LAW_FOLDER } from './shipped-law.ts'

const USAGE = `usage: comity law effect PACK --config FILE [--version VERSION] [--json]

PACK     id of a pack, such as law.eu
FILE     configuration of a node on this machine, running or stopped
VERSION  the version to compare with; without it the newest that is loaded

Compares the version that each open case keeps with it, as if nobody had signed off either,
and changes no case. The page of the same name lists the cases that an officer may see.
`

const TOLD_EVERY_MS = 2000

export async function effectCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      version: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const [pack, ...more] = positionals
  if (pack === undefined || more.length > 0 || values.config === undefined) {
    process.stderr.write(USAGE)
    return 2
  }
  const run = await compare(values.config, pack, values.version)
  const { pack: id, version, total, looked, changed, decided, lost, unread, counts, state } = run
  const answer = { pack: id, version, state, total, looked, changed, decided, lost, unread, counts }
  process.stdout.write(values.json ? `${JSON.stringify(answer)}\n` : textOf(run))
  return state === 'done' ? 0 : 1
}

async function compare(file: string, id: string, version?: string): Promise<LawEffectRun> {
  const config = readOrRefuse(file)
  const [columnKey, ...former] = await (await openNodeKeys(config)).columnKeys()
  invariant(columnKey, 'a node has a column key')
  const versions = lawOfNode(config.node, LAW_FOLDER)
  const own = versionsOf(versions, id)
  const pack = version === undefined ? own.at(-1) : own.find((each) => each.version === version)
  if (pack === undefined) throw malformed(`no such pack or version is loaded: ${plainText(id)}`)
  const database = openDatabase(config.database.url, 6)
  const now = instantFromMs(Date.now())
  const packs = packsOn(versions, utcDateOf(now))
  const context = { packs, versions, signOffs: noSignOffs, holidaysOf: libraryHolidays() }
  const parts = {
    ...{ database, atRest: openAtRest(columnKey, former), random },
    onFault: (error: unknown) =>
      void process.stderr.write(`comity law: ${plainText((error as Error).message)}\n`),
  }
  try {
    const wish = { pack, context, now, askedBy: 'command line' }
    const begun = await beginRun(parts, wish)
    if (begun === undefined) throw unavailable('another comparison of this node is under way')
    const timer = setInterval(() => {
      readRun(database, begun.id).then(
        ({ looked, total }) => void process.stderr.write(`… ${looked} of ${total} cases\n`),
        parts.onFault,
      )
    }, TOLD_EVERY_MS)
    await finish(parts, begun.id, wish)
    clearInterval(timer)
    return await readRun(database, begun.id)
  } finally {
    await database.destroy()
  }
}

function textOf(run: LawEffectRun): string {
  const { pack, version, state, total, looked, changed, decided, lost, unread, counts } = run
  const kinds = Object.entries(counts).map(([kind, count]) => `  ${kind.padEnd(12)} ${count}`)
  const lines = [
    `${pack} ${version}: ${state}, ${looked} of ${total} open cases compared`,
    `${changed} would change`,
    ...kinds,
    `${decided} decided cases left out: they keep their version`,
    ...(lost > 0 ? [`${lost} cases keep a version that is not loaded any more`] : []),
    ...(unread > 0 ? [`${unread} cases of before an upgrade: run comity rebuild first`] : []),
  ]
  return `${lines.join('\n')}\n`
}
