/**
 * The exchange without the cases on either side: two processes, each with a durable
 * database of its own, and between them everything that a message goes through: number,
 * link, signature, seal, request, verification, effect, receipt, entry for the log. Both
 * databases grow from the first message to the last. What this leaves out is the decision
 * about a release and the stream that it is recorded in, and the numbering of the log.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createDatabase } from '../src/adapters/managed-postgres/database-server.ts'
import { startManagedPostgres } from '../src/adapters/managed-postgres/managed-postgres.ts'
import { openTemporaryDataFolder, resetData } from '../src/node/data-folder.ts'
import { choosePorts } from '../src/node/free-ports.ts'
import type { Ask } from './exchange-process.ts'
import { durableCommits, loadText } from './machine.ts'
import { type Measured, megabytes, percentile, type Section } from './measured.ts'
import { descendantsOf, memoryOf, processorSecondsOf } from './processes.ts'
import type { StartParts } from './start-time.ts'

const PROCESS = join(import.meta.dirname, 'exchange-process.ts')
const [A, B] = ['meridia.example', 'albion.example']
const GOAL = { each: 1500, together: 4000 }
const WINDOW = 1000
const TOGETHER = 500
/** Sizes at which the rate of the next thousand is measured. */
const SIZES = [1_000, 10_000, 100_000]
const FLAT_PERCENT = 20
/** As far as it comes until then. */
const STOP_MS = 240_000
const SIGNED = 300
const LIMIT =
  'What the three processes use together is more than two cores have at the goal. Version 1 signs each message and each receipt by itself (the line of signatures below), about a quarter of it, and the next transaction waits until every receipt of the last is verified: one signature for a whole transaction would take a version 2. Next in version 1: write canonical JSON of a header and of a receipt once instead of three times, and a receipt as a row of its own instead of a new copy of the message’s row.'

type Child = { readonly process: ChildProcess; ask<T>(asked: Ask): Promise<T> }
type Pair = { readonly a: Child; readonly b: Child; readonly root: number }
type Rate = { readonly perSecond: number; readonly used: string }

export async function measureExchangeAlone({
  tell,
  running,
}: Pick<StartParts, 'tell' | 'running'>): Promise<readonly Section[]> {
  const data = openTemporaryDataFolder()
  const folders = { dataFolder: data.postgresFolder(), cacheFolder: data.cacheFolder() }
  const server = await startManagedPostgres(folders)
  const children: Child[] = []
  const stop = async () => {
    for (const { process: child } of children) child.kill('SIGKILL')
    await server.stop()
    await resetData(data.folder)
  }
  running.add(stop)
  try {
    const [a, b] = [newChild(), newChild()]
    children.push(a, b)
    await open({ a, b, root: process.pid }, server.url('postgres'))
    return [await measure({ a, b, root: process.pid }, server.url('postgres'), tell)]
  } finally {
    running.delete(stop)
    await stop()
  }
}

