/**
 * What an administrator waits for: `comity serve` on data that are there, the memory of
 * a node with nothing to do, a backup of 10,000 cases and its check. One node of its
 * own, as `comity init` makes it, on a durable server of its own.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import {
  type ManagedPostgres,
  startManagedPostgres,
} from '../src/adapters/managed-postgres/managed-postgres.ts'
import { answersFrom } from '../src/cli/init/questions.ts'
import { CONFIG_FILE, writeNode } from '../src/cli/init/write-node.ts'
import { type DataFolder, openTemporaryDataFolder, resetData } from '../src/node/data-folder.ts'
import { choosePorts } from '../src/node/free-ports.ts'
import { CASES, fill, measureBackup } from './backup.ts'
import { type Limits, loadText } from './machine.ts'
import {
  atMost,
  type Measured,
  megabytes,
  milliseconds,
  percentile,
  type Section,
} from './measured.ts'
import { memoryOf, processorSecondsOf } from './processes.ts'
import type { StartParts } from './start-time.ts'

const COMITY = join(import.meta.dirname, '..', 'bin', 'comity.js')
const STARTS = 5
const START_GOAL_S = 3
const START_STOP_MS = 30_000
const MEMORY_GOAL_MB = 300
const IDLE_MS = 60_000
const SAMPLE_MS = 10_000
const FIRST_PORT = 26_000
const NODE = 'operations.example'
const DATABASE = 'node_operations'

export async function measureOperations(parts: StartParts): Promise<readonly Section[]> {
  const { tell, running, limits } = parts
  const load = loadText()
  const data = openTemporaryDataFolder()
  const server = await startManagedPostgres({
    dataFolder: data.postgresFolder(),
    cacheFolder: data.cacheFolder(),
  })
  const stop = async () => {
    await server.stop()
    await resetData(data.folder)
  }
  running.add(stop)
  try {
    const node = await setUp(server, data)
    const lines: Measured[] = [{ what: 'load average before', figure: load }]
    tell('comity serve: new, then on existing data')
    lines.push(...(await starts(node, parts)))
    tell(`comity serve: ${IDLE_MS / 1000} s idle`)
    lines.push(...(await idle(node, parts, limits)))
    tell(`backup of ${CASES} cases`)
    lines.push(...(await measureBackup(server, data)))
    lines.push({ what: 'load average after', figure: loadText() })
    return [{ title: 'Operating one node', lines }]
  } finally {
    running.delete(stop)
    await stop()
  }
}

type SetUp = { readonly config: string; readonly publicUrl: string; readonly databaseUrl: string }

async function setUp(server: ManagedPostgres, data: DataFolder): Promise<SetUp> {
  const port = await portsInARow()
  const at = (offset: number) => `http://127.0.0.1:${port + offset}`
  const { host } = new URL(server.url('postgres'))
  const answers = answersFrom({
    id: NODE,
    name: 'Authority (invented)',
    legalOrder: 'EU',
    profile: 'training',
    publicUrl: at(0),
    officersUrl: at(1),
    federationUrl: at(2),
    firstPort: port,
    databaseUrl: `postgres://${DATABASE}@${host}/${DATABASE}`,
    escalationBody: 'Ombudsperson (invented)',
    escalationAddress: 'Example Street 1',
  })
  const folder = await writeNode(join(data.folder, 'node'), answers)
  await runStatements(server.url('postgres'), readFileSync(join(folder, 'database.sql'), 'utf8'))
  const config = join(folder, CONFIG_FILE)
  return { config, publicUrl: at(0), databaseUrl: server.url(DATABASE) }
}

async function portsInARow(): Promise<number> {
  for (let first = FIRST_PORT; ; first += 4) {
    if ((await choosePorts(4, first))[0] === first) return first
  }
}

/** One by one: a database is not created inside a block of statements. */
async function runStatements(url: string, text: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  for (const statement of text.split(';\n')) {
    if (statement.trim() !== '') await client.query(statement)
  }
  await client.end()
}

