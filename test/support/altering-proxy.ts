/** An HTTP relay that alters what a node answers, as a node that keeps badly to the rules would. */
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FlakyProxy } from './flaky-proxy.ts'

export type Passed = {
  status: number
  /** Name, value, name, value. */
  headers: string[]
  body: Buffer
}

/** Gives what goes on; `again` is what it gave for the same request before. */
export type Alter = (
  request: { readonly method: string; readonly path: string; readonly signature: string },
  answer: Passed,
  before: readonly Passed[],
) => Passed

export async function startAlteringProxy(): Promise<FlakyProxy & { alter: Alter }> {
  const before: Passed[] = []
  const server = createServer(async (incoming, outgoing) => {
    try {
      const answer = await forward(proxy.target, incoming)
      const { method = '', url: path = '' } = incoming
      const signature = String(incoming.headers['signature'] ?? '')
      const altered = proxy.alter({ method, path, signature }, answer, before)
      before.push(altered)
      outgoing.writeHead(altered.status, altered.headers).end(altered.body)
    } catch {
      incoming.socket.destroy()
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    done: new Map(),
    faults: () => 'pass' as const,
    isDown: false,
    target: '',
    alter: ((_request, answer) => answer) as Alter,
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  return proxy as FlakyProxy & { alter: Alter }
}

async function forward(target: string, incoming: IncomingMessage): Promise<Passed> {
  const body = await bytesOf(incoming)
  const { method, url, rawHeaders } = incoming
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${target}${url}`, { method, agent: false }, async (answer) => {
      const kept = pairsOf(answer.rawHeaders).filter(([name]) => !HOP_BY_HOP.test(name))
      const given = await bytesOf(answer).catch(reject)
      if (given) resolve({ status: answer.statusCode ?? 0, headers: kept.flat(), body: given })
    })
    sent.on('error', reject)
    for (const [name, value] of pairsOf(rawHeaders)) sent.appendHeader(name, value)
    sent.end(body)
  })
}

const HOP_BY_HOP = /^(connection|keep-alive|transfer-encoding|content-length)$/i

export function pairsOf(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []))
}

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
