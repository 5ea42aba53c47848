/** A reverse proxy as an administrator puts one before a door: another port, the same bytes. */
import { once } from 'node:events'
import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

/** Ends with the test file. Gives the port on which it listens. */
export async function reverseProxy(to: number): Promise<number> {
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    const onward = ask({ host: '127.0.0.1', port: to, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.headersSent || outgoing.writeHead(502).end())
    incoming.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}
