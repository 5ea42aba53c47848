/**
 * The exchange between two real nodes on this machine, everything on: each release decided
 * by an officer's act over HTTP, sealed, sent, verified, decided by the peer, receipted, and
 * both sides' logs written. Clients, both nodes, the third one, the witness and the database
 * share the cores, so what they cost is part of each figure.
 *
 * A message counts when its signed receipt is on record in the case of who sent it.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { startManagedPostgres } from '../src/adapters/managed-postgres/managed-postgres.ts'
import { type Database, openDatabase } from '../src/adapters/postgres/database.ts'
import { openingSteps } from '../src/cli/story/opening-steps.ts'
import { sampleReport } from '../src/cli/story/reports.ts'
import { allHands, type Hands, runSteps, type Story } from '../src/cli/story/story.ts'
import { readNodeConfig } from '../src/node/config.ts'
import { openTemporaryDataFolder, resetData } from '../src/node/data-folder.ts'
import type { DemoNode } from '../src/node/demo-setup.ts'
import { type RunningDemo, startDemoWorld } from '../src/node/demo-world.ts'
import { openJointCases } from '../test/support/joint-cases.ts'
import { measureQuestions, measureRetractions } from './exchange-questions.ts'
import { durableCommits, loadText } from './machine.ts'
import { type Measured, megabytes, percentile, type Section } from './measured.ts'
import { descendantsOf, memoryOf, processorSecondsOf } from './processes.ts'
import { measureLeastRelease } from './release-limit.ts'
import type { StartParts } from './start-time.ts'

/** As many as one act takes. */
const CASES = 50
/** Two on one case would wait for each other. */
const CLIENTS = 16
const EACH = Number(process.env['COMITY_EXCHANGE_EACH'] ?? 500)
const EACH_GOAL = 1500
const TOGETHER_GOAL = 4000
/** So that a retraction meets a busy channel. */
const RELEASES_MEANWHILE = 120
const MESSAGES_A_DAY = 10_000_000

const REASONS = {
  purpose: 'investigation',
  legalBasis: 'Invented for a benchmark.',
  necessity: 'Invented for a benchmark.',
  proportionality: 'Invented for a benchmark.',
  nonDiscrimination: 'Invented for a benchmark.',
  leastIntrusive: 'Invented for a benchmark.',
  expression: 'It touches no press, union, protest, religion or politics.',
}
const PEER = 'albion.example'

type World = {
  readonly demo: RunningDemo
  readonly hands: Hands
  readonly from: Database
  readonly to: Database
  readonly cases: readonly string[]
}

export async function measureExchange({
  tell,
  running,
}: Pick<StartParts, 'tell' | 'running'>): Promise<readonly Section[]> {
  const data = openTemporaryDataFolder()
  tell('a world of three nodes')
  const exchange = { outboundOnly: false, messagesPerPeerAndDay: MESSAGES_A_DAY }
  const server = await startManagedPostgres({
    dataFolder: data.postgresFolder(),
    cacheFolder: data.cacheFolder(),
  })
  const demo = await startDemoWorld({ data, exchange, databaseUrl: server.url('postgres') })
  const opened: Database[] = []
  const stop = async () => {
    await Promise.all(opened.map((one) => one.destroy()))
    await demo.stop()
    await server.stop()
    await resetData(data.folder)
  }
  running.add(stop)
  try {
    const [a, b] = demo.nodes
    if (!a || !b) throw new Error('there are no two nodes')
    const [from, to] = [databaseOf(a), databaseOf(b)]
    opened.push(from, to)
    const hands = await allHands(demo)
    await agree(demo, hands, data.folder)
    tell(`${CASES} cases, the peer invited into each`)
    const cases = await openJointCases({
      lead: hands.meridia.officer,
      peer: hands.albion.officer,
      peerId: PEER,
      count: CASES,
    })
    const world = { demo, hands, from, to, cases }
    const before = loadText()
    const commits = await durableCommits(urlOf(a))
    tell(`${EACH} releases, each decided by itself`)
    const released: Released[] = []
    const each = await run(world, () => releaseEach(world, EACH, released))
    tell(`${EACH} releases, ${CASES} by one act`)
    const together = await run(world, () => releaseTogether(world, EACH))
    tell('what a release costs at the least')
    const least = await measureLeastRelease(server.url('postgres'), 1)
    const leastTogether = await measureLeastRelease(server.url('postgres'), CASES)
    const retracting = { officer: hands.meridia.officer, database: from }
    tell('questions and retractions')
    const question = await measureQuestions(a, PEER)
    const [early = [], late = []] = [released.slice(0, 8), released.slice(8)]
    const quiet = await measureRetractions(retracting, early, 'nothing else going on')
    const releasing = releaseEach(world, RELEASES_MEANWHILE)
    const loaded = await measureRetractions(retracting, late, 'while officers release')
    await releasing
    await delivered(from)
    const lines: Measured[] = [
      { what: 'load average before', figure: before },
      {
        what: `releases decided one by one until their receipt is on record, ${EACH} over ${CLIENTS} cases`,
        figure: figureOf(each),
        goal: {
          text: `≥ ${EACH_GOAL}/s`,
          isMet: each.perSecond >= EACH_GOAL,
          limit:
            'Each is an act of an officer with the tests of a release, four events, five log entries and lists at the sender, and a case read and written at the recipient; two cores would have 1.3 ms for all of it at the goal. Signatures, seals and rows alone (below) do not reach it either. Next: ask again about messages that leave once for each case.',
        },
        beside: `${Math.round(1000 / percentile(commits, 0.5))} durable rows a second on one connection of the same PostgreSQL`,
      },
      {
        what: `releases of ${CASES} cases by one act until their receipt is on record, ${EACH} in all`,
        figure: figureOf(together),
        goal: {
          text: `≥ ${TOGETHER_GOAL}/s`,
          isMet: together.perSecond >= TOGETHER_GOAL,
          limit:
            'One request, one transaction and one proof of who acts for all of them; but each case is decided, written and delivered as if it were alone. Signatures, seals and rows alone, 50 in one transaction (below), do not reach the goal either. Next: as above.',
        },
      },
      least,
      leastTogether,
      question,
      quiet,
      loaded,
      { what: 'resident memory of the two nodes', figure: residentOf(demo) },
      { what: 'load average after', figure: loadText() },
    ]
    return [{ title: 'The exchange between two nodes', lines }]
  } finally {
    running.delete(stop)
    await stop()
  }
}

