import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import test, { type TestContext } from 'node:test'
import type { FastifyRequest } from 'fastify'
import { UPLOAD_MAX_BYTES, UPLOAD_TYPE } from '../../wire/intake/filing-upload.ts'
import { type UploadBodies, uploadBodies } from './upload-body.ts'

type Answer = Awaited<ReturnType<UploadBodies['read']>>
const statusOf = (answer: Answer) => ('status' in answer ? answer.status : 'read')

/** Sends a head and what `write` sends, and gives what was read of it. */
async function send(
  t: TestContext,
  bodies: UploadBodies,
  headers: Readonly<Record<string, string | number>>,
  write: (phone: Socket) => void,
): Promise<Answer> {
  const read = Promise.withResolvers<Answer>()
  const server = createServer((raw) => {
    read.resolve(bodies.read({ headers: raw.headers, raw } as FastifyRequest))
  })
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const phone = connect((server.address() as AddressInfo).port, '127.0.0.1')
  t.after(() => phone.destroy())
  phone.on('error', () => {})
  const lines = Object.entries({ host: 'x', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  phone.write(`POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  write(phone)
  return await read.promise
}

const LARGE = { 'content-type': UPLOAD_TYPE, 'content-length': UPLOAD_MAX_BYTES }
const TWO_GIB = 2 * 1024 ** 3

test('two gigabytes, no length and another type are refused before a byte is read', async (t) => {
  const cases: [object, number][] = [
    [{ 'content-type': UPLOAD_TYPE, 'content-length': TWO_GIB }, 413],
    [{ 'content-type': UPLOAD_TYPE, 'content-length': UPLOAD_MAX_BYTES + 1 }, 413],
    [{ 'content-type': UPLOAD_TYPE, 'transfer-encoding': 'chunked' }, 411],
    [{ 'content-type': 'application/octet-stream', 'content-length': 10 }, 415],
  ]
  for (const [headers, status] of cases) {
    const answer = await send(t, uploadBodies(), { ...headers }, () => {})
    assert.equal(statusOf(answer), status)
  }
})

test('who trickles on and on gives back what was kept for it', { timeout: 60_000 }, async (t) => {
  const patience = { idleMs: 500, bytesPerSecond: UPLOAD_MAX_BYTES }
  const bodies = uploadBodies(UPLOAD_MAX_BYTES, patience)
  let trickle: NodeJS.Timeout | undefined
  t.after(() => clearInterval(trickle))
  const answer = await send(t, bodies, LARGE, (phone) => {
    trickle = setInterval(() => phone.write('x'), 20)
  })
  assert.equal(statusOf(answer), 400)
  await mustHaveRoom(bodies)
})

test('who falls silent in the middle gives back what was kept for it', {
  timeout: 60_000,
}, async (t) => {
  // An hour for the whole: it is the silence that ends it.
  const patience = { idleMs: 200, bytesPerSecond: UPLOAD_MAX_BYTES / 3600 }
  const bodies = uploadBodies(UPLOAD_MAX_BYTES, patience)
  const answer = await send(t, bodies, LARGE, (phone) => phone.write('only this'))
  assert.equal(statusOf(answer), 400)
  await mustHaveRoom(bodies)
})

async function mustHaveRoom(bodies: UploadBodies): Promise<void> {
  const next = { headers: { 'content-type': UPLOAD_TYPE, 'content-length': `${UPLOAD_MAX_BYTES}` } }
  const raw = Object.assign(
    (async function* () {
      yield new Uint8Array(1)
    })(),
    { setTimeout: () => {}, destroy: () => {}, resume: () => {} },
  )
  const second = await bodies.read({ ...next, raw } as unknown as FastifyRequest)
  assert.equal(statusOf(second), 400, 'ends early, but was let in: not 503')
}
