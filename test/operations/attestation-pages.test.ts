/** The pages of outside signatures, over the site's own routes and a real database. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import cookie from '@fastify/cookie'
import fastify from 'fastify'
import { compressText } from '../../src/adapters/compression.ts'
import { sessionCookieName } from '../../src/app/officer-session.ts'
import type { SignedInOfficer } from '../../src/app/ports/people.ts'
import { registerSite } from '../../src/web/register-site.ts'
import { deskKernel, NODE } from '../support/desk-kernel.ts'
import { digestOf, ringAgreement } from '../support/ring.ts'

test('a liaison officer takes the document out, attaches a signature and sees what was checked', async (t) => {
  const desk = await deskKernel(t)
  const lena = await desk.enrol('Lena (invented)', ['liaison'])
  const officer = await desk.kernel.people.officer(lena.officer)
  const session = { id: 's', formKey: new Uint8Array(32), method: 'passkey' }
  const people = {
    ...desk.kernel.people,
    session: async (secret: string) =>
      secret === 'secret' ? ({ ...officer, session } as unknown as SignedInOfficer) : undefined,
  }
  // The site asks how long files may be; none comes in here.
  const exhibits = { ...desk.kernel.exhibits, fileBytesMax: 1_000_000 }
  const kernel = { ...desk.kernel, people, exhibits }
  const document = ringAgreement()
  const digest = digestOf(document)
  await kernel.streams.transact((unit) => unit.create(document.id, 'agreement'))
  const drafted = { type: 'agreementDrafted', document, digest }
  await desk.append(document.id, lena.officer, drafted)

  const server = fastify()
  t.after(() => server.close())
  await server.register(cookie)
  const kernels = { public: kernel, officers: kernel, federation: kernel }
  await registerSite(server, kernels, { compress: compressText, doors: ['officers'] })
  const headers = {
    cookie: `${sessionCookieName(NODE)}=secret`,
    origin: NODE.urls.officers,
    'sec-fetch-site': 'same-origin',
  }
  const base = `/en/officer/agreements/${document.id}`
  const page = () => server.inject({ url: `${base}/attestations`, headers })

  const first = await page()
  assert.equal(first.statusCode, 200, first.payload.slice(0, 500))
  assert.match(first.payload, /this node has no time-stamp authority/)
  const formToken = /name="formToken" value="([0-9a-f]+)"/.exec(first.payload)?.[1] ?? ''
  assert.match(formToken, /^[0-9a-f]{64}$/)
  const taken = await server.inject({ url: `${base}/document`, headers })
  assert.equal(createHash('sha256').update(taken.rawPayload).digest('hex'), digest)

  const send = async (fields: Readonly<Record<string, string>>, file?: Buffer<ArrayBuffer>) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    if (file) form.append('file', new Blob([file]), 'signature.p7s')
    const request = new Request('http://x/', { method: 'POST', body: form })
    const payload = Buffer.from(await request.arrayBuffer())
    const type = request.headers.get('content-type') ?? ''
    return server.inject({
      method: 'POST',
      url: `${base}/signatures`,
      headers: { ...headers, 'content-type': type, 'content-length': String(payload.length) },
      payload,
    })
  }
  const good = {
    formToken,
    mediaType: 'application/pkcs7-signature',
    signedDigest: digest,
    signerFunction: 'Director',
    checkedBy: 'Legal counsel',
    checkedHow: 'Validation service',
  }
  const file = Buffer.from('a signature as bytes')
  const bad: readonly (readonly [
    string,
    Readonly<Record<string, string>>,
    Buffer<ArrayBuffer>?,
  ])[] = [
    ['400', good],
    ['400', good, Buffer.alloc(256 * 1024 + 1)],
    ['400', { ...good, mediaType: 'text/html' }, file],
    ['400', { ...good, signedDigest: 'abc' }, file],
    ['400', { ...good, surprise: 'x' }, file],
    ['403', { ...good, formToken: '0'.repeat(64) }, file],
    ['409', { ...good, signedDigest: '0'.repeat(64) }, file],
  ]
  for (const [status, fields, content] of bad) {
    const answer = await send(fields, content)
    assert.equal(String(answer.statusCode), status, answer.payload.slice(0, 300))
  }
  assert.equal((await kernel.streams.read(document.id))?.history.length, 1, 'nothing changed')

  const done = await send(good, file)
  assert.equal(done.statusCode, 303, done.payload.slice(0, 500))
  const shown = (await page()).payload
  assert.match(shown, /the signature itself was checked by: <bdi>Legal counsel<\/bdi>/)
  const link = /href="([^"]+\/signatures\/[^"]+)"/.exec(shown)?.[1] ?? ''
  const back = await server.inject({ url: link, headers })
  assert.deepEqual(back.rawPayload, file)
  assert.equal(back.headers['content-type'], 'application/octet-stream')
  const stranger = await server.inject({ url: link })
  assert.equal(stranger.statusCode, 303, 'nobody without a session')
})
