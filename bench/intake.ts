/**
 * Sealed reports of 4 KB from 64 clients at once, as browsers send them: sealed and their
 * work done beforehand, verified by the node, accepted once they are durable. Then every
 * one is looked for: none lost, none kept twice. Clients, node and database share the cores
 * of this machine, so what the clients cost is part of the figure.
 */
import http from 'node:http'
import { sql } from 'kysely'
import { nodePrimitives } from '../src/adapters/node-primitives.ts'
import { openDatabase } from '../src/adapters/postgres/database.ts'
import { newCode, sealReport } from '../src/browser/seal-report.ts'
import { readNodeConfig } from '../src/node/config.ts'
import { openTemporaryDataFolder, resetData } from '../src/node/data-folder.ts'
import { startDemoWorld } from '../src/node/demo-world.ts'
import { UPLOAD_TYPE, writeUpload } from '../src/wire/intake/filing-upload.ts'
import { isWork, workInput, workPrefix } from '../src/wire/intake/work.ts'
import { sealingOf, ticketOf } from '../test/support/sealed-filing.ts'
import { loadText } from './machine.ts'
import { type Measured, type Section, spread } from './measured.ts'
import type { StartParts } from './start-time.ts'

const CLIENTS = 64
const REPORTS = 1000
const GOAL_PER_S = 500
const TEXT = 'An invented assistant told a minor to lie. '.repeat(60)

export async function measureIntake({
  tell,
  running,
}: Pick<StartParts, 'tell' | 'running'>): Promise<readonly Section[]> {
  const data = openTemporaryDataFolder()
  tell('a world of three nodes')
  const demo = await startDemoWorld({ data })
  const stop = async () => {
    await demo.stop()
    await resetData(data.folder)
  }
  running.add(stop)
  try {
    const [node] = demo.nodes
    if (!node) throw new Error('there is no node to file with')
    tell(`${REPORTS} reports are sealed and their work is done`)
    const bodies = await sealedBodies(node.baseUrl)
    const before = loadText()
    tell(`${CLIENTS} clients send them`)
    const sent = await send(node.baseUrl, bodies)
    const kept = await keptIn(readNodeConfig(node.configFile).database.url)
    return [{ title: 'Sealed reports', lines: linesOf(sent, kept, before) }]
  } finally {
    running.delete(stop)
    await stop()
  }
}

async function sealedBodies(baseUrl: string): Promise<Uint8Array[]> {
  const sealing = await sealingOf(baseUrl)
  const answers = { title: 'Load', whatHappened: TEXT, isPublic: 'no', language: 'en' }
  const bodies: Uint8Array[] = []
  while (bodies.length < REPORTS) {
    const written = { code: newCode(), answers, contact: '', files: [] }
    const { header, files } = await sealReport(sealing, written)
    const { ticket, workBits } = await ticketOf(baseUrl)
    const work = workFor(ticket, files.report, workBits)
    bodies.push(writeUpload({ ...header, ticket, work }, files))
  }
  return bodies
}

/** As a browser finds it, by a faster hash. */
function workFor(ticket: string, report: Uint8Array, bits: number): number {
  const { sha256 } = nodePrimitives
  const prefix = workPrefix(nodePrimitives, ticket, sha256(report))
  let work = 0
  while (!isWork(sha256(workInput(prefix, work)), bits)) work += 1
  return work
}

type Sent = {
  readonly accepted: number
  readonly failures: number
  readonly tookMs: number
  readonly lapsMs: readonly number[]
}

async function send(baseUrl: string, bodies: readonly Uint8Array[]): Promise<Sent> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS })
  const waiting = [...bodies]
  const lapsMs: number[] = []
  let failures = 0
  const started = performance.now()
  const client = async () => {
    for (let body = waiting.pop(); body; body = waiting.pop()) {
      const began = performance.now()
      const status = await post(`${baseUrl}/en/report/sealed`, agent, body).catch(() => 0)
      if (status === 201) lapsMs.push(performance.now() - began)
      else failures += 1
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const tookMs = performance.now() - started
  agent.destroy()
  return { accepted: lapsMs.length, failures, tookMs, lapsMs }
}

function post(url: string, agent: http.Agent, body: Uint8Array): Promise<number> {
  const headers = {
    accept: 'application/json',
    'content-type': UPLOAD_TYPE,
    'content-length': body.length,
  }
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, method: 'POST', headers }, (response) => {
      response.on('end', () => resolve(response.statusCode ?? 0)).on('error', reject)
      response.resume()
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function keptIn(databaseUrl: string): Promise<number> {
  const database = openDatabase(databaseUrl, 1)
  try {
    const { rows } = await sql<{ count: number }>`select count(*)::int from filing`.execute(
      database,
    )
    return rows[0]?.count ?? 0
  } finally {
    await database.destroy()
  }
}

function linesOf({ accepted, failures, tookMs, lapsMs }: Sent, kept: number, before: string) {
  const perSecond = Math.round(accepted / (tookMs / 1000))
  const lines: Measured[] = [
    { what: 'load average before', figure: before },
    {
      what: `sealed reports of 4 KB accepted durably, ${CLIENTS} clients on the same machine, ${REPORTS} reports`,
      figure: `${perSecond}/s`,
      goal: { text: `≥ ${GOAL_PER_S}/s`, isMet: perSecond >= GOAL_PER_S },
      beside: spread(lapsMs, 0.99),
    },
    {
      what: 'of them lost, kept twice or refused',
      figure: `${accepted - kept} lost or twice, ${failures} refused`,
      goal: { text: 'none', isMet: accepted === kept && failures === 0 },
    },
    { what: 'load average after', figure: loadText() },
  ]
  return lines
}