function newChild(): Child {
  const child = fork(PROCESS, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return {
    process: child,
    async ask(asked) {
      child.send(asked)
      const [{ value, error }] = (await once(child, 'message')) as [
        { value: never; error?: string },
      ]
      if (error) throw new Error(error)
      return value
    },
  }
}

async function open({ a, b }: Pair, serverUrl: string): Promise<void> {
  const ports = await choosePorts(2, 27_000)
  type Opened = { readonly document: object; readonly bytes: string }
  const opened: Opened[] = []
  for (const [n, child] of [a, b].entries()) {
    const node = [A, B][n] as string
    const url = await createDatabase(serverUrl, `exchange_${n}`, { withOwnRole: true })
    opened.push(await child.ask({ kind: 'open', node, url, port: ports[n] as number }))
  }
  await a.ask({ kind: 'pin', ...(opened[1] as Opened) })
  await b.ask({ kind: 'pin', ...(opened[0] as Opened) })
}

async function measure(pair: Pair, serverUrl: string, tell: (text: string) => void) {
  const before = loadText()
  const commits = await durableCommits(serverUrl)
  const rows = 1000 / percentile(commits, 0.5)
  tell('warming up')
  await rateOf(pair, WINDOW, TOGETHER)
  let sent = WINDOW
  const flat: { readonly at: number; readonly each: Rate; readonly together: Rate }[] = []
  const until = performance.now() + STOP_MS
  for (const size of SIZES) {
    while (sent < size && performance.now() < until) {
      tell(`${sent} of ${size} messages`)
      const count = Math.min(10 * WINDOW, size - sent)
      await rateOf(pair, count, TOGETHER)
      sent += count
    }
    if (sent < size) break
    const each = await rateOf(pair, WINDOW, 1)
    const together = await rateOf(pair, WINDOW, TOGETHER)
    sent += 2 * WINDOW
    flat.push({ at: size, each, together })
  }
  const lines: Measured[] = [
    { what: 'load average before', figure: before },
    ...flat.flatMap(({ at, each, together }) => [
      lineOf(
        `each queued by a transaction of its own, after ${at.toLocaleString('en')}`,
        each,
        GOAL.each,
        rows,
      ),
      lineOf(
        `${TOGETHER} queued by one transaction, after ${at.toLocaleString('en')}`,
        together,
        GOAL.together,
        rows,
      ),
    ]),
    flatLine(flat, sent),
    {
      what: `resident memory of each process after ${sent.toLocaleString('en')} messages`,
      figure: [pair.a, pair.b]
        .map(({ process: { pid } }) => megabytes(memoryOf(pid ?? 0)?.residentBytes ?? Number.NaN))
        .join(', '),
    },
    signaturesLine(),
    { what: 'load average after', figure: loadText() },
  ]
  return { title: 'The exchange alone', lines } satisfies Section
}

/** What the specification demands of a message and its receipt, in a bare loop. */
function signaturesLine(): Measured {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const message = Buffer.alloc(600, 7)
  const started = performance.now()
  for (let n = 0; n < SIGNED; n++) {
    for (let twice = 0; twice < 2; twice++) {
      const signature = sign(null, message, privateKey)
      if (!verify(null, message, publicKey, signature)) throw new Error('a signature is wrong')
    }
  }
  const ms = (performance.now() - started) / SIGNED
  return {
    what: 'the signatures of a message alone: two made, two verified',
    figure: `${ms.toFixed(2)} ms`,
    beside: `${Math.round(2000 / ms).toLocaleString('en')} messages a second if two cores did nothing else`,
  }
}

function lineOf(what: string, { perSecond, used }: Rate, goal: number, rows: number): Measured {
  return {
    what: `messages of 0.7 KB until their signed receipt, ${what}`,
    figure: `${Math.round(perSecond).toLocaleString('en')}/s; ms of processor time each: ${used}`,
    goal: { text: `≥ ${goal.toLocaleString('en')}/s`, isMet: perSecond >= goal, limit: LIMIT },
    beside: `${Math.round(rows).toLocaleString('en')} durable rows a second on one connection (ratio ${(perSecond / rows).toFixed(2)})`,
  }
}

function flatLine(flat: readonly { at: number; together: Rate; each: Rate }[], sent: number) {
  const [first, last] = [flat[0], flat.at(-1)]
  const ofFirst = (kind: 'each' | 'together') =>
    Math.round(((last?.[kind].perSecond ?? 0) / (first?.[kind].perSecond ?? 1) - 1) * 100)
  const change = { each: ofFirst('each'), together: ofFirst('together') }
  const isThere = last?.at === SIZES.at(-1)
  const isFlat = Math.min(change.each, change.together) >= -FLAT_PERCENT
  return {
    what: `rate after ${(last?.at ?? 0).toLocaleString('en')} messages against that after ${(first?.at ?? 0).toLocaleString('en')}`,
    figure: `${change.each} % each by itself, ${change.together} % together; ${sent.toLocaleString('en')} were sent`,
    goal: { text: `±${FLAT_PERCENT} % to 100,000`, isMet: isThere && isFlat },
  }
}

async function rateOf({ a, b, root }: Pair, count: number, together: number): Promise<Rate> {
  const parts = (): readonly (readonly [string, number])[] => {
    const own = [a, b].map(({ process: { pid } }) => pid ?? 0)
    const others = descendantsOf(root).filter(({ pid }) => !own.includes(pid))
    return [
      ['sender', processorSecondsOf(own[0] as number)],
      ['receiver', processorSecondsOf(own[1] as number)],
      ['database', others.reduce((sum, { pid }) => sum + (processorSecondsOf(pid) || 0), 0)],
    ]
  }
  const before = parts()
  const { tookMs } = await a.ask<{ tookMs: number }>({
    kind: 'send',
    to: B as string,
    count,
    together,
  })
  const used = parts().map(([name, seconds], n) => {
    const ms = ((seconds - (before[n]?.[1] ?? 0)) * 1000) / count
    return `${name} ${ms.toFixed(2)}`
  })
  return { perSecond: (count / tookMs) * 1000, used: used.join(', ') }
}
