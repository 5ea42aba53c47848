/** Public pages: what they weigh when a browser loads them first, and how fast they are made. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { brotliDecompressSync } from 'node:zlib'
import { fetchOnce, load } from './http-load.ts'
import { atMost, type Measured, notMeasured, percentile, type Section, spread } from './measured.ts'

const PAGES = [
  { name: 'home', path: '/en' },
  { name: 'report form', path: '/en/report/basic' },
  { name: 'dashboard', path: '/en/dashboard' },
] as const

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
