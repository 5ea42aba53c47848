/** Public pages: what they weigh when a browser loads them first, and how fast they are made. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { brotliDecompressSync } from 'node:zlib'
import { PSEUDO_LANGUAGES } from '../src/web/messages.ts'
import { linkTo } from '../src/web/routes.ts'
import { fetchOnce, load } from './http-load.ts'
import { atMost, type Measured, notMeasured, percentile, type Section, spread } from './measured.ts'

const PAGES = [
  { name: 'home', path: linkTo('en', 'home') },
  { name: 'report form', path: linkTo('en', 'reportBasic') },
  { name: 'dashboard', path: linkTo('en', 'dashboard') },
] as const

/** Pages that a node keeps for a moment. Asked once each in a while, all are made anew. */
const KEPT_PAGES = [
  'home',
  'dashboard',
  'advisories',
  'agreements',
  'law',
  'log',
  'verify',
  'openData',
  'accessibility',
] as const
/** Longer than a node of a demonstration keeps a page. */
const FORGET_MS = 3000
const ROUNDS = 3

const WEIGHT_GOAL_KB = 60
const SERVER_GOAL_MS = 20
const REQUESTS = 300
const CONNECTIONS = [1, 8] as const

export async function measurePages(baseUrl: string): Promise<readonly Section[]> {
  const weights: Measured[] = []
  const times: Measured[] = []
  for (const { name, path } of PAGES) {
    weights.push(
      await weigh(name, baseUrl, path).catch((error) =>
        notMeasured(name, `≤ ${WEIGHT_GOAL_KB} KB`, error),
      ),
    )
    for (const connections of CONNECTIONS) times.push(await time(name, baseUrl + path, connections))
  }
  times.push(await timeAnew(baseUrl))
  return [
    { title: 'Public pages: bytes transferred at a first visit', lines: weights },
    {
      title: `Public pages: time until the whole page is there (${REQUESTS} requests)`,
      lines: times,
    },
  ]
}

async function weigh(name: string, baseUrl: string, path: string): Promise<Measured> {
  const page = await fetchOnce(baseUrl + path, 'text/html')
  if (page.status !== 200) throw new Error(`${path} answers ${page.status}`)
  const html = (page.encoding === 'br' ? brotliDecompressSync(page.body) : page.body).toString(
    'utf8',
  )
  const parts = await Promise.all(assetsIn(html).map((at) => fetchOnce(baseUrl + at, '*/*')))
  const bad = parts.find(({ status }) => status !== 200)
  if (bad) throw new Error(`a part of ${path} answers ${bad.status}`)
  const bytes = [page, ...parts].reduce((sum, { transferredBytes }) => sum + transferredBytes, 0)
  const kilobytes = bytes / 1000
  return {
    what: name,
    figure: `${kilobytes.toFixed(1)} KB in ${1 + parts.length} requests`,
    goal: atMost(WEIGHT_GOAL_KB, kilobytes, 'KB'),
    beside: `page itself ${(page.transferredBytes / 1000).toFixed(1)} KB${page.encoding ? ` (${page.encoding})` : ', not compressed'}`,
  }
}

/** What a browser loads with the page: styles, scripts, images, icons. */
function assetsIn(html: string): readonly string[] {
  const tags = html.match(/<(?:link|script|img)\b[^>]*>/g) ?? []
  const loaded = tags.filter(
    (tag) => !tag.startsWith('<link') || /rel="[^"]*(?:stylesheet|icon|preload)/.test(tag),
  )
  const places = loaded.flatMap((tag) => /(?:href|src)="(\/[^"]+)"/.exec(tag)?.[1] ?? [])
  return [...new Set(places)]
}

async function time(name: string, url: string, connections: number): Promise<Measured> {
  const what = `${name}, ${connections === 1 ? 'one connection' : `${connections} connections`}`
  const goal = `p95 ≤ ${SERVER_GOAL_MS} ms`
  const first = await fetchOnce(url, 'text/html')
  if (first.status !== 200) return notMeasured(what, goal, `answers ${first.status}`)
  await load(url, connections, 20)
  const { lapsMs, failures } = await load(url, connections, REQUESTS)
  const bare = await bareServer(first.body.length, connections)
  const p95 = percentile(lapsMs, 0.95)
  return {
    what,
    figure: `${spread(lapsMs, 0.95)}${failures > 0 ? `, ${failures} failed` : ''}`,
    goal: { text: goal, isMet: p95 <= SERVER_GOAL_MS && failures === 0 },
    beside: `a bare Node server with as many bytes: ${spread(bare, 0.95)} (ratio of p50 ${(percentile(lapsMs, 0.5) / percentile(bare, 0.5)).toFixed(1)})`,
  }
}

/** Every public page in every language, none of them kept from an earlier request. */
async function timeAnew(baseUrl: string): Promise<Measured> {
  const urls = ['en', ...PSEUDO_LANGUAGES].flatMap((lang) =>
    KEPT_PAGES.map((page) => baseUrl + linkTo(lang, page)),
  )
  const what = `${urls.length} public pages made anew, ${ROUNDS} times, one connection`
  const goal = `p95 ≤ ${SERVER_GOAL_MS} ms`
  const lapsMs: number[] = []
  // The first round reads and compiles the templates and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const url of urls) {
      const started = performance.now()
      const { status } = await fetchOnce(url, 'text/html')
      if (status !== 200) return notMeasured(what, goal, `${url} answers ${status}`)
      if (round > 0) lapsMs.push(performance.now() - started)
    }
    await pause(FORGET_MS)
  }
  const isMet = percentile(lapsMs, 0.95) <= SERVER_GOAL_MS
  return { what, figure: spread(lapsMs, 0.95), goal: { text: goal, isMet } }
}

/** The same load on a server that does nothing but send as many bytes. */
async function bareServer(bytes: number, connections: number): Promise<readonly number[]> {
  const text = `
    const body = Buffer.alloc(${bytes}, 'x')
    const server = require('node:http').createServer((_, reply) => reply.end(body))
    server.listen(0, '127.0.0.1', () => process.send(server.address().port))
    setTimeout(() => process.exit(), 60_000)`
  const child = spawn(process.execPath, ['-e', text], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  try {
    const [port] = await once(child, 'message')
    const url = `http://127.0.0.1:${port}/`
    await load(url, connections, 20)
    return (await load(url, connections, REQUESTS)).lapsMs
  } finally {
    child.kill()
  }
}
