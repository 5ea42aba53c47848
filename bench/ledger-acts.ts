/**
 * Acts over HTTP by 32 clients in a process of their own, each an officer's program with a
 * session, and how many entries of the log they leave; then, at a moderate pace, how long it
 * takes until an entry is cosigned by all witnesses. Clients, node, its peers and the
 * database share the cores of this machine, so all of them are part of the figure.
 */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Hand, request, signInLink } from '../src/cli/story/client.ts'
import { sampleReport } from '../src/cli/story/reports.ts'
import { allHands } from '../src/cli/story/story.ts'
import { readNodeConfig } from '../src/node/config.ts'
import type { DemoNode } from '../src/node/demo-setup.ts'
import type { RunningDemo } from '../src/node/demo-world.ts'
import { measureBareServer } from './ledger-limit.ts'
import { measureSealed } from './ledger-sealed.ts'
import { type Measured, spread } from './measured.ts'
import { processOf, processorSecondsOf } from './processes.ts'
import type { ActJob, ActRequest, ActsDone } from './programs/act-clients.ts'
import { outputOf } from './programs.ts'
import type { StartParts } from './start-time.ts'

const CLIENTS = 32
const CASES = 256
const SECONDS = 10
const COMMIT_SECONDS = 3
const STOP_MS = 60_000
const GOAL_RATIO = 0.4

export async function measureEntries(
  demo: RunningDemo,
  { tell, running }: Pick<StartParts, 'tell' | 'running'>,
): Promise<readonly Measured[]> {
  const [node] = demo.nodes
  if (!node) throw new Error('no node')
  const { meridia } = await allHands(demo)
  const url = readNodeConfig(node.configFile).database.url
  const at = { node, url, running }
  tell(`${CASES} cases, ${CLIENTS} sessions`)
  const caseIds = await openCases(meridia.officer)
  const cookies = await sessions(node, meridia.officer)
  tell(`${CLIENTS} clients`)
  const before = await commits(at)
  const acts = await load(at, cookies, facts(caseIds))
  const opened = await load(at, cookies, [...Array(CLIENTS)].map(newCase))
  const after = await commits(at)
  const best = Math.max(...[before, after].flatMap(({ bench, node: own }) => [bench ?? 0, own]))
  tell('a server that keeps one row')
  const limit = await measureBareServer({ url, cookies, requests: facts(caseIds), running }, best)
  tell('entries until they are sealed')
  const sealed = await measureSealed(node, url, { caseIds, cookie: cookies[0] ?? '' })
  return [
    entriesLine('`recordFacts`, one entry each', acts, best),
    entriesLine('cases opened, five entries each', opened, best),
    limit,
    commitsLine([before, after]),
    sealed,
  ]
}

type At = {
  readonly node: DemoNode
  readonly url: string
  readonly running: Set<() => Promise<void>>
}

type Load = ActsDone & { readonly entries: number; readonly nodeSeconds: number }

/** A fact that was recorded is not recorded again: it changes each time. */
function facts(caseIds: readonly string[]): ActRequest[] {
  return [true, false].flatMap((isAiSystem) =>
    caseIds.map((caseId) => ({
      path: `/cases/${caseId}/acts/recordFacts`,
      body: JSON.stringify({ facts: { isAiSystem } }),
    })),
  )
}

function newCase(): ActRequest {
  const { answers } = sampleReport()
  return { path: '/cases', body: JSON.stringify({ title: 'Benchmark (invented)', answers }) }
}

async function openCases(hand: Hand): Promise<string[]> {
  const { answers } = sampleReport()
  const caseIds: string[] = []
  while (caseIds.length < CASES) {
    const title = 'Benchmark (invented)'
    const one = () => hand.post('/cases', { title, answers })
    for (const answer of await Promise.all([one(), one(), one(), one()])) {
      if ('refused' in answer) throw new Error(`no case: ${answer.refused.why}`)
      caseIds.push(answer.done.streamId)
    }
  }
  return caseIds
}

