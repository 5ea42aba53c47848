/**
 * A load over kept connections, as browsers keep them: each connection sends its
 * next request when it has read the last answer to its end.
 */
import http from 'node:http'

export type Load = {
  readonly lapsMs: readonly number[]
  /** Answers with another status than 200, and connections that broke. */
  readonly failures: number
}

export async function load(url: string, connections: number, requests: number): Promise<Load> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const lapsMs: number[] = []
  let failures = 0
  let left = requests
  const worker = async () => {
    while (left > 0) {
      left -= 1
      const started = performance.now()
      const status = await get(url, agent).catch(() => 0)
      if (status === 200) lapsMs.push(performance.now() - started)
      else failures += 1
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
  return { lapsMs, failures }
}

const REQUEST_MS = 10_000

function get(url: string, agent: http.Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/html', 'accept-encoding': 'br' }
    const request = http.get(url, { agent, headers, timeout: REQUEST_MS }, (response) => {
      response.on('end', () => resolve(response.statusCode ?? 0)).on('error', reject)
      response.resume()
    })
    request.on('timeout', () => request.destroy(new Error('no answer in time')))
    request.on('error', reject)
  })
}

export type Fetched = {
  readonly status: number
  /** The body, as it came over the wire. */
  readonly body: Buffer
  readonly encoding: string
  /** Everything that came over the connection, headers included. */
  readonly transferredBytes: number
}

/** One request on a connection of its own. */
export function fetchOnce(url: string, accept: string): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const headers = { accept, 'accept-encoding': 'br', connection: 'close' }
    const request = http.get(url, { agent: false, headers, timeout: REQUEST_MS }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks),
          encoding: response.headers['content-encoding'] ?? '',
          transferredBytes: response.socket.bytesRead,
        }),
      )
    })
    request.on('timeout', () => request.destroy(new Error('no answer in time')))
    request.on('error', reject)
  })
}