async function starts(node: SetUp, parts: StartParts): Promise<readonly Measured[]> {
  const first = await startOf(node, parts)
  await first.stop()
  await fill(node.databaseUrl, ['cases'])
  const laps: number[] = []
  const processor: number[] = []
  const pages: number[] = []
  for (let n = 0; n < STARTS; n++) {
    const started = await startOf(node, parts)
    laps.push(started.ms)
    processor.push(started.processorSeconds)
    pages.push(await firstPage(node))
    await started.stop()
  }
  const median = percentile(laps, 0.5)
  const worst = Math.max(...laps)
  const empty = `an empty Node process ${milliseconds(parts.limits.emptyNodeMs)}`
  return [
    {
      what: '`comity serve` for the first time: empty database, nothing compiled',
      figure: `${milliseconds(first.ms)}, ${first.processorSeconds.toFixed(1)} s of processor time`,
      beside: empty,
    },
    {
      what: `\`comity serve\` on existing data (${CASES.toLocaleString('en')} cases), ${STARTS} starts`,
      figure: `median ${milliseconds(median)}, worst ${milliseconds(worst)}, ${percentile(processor, 0.5).toFixed(1)} s of processor time`,
      goal: atMost(START_GOAL_S, worst / 1000, 's, the worst too'),
      beside: empty,
    },
    {
      what: 'the first page after such a start',
      figure: `median ${milliseconds(percentile(pages, 0.5))}, worst ${milliseconds(Math.max(...pages))}`,
    },
  ]
}

async function idle(
  node: SetUp,
  parts: StartParts,
  { emptyNodeBytes }: Limits,
): Promise<readonly Measured[]> {
  const started = await startOf(node, parts)
  await firstPage(node)
  const samples: number[] = []
  for (let waitedMs = 0; waitedMs < IDLE_MS; waitedMs += SAMPLE_MS) {
    await pause(SAMPLE_MS)
    samples.push(memoryOf(started.pid)?.residentBytes ?? Number.NaN)
  }
  const peak = memoryOf(started.pid)?.peakBytes ?? Number.NaN
  await started.stop()
  const last = samples.at(-1) ?? Number.NaN
  return [
    {
      what: `memory of that node after ${IDLE_MS / 1000} s with nothing to do`,
      figure: `${megabytes(last)} (every ${SAMPLE_MS / 1000} s: ${samples.map(megabytes).join(', ')}; peak ${megabytes(peak)})`,
      goal: atMost(MEMORY_GOAL_MB, last / 1_000_000, 'MB'),
      beside: `an empty Node process ${megabytes(emptyNodeBytes)}`,
    },
  ]
}

type Started = {
  readonly ms: number
  readonly processorSeconds: number
  readonly pid: number
  stop(): Promise<void>
}

/** From the spawning of the command until it says that it serves. */
async function startOf({ config }: SetUp, { running }: StartParts): Promise<Started> {
  const startedMs = performance.now()
  const child = spawn(process.execPath, [COMITY, 'serve', '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  const stop = async () => {
    running.delete(stop)
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), START_STOP_MS)
    await ended
    clearTimeout(timer)
  }
  running.add(stop)
  let printed = ''
  const serves = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        printed += text
        if (/ serves\n/.test(printed)) resolve()
      })
    }
    child.on('close', () => reject(new Error(`it ended: ${printed.trim().split('\n').at(-1)}`)))
    setTimeout(() => reject(new Error('it does not serve')), START_STOP_MS).unref()
  })
  try {
    await serves
  } catch (error) {
    await stop()
    throw error
  }
  const { pid = 0 } = child
  return { ms: performance.now() - startedMs, processorSeconds: processorSecondsOf(pid), pid, stop }
}

async function firstPage({ publicUrl }: SetUp): Promise<number> {
  const started = performance.now()
  const answer = await fetch(`${publicUrl}/en`)
  await answer.text()
  if (!answer.ok) throw new Error(`the first page answers ${answer.status}`)
  return performance.now() - started
}
