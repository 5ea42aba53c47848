/**
 * What the clients of the benchmark reach on this machine if the server between them and
 * the database does nothing but keep one row: no act over HTTP can be faster than that.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Measured } from './measured.ts'
import type { ActJob, ActRequest, ActsDone } from './programs/act-clients.ts'
import { outputOf } from './programs.ts'

const SECONDS = 5
const STOP_MS = 30_000

type LimitParts = {
  /** Of the database. */
  readonly url: string
  /** One for each client. */
  readonly cookies: readonly string[]
  readonly requests: readonly ActRequest[]
  readonly running: Set<() => Promise<void>>
}

/** @param best single-row commits a second of the same server */
export async function measureBareServer(parts: LimitParts, best: number): Promise<Measured> {
  const { lapsMs, seconds, failures } = await bareLoad(parts)
  const perSecond = lapsMs.length / seconds
  return {
    what: 'the same clients and requests, the server keeps one row and does nothing else',
    figure: `${Math.round(perSecond)}/s; ${failures.length} failed`,
    beside: `${(perSecond / best).toFixed(3)} of ${Math.round(best)} commits/s: the most that acts over HTTP could reach here`,
  }
}

async function bareLoad({ url, cookies, requests, running }: LimitParts): Promise<ActsDone> {
  const program = join(import.meta.dirname, 'programs', 'bare-server.ts')
  const args = [program, url, String(cookies.length)]
  const server = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const stop = async () => void server.kill('SIGKILL')
  running.add(stop)
  try {
    const port = await new Promise<string>((resolve, reject) => {
      server.stdout.setEncoding('utf8').once('data', (text) => resolve(text.trim()))
      server.once('close', () => reject(new Error('the bare server did not start')))
    })
    const job: ActJob = { url: `http://127.0.0.1:${port}`, cookies, requests, seconds: SECONDS }
    const input = JSON.stringify(job)
    return JSON.parse(await outputOf('act-clients.ts', { input, running, stopMs: STOP_MS }))
  } finally {
    const ended = new Promise((done) => server.once('close', done))
    server.stdin.end()
    await ended
    running.delete(stop)
  }
}
