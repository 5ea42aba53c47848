/**
 * Officers' programs at work, in a process of their own: each client keeps one
 * connection and sends its next request when the last one is answered.
 *
 * Reads an `ActJob` as JSON from standard input, and writes an `ActsDone`.
 */
import http from 'node:http'
import { json } from 'node:stream/consumers'

export type ActRequest = { readonly path: string; readonly body: string }

export type ActJob = {
  readonly url: string
  /** One for each client. */
  readonly cookies: readonly string[]
  /** Sent in turn, each by one client only: no two act on one case at a time. */
  readonly requests: readonly ActRequest[]
  readonly seconds: number
}

export type ActsDone = {
  readonly failures: readonly string[]
  readonly seconds: number
  readonly lapsMs: readonly number[]
  readonly processorSeconds: number
}

const job = (await json(process.stdin)) as ActJob
const { cookies, requests } = job
const agent = new http.Agent({ keepAlive: true, maxSockets: cookies.length })
const lapsMs: number[] = []
const failures: string[] = []
const started = performance.now()
const until = started + job.seconds * 1000
await Promise.all(cookies.map(client))
const { user, system } = process.cpuUsage()
const done: ActsDone = {
  failures,
  seconds: (performance.now() - started) / 1000,
  lapsMs,
  processorSeconds: (user + system) / 1e6,
}
agent.destroy()
process.stdout.write(JSON.stringify(done))

async function client(cookie: string, index: number): Promise<void> {
  const own = requests.filter((_, at) => at % cookies.length === index)
  for (let n = 0; performance.now() < until; n++) {
    const request = own[n % own.length]
    if (!request) return
    const began = performance.now()
    const answer = await post(request, cookie)
    if (answer === '') lapsMs.push(performance.now() - began)
    else failures.push(answer)
  }
}

/** Empty if it was permitted; else what came instead. */
function post({ path, body }: ActRequest, cookie: string): Promise<string> {
  const headers = {
    cookie,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  return new Promise((resolve) => {
    const options = { agent, method: 'POST', headers }
    const request = http.request(`${job.url}/api/v1${path}`, options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      response.on('end', () => {
        resolve(response.statusCode === 200 ? '' : `${response.statusCode} ${text.slice(0, 200)}`)
      })
    })
    request.on('error', (error) => resolve(error.message))
    request.end(body)
  })
}
