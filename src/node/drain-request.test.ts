import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { drainRequest } from './drain-request.ts'

/** Refuses every body unread, the way a server does that closes the connection with its answer. */
const server = createServer(async (incoming, response) => {
  await drainRequest(incoming)
  response.writeHead(413, { connection: 'close' }).end('too large')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => server.close())
const { port } = server.address() as AddressInfo

async function answerTo(chunks: number, chunkSize: number): Promise<number | undefined> {
  const sent = request({ port, host: '127.0.0.1', method: 'POST' })
  const answer = once(sent, 'response')
  answer.catch(() => {})
  for (let count = 0; count < chunks; count++) {
    if (!sent.write(new Uint8Array(chunkSize))) await once(sent, 'drain')
  }
  sent.end()
  const [response] = await answer
  response.resume()
  return response.statusCode
}

test('whoever sends far too much still reads the answer', async () => {
  for (let round = 0; round < 20; round++) {
    assert.equal(await answerTo(1, 3_000_000), 413)
    assert.equal(await answerTo(300, 65_536), 413)
  }
})

test('a request without a body is answered at once', async () => {
  assert.equal(await answerTo(0, 0), 413)
})

test('a sender without end is cut off within bounds', async () => {
  const started = performance.now()
  const error = await answerTo(100_000, 65_536).catch((error: Error) => error)
  if (typeof error === 'number') assert.equal(error, 413)
  else assert.match(String((error as NodeJS.ErrnoException)?.code), /EPIPE|ECONNRESET/)
  assert.ok(performance.now() - started < 20_000)
})
