/**
 * An HTTP relay that does to requests what networks do: cuts them before or after
 * the other side has seen them, sends them twice, holds them up, or is not there.
 * A test scripts the faults; a request without one passes.
 */
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export type Fault = 'pass' | 'cut-before' | 'cut-after' | 'twice' | 'delay' | 'unavailable'

export type FlakyProxy = {
  readonly url: string
  /** Counts of what was done, by fault. */
  readonly done: ReadonlyMap<Fault, number>
  /** The fault of the next requests, asked for each one. */
  faults: () => Fault
  /** Nobody listens behind the proxy: every connection is cut at once. */
  isDown: boolean
  target: string
  close(): Promise<void>
}

export async function startFlakyProxy(): Promise<FlakyProxy> {
  const done = new Map<Fault, number>()
  const server = createServer(async (incoming, outgoing) => {
    const cut = () => incoming.socket.destroy()
    if (proxy.isDown) return cut()
    const fault = proxy.faults()
    done.set(fault, (done.get(fault) ?? 0) + 1)
    if (fault === 'cut-before') return cut()
    if (fault === 'unavailable') return void outgoing.writeHead(503).end('a proxy says no')
    const body = await bytesOf(incoming)
    if (fault === 'delay') await wait(40)
    const send = () => forward(proxy.target, incoming, body)
    try {
      const answers = fault === 'twice' ? await Promise.all([send(), send()]) : [await send()]
      if (fault === 'cut-after') return cut()
      const answer = answers[0] as Forwarded
      outgoing.writeHead(answer.status, answer.headers).end(answer.body)
    } catch {
      cut()
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const proxy: FlakyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    done,
    faults: () => 'pass',
    isDown: false,
    target: '',
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  return proxy
}

type Forwarded = { status: number; headers: Record<string, string>; body: Buffer }

function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<Forwarded> {
  return new Promise((resolve, reject) => {
    const { method, url, headers } = incoming
    const sent = httpRequest(
      `${target}${url}`,
      { method, headers, agent: false },
      async (answer) => {
        const kept = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name))
        const body = await bytesOf(answer).catch(reject)
        if (!body) return
        resolve({
          status: answer.statusCode ?? 0,
          headers: Object.fromEntries(kept) as never,
          body,
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding'])

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