const urlOf = ({ configFile }: DemoNode) => readNodeConfig(configFile).database.url
const databaseOf = (node: DemoNode) => openDatabase(urlOf(node), 2)

async function agree(demo: RunningDemo, hands: Hands, artefacts: string): Promise<void> {
  const steps = openingSteps.filter(({ id }) => id === '0.agreement')
  const memory = { versions: {}, files: { receipts: [], releases: [] } }
  const story: Story = { demo, hands, report: sampleReport(), artefacts, transcript: [], memory }
  const [result] = await runSteps(story, steps, () => {})
  if (!result?.ok) throw new Error(`no agreement: ${result?.error}`)
}

/** So many officers' calls at once, each on a case of its own. */
async function releaseEach(
  { hands, cases }: World,
  count: number,
  released: Released[] = [],
): Promise<number> {
  let left = count
  const client = async (caseId: string) => {
    while (left > 0) {
      left -= 1
      const input = { recipient: PEER, categories: ['caseSummary'], ...REASONS }
      const { result } = await hands.meridia.officer.do(caseId, 'releaseToPeer', input)
      released.push({ caseId, releaseId: String(result['releaseId']) })
    }
  }
  await Promise.all(cases.slice(0, CLIENTS).map(client))
  return count
}

/** One officer's acts, one after the other, each on all of the cases. */
async function releaseTogether({ hands, cases }: World, count: number): Promise<number> {
  const input = { recipient: PEER, categories: ['caseSummary'], ...REASONS }
  const acts = Math.ceil(count / cases.length)
  for (let n = 0; n < acts; n += 1) {
    const body = { ...input, cases: cases.map((caseId) => ({ caseId })) }
    const answer = await hands.meridia.officer.post('/releases', body)
    if ('refused' in answer) throw new Error(`no release: ${answer.refused.why}`)
  }
  return acts * cases.length
}

type Released = { readonly caseId: string; readonly releaseId: string }

type Run = {
  readonly perSecond: number
  readonly decidedPerSecond: number
  readonly processorMs: ReadonlyMap<string, number>
}

/** From the first call until no message of the node waits or lacks its receipt. */
async function run(world: World, work: () => Promise<number>): Promise<Run> {
  const processors = processorSeconds(world.demo)
  const started = performance.now()
  const count = await work()
  const decidedMs = performance.now() - started
  await delivered(world.from)
  const tookMs = performance.now() - started
  const used = processorSeconds(world.demo)
  const processorMs = [...used].map(
    ([name, seconds]) => [name, ((seconds - (processors.get(name) ?? 0)) * 1000) / count] as const,
  )
  return {
    perSecond: (count / tookMs) * 1000,
    decidedPerSecond: (count / decidedMs) * 1000,
    processorMs: new Map(processorMs),
  }
}

async function delivered(database: Database): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ open: number }>`
      select (select count(*) from fed_out_pending)
        + (select count(*) from fed_out where decision is null) as open`.execute(database)
    if (Number(rows[0]?.open) === 0) return
    await pause(10)
  }
}

/** Of each node, the witness, the database server with all of its processes, and the clients. */
function processorSeconds({ supervisor }: RunningDemo): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>([['clients', processorSecondsOf(process.pid)]])
  const children = [...supervisor.children].map(([id, { pid }]) => [id, pid ?? 0] as const)
  for (const [id, pid] of children) seconds.set(id, processorSecondsOf(pid))
  const known = new Set(children.map(([, pid]) => pid))
  const others = descendantsOf(process.pid).filter(({ pid }) => !known.has(pid))
  const sum = others.reduce((total, { pid }) => total + processorSecondsOf(pid), 0)
  return seconds.set('database', sum)
}

function residentOf({ supervisor, nodes }: RunningDemo): string {
  const sizes = nodes.slice(0, 2).map(({ authority: { id } }) => {
    const bytes = memoryOf(supervisor.children.get(id)?.pid ?? 0)?.residentBytes
    return `${id} ${megabytes(bytes ?? Number.NaN)}`
  })
  return sizes.join(', ')
}

function figureOf({ perSecond, decidedPerSecond, processorMs }: Run): string {
  const used = [...processorMs].map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(', ')
  return `${Math.round(perSecond)}/s (decided ${Math.round(decidedPerSecond)}/s); ms of processor time each: ${used}`
}

if (import.meta.main) {
  const { table } = await import('./measured.ts')
  const running = new Set<() => Promise<void>>()
  const tell = (text: string) => void process.stderr.write(`… ${text}\n`)
  const sections = await measureExchange({ tell, running })
  process.stdout.write(`${sections.map(table).join('\n')}\n`)
}