async function sessions(node: DemoNode, { officer }: Hand): Promise<string[]> {
  const cookies: string[] = []
  while (cookies.length < CLIENTS) {
    const link = await signInLink(node, officer.key)
    const answer = await request(node, 'POST', '/api/v1/sign-in', { link })
    cookies.push(answer.headers.getSetCookie()[0]?.split(';')[0] ?? '')
  }
  return cookies
}

async function load(
  { node, url, running }: At,
  cookies: readonly string[],
  requests: readonly ActRequest[],
): Promise<Load> {
  const pid = processOf(node.configFile)
  const countBefore = await eventCount(url)
  const processorBefore = processorSecondsOf(pid)
  const job: ActJob = { url: new URL(node.baseUrl).origin, cookies, requests, seconds: SECONDS }
  const input = JSON.stringify(job)
  const text = await outputOf('act-clients.ts', { input, running, stopMs: STOP_MS })
  const done = JSON.parse(text) as ActsDone
  const nodeSeconds = processorSecondsOf(pid) - processorBefore
  return { ...done, entries: (await eventCount(url)) - countBefore, nodeSeconds }
}

async function eventCount(url: string): Promise<number> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query('select count(*)::int as count from event')
  await client.end()
  return rows[0]?.count
}

type Commits = { readonly node: number; readonly bench: number | undefined }

/** Single-row commits a second of the same server, by our driver and by pgbench. */
async function commits({ url, running }: At): Promise<Commits> {
  const args = [url, String(CLIENTS), String(COMMIT_SECONDS)]
  const text = await outputOf('commit-clients.ts', { args, running, stopMs: STOP_MS })
  return { node: Number(text), bench: await pgbench(url) }
}

/** Undefined where it is not installed. */
async function pgbench(url: string): Promise<number | undefined> {
  const script = join(tmpdir(), `comity-pgbench-${process.pid}.sql`)
  const client = new pg.Client(url)
  await client.connect()
  await client.query('create table bench_commit (n int, entry bytea)')
  writeFileSync(script, `insert into bench_commit values (1, '\\x${'01'.repeat(150)}')\n`)
  const clients = ['-c', String(CLIENTS), '-j', '2', '-T', String(COMMIT_SECONDS)]
  const args = ['-n', '-M', 'prepared', ...clients, '-f', script, url]
  const { stdout } = spawnSync('pgbench', args, { encoding: 'utf8' })
  await client.query('drop table bench_commit')
  await client.end()
  rmSync(script)
  const tps = /^tps = ([\d.]+)/m.exec(stdout ?? '')?.[1]
  return tps === undefined ? undefined : Number(tps)
}

function entriesLine(what: string, done: Load, best: number): Measured {
  const { entries, seconds, lapsMs, failures, nodeSeconds, processorSeconds } = done
  const perSecond = entries / seconds
  const ratio = perSecond / best
  const processor = `${((nodeSeconds * 1e6) / entries).toFixed(0)} µs of the node's processor time an entry, ${((processorSeconds * 1e6) / entries).toFixed(0)} of the clients'`
  return {
    what: `durable entries by acts over HTTP, ${CLIENTS} clients on this machine: ${what}`,
    figure: `${Math.round(perSecond)} entries/s; ${spread(lapsMs, 0.99)} a request; ${failures.length} failed`,
    goal: {
      text: `≥ ${GOAL_RATIO} of single-row commits`,
      isMet: ratio >= GOAL_RATIO && failures.length === 0,
      limit:
        'One thread of the node decides an act: HTTP, session, access, the case, sealing, signing, lists. A server that does nothing but keep a row (below) does not reach the goal here either. Next: write of a case’s lists only what changed; more processes where there are more cores.',
    },
    beside: `${ratio.toFixed(3)} of ${Math.round(best)} commits/s; ${processor}`,
  }
}

function commitsLine(measured: readonly Commits[]): Measured {
  const all = (of: (one: Commits) => number | undefined) =>
    measured.map((one) => of(one)?.toFixed(0) ?? 'not installed').join(' and ')
  return {
    what: `single-row commits of the same server, ${CLIENTS} connections, before and after`,
    figure: `${all((one) => one.bench)}/s by pgbench, ${all((one) => one.node)}/s by our driver`,
  }
}
