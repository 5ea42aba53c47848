import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import test from 'node:test'
import type { FastifyRequest } from 'fastify'
import { UPLOAD_MAX_BYTES, UPLOAD_TYPE } from '../../wire/intake/filing-upload.ts'
import { type UploadBodies, uploadBodies } from './upload-body.ts'

test('who falls silent in the middle gives back what was kept for it', {
  timeout: 10_000,
}, async (t) => {
  const bodies = uploadBodies(UPLOAD_MAX_BYTES, 200)
  const read = Promise.withResolvers<Awaited<ReturnType<UploadBodies['read']>>>()
  const server = createServer((raw) => {
    read.resolve(bodies.read({ headers: raw.headers, raw } as FastifyRequest))
  })
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const phone = connect((server.address() as AddressInfo).port, '127.0.0.1')
  t.after(() => phone.destroy())
  phone.on('error', () => {})
  const head = `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${UPLOAD_TYPE}\r\n`
  phone.write(`${head}content-length: ${UPLOAD_MAX_BYTES}\r\n\r\nonly this`)
  const answer = await read.promise
  assert.equal('status' in answer && answer.status, 400)

  const next = { headers: { 'content-type': UPLOAD_TYPE, 'content-length': `${UPLOAD_MAX_BYTES}` } }
  const raw = Object.assign(
    (async function* () {
      yield new Uint8Array(1)
    })(),
    { setTimeout: () => {}, destroy: () => {}, resume: () => {} },
  )
  const second = await bodies.read({ ...next, raw } as unknown as FastifyRequest)
  assert.equal('status' in second && second.status, 400, 'ends early, but was let in: not 503')
})
