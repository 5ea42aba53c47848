import assert from 'node:assert/strict'
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { httpbis } from 'http-message-signatures'
import { nodePrimitives, publicKeyOf, signEd25519 } from '../adapters/node-primitives.ts'
import { fromBase64, textFromUtf8, utf8 } from '../base/bytes.ts'
import type { ComityError } from '../base/errors.ts'
import { type Instant, instant } from '../base/time.ts'
import type { HeaderList, HttpRequest } from './http-message.ts'
import {
  type MessageKey,
  signRequest,
  signResponse,
  verifyRequest,
  verifyResponse,
} from './http-signature.ts'
import {
  parametersText,
  requestComponents,
  responseComponents,
  signatureBase,
} from './http-signature-base.ts'

const sha512 = (bytes: Uint8Array) => new Uint8Array(createHash('sha512').update(bytes).digest())
const primitives = { ...nodePrimitives, sha512 }
const FOLDER = new URL('../../protocol/vectors/http-signature/', import.meta.url)

type WrittenMessage = {
  method: string
  targetUri: string
  status: number
  headers: HeaderList
  body: string
}
type Vector = {
  says: string
  now: Instant
  keys: { id: string; node: string; publicKey: string; validFrom: Instant; validUntil: Instant }[]
  node?: string
  request: WrittenMessage
  response?: WrittenMessage
  signatureBase?: string
  expect: 'verified' | { reason: string }
}

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
assert.ok(names.length > 70, 'the vectors are there')

for (const name of names) {
  const vector = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Vector
  test(`vector ${name}: ${vector.says}`, async () => {
    if (vector.expect === 'verified') return verifyVector(vector)
    await assert.rejects(verifyVector(vector), {
      name: 'ComityError',
      code: 'unverified',
      reason: vector.expect.reason,
    })
  })
}

for (const name of names) {
  const vector = JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Vector
  const given = vector.signatureBase
  if (given === undefined) continue
  test(`vector ${name}: the base is the one that is written`, () => {
    const request = withBytes(vector.request)
    const components = vector.response
      ? responseComponents(withBytes(vector.response), request)
      : requestComponents(request)
    const keyId = vector.response ? 'b.example/msg1' : 'a.example/msg1'
    const nonce = 'AAECAwQFBgcICQoLDA0ODw'
    const text = parametersText(components, {
      createdS: 1_800_000_000,
      expiresS: 1_800_000_300,
      nonce,
      keyId,
    })
    assert.equal(textFromUtf8(signatureBase(components, text)), given)
  })
}

test('the golden signature is reproduced', async () => {
  const headers = await signRequest(
    draft,
    { ...parameters, nonce: 'AAECAwQFBgcICQoLDA0ODw' },
    signer,
  )
  assert.equal(
    new Map(headers).get('signature'),
    'comity=:TlKcGT05DkSoo3V/qGf02t/6g2gGCOkVX+SgULEqqdevNoX9+YH7ILmogZOXMey7tpTgL5pyAgDQ9tn7RJlqAQ==:',
  )
})

const seed = Uint8Array.from({ length: 32 }, (_, index) => index)
const signer = { primitives, sign: (bytes: Uint8Array) => signEd25519(seed, bytes) }
const now = instant('2027-01-15T08:00:00.000Z')
const parameters = { keyId: 'a.example/msg1', nonce: 'x'.repeat(22), now }
const draft = {
  method: 'PUT',
  targetUri: 'https://b.example/federation/v1/transactions/0001',
  origin: 'a.example',
  destination: 'b.example',
  contentType: 'application/json',
  body: utf8('{"v":1}'),
}
const key: MessageKey = {
  id: 'a.example/msg1',
  node: 'a.example',
  publicKey: publicKeyOf(seed),
  validFrom: instant('2026-01-01T00:00:00.000Z'),
  validUntil: instant('2028-01-01T00:00:00.000Z'),
}
const context = { primitives, now, keyFor: () => key }
const libraryKey = createPrivateKey({
  key: Buffer.from(seed),
  format: 'raw-private',
  asymmetricKeyType: 'ed25519',
} as never)

test('another implementation verifies what we sign', async () => {
  const headers = Object.fromEntries(
    await signRequest(draft, { ...parameters, now: realNow() }, signer),
  )
  const verified = await httpbis.verifyMessage(
    { keyLookup: async () => libraryVerifier, requiredFields: ['@method', 'content-digest'] },
    { method: draft.method, url: draft.targetUri, headers },
  )
  assert.equal(verified, true)
})

test('we verify what another implementation signs', async () => {
  const signed = await httpbis.signMessage(
    {
      name: 'comity',
      key: { id: key.id, alg: 'ed25519', sign: async (data) => sign(null, data, libraryKey) },
      fields: [
        '@method',
        '@target-uri',
        'comity-origin',
        'comity-destination',
        'content-type',
        'content-digest',
      ],
      params: ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'],
      paramValues: {
        created: new Date(now),
        expires: new Date(Date.parse(now) + 300_000),
        nonce: parameters.nonce,
        tag: 'comity',
      },
    },
    {
      method: draft.method,
      url: draft.targetUri,
      headers: Object.fromEntries((await signRequest(draft, parameters, signer)).slice(0, 4)),
    },
  )
  const headers = Object.entries(signed.headers).map(
    ([name, value]) => [name, String(value)] as const,
  )
  const found = await verifyRequest({ ...draft, headers }, context)
  assert.equal(found.origin, 'a.example')
  assert.equal(found.forgetAfter, '2027-01-15T08:06:00.000Z')
})

test('another implementation verifies our response, bound to its request', async () => {
  const sent = { ...draft, headers: await signRequest(draft, parameters, signer) }
  const answer = { status: 200, contentType: 'application/json', body: utf8('{}') }
  const headers = await signResponse(answer, sent, { ...parameters, now: realNow() }, signer)
  const verified = await httpbis.verifyMessage(
    { keyLookup: async () => libraryVerifier },
    { status: 200, headers: Object.fromEntries(headers) },
    { method: sent.method, url: sent.targetUri, headers: Object.fromEntries(sent.headers) },
  )
  assert.equal(verified, true)
})

test('a signed response verifies for its request and for no other', async () => {
  const sent = { ...draft, headers: await signRequest(draft, parameters, signer) }
  const again = {
    ...draft,
    headers: await signRequest(draft, { ...parameters, nonce: 'y'.repeat(22) }, signer),
  }
  const answer = { status: 409, contentType: 'application/problem+json', body: utf8('{}') }
  const headers = await signResponse(answer, sent, parameters, signer)
  const response = { status: 409, headers, body: answer.body }
  await verifyResponse(response, { request: sent, node: 'a.example' }, context)
  await assert.rejects(verifyResponse(response, { request: again, node: 'a.example' }, context), {
    reason: 'signature',
  })
})

const libraryVerifier = {
  verify: async (data: Buffer, signature: Buffer) =>
    verify(null, data, createPublicKey(libraryKey), signature),
}

/** The other implementation reads the machine's clock. */
function realNow(): Instant {
  return instant(new Date().toISOString())
}

async function verifyVector(vector: Vector): Promise<void> {
  const keys = vector.keys.map((each) => ({ ...each, publicKey: fromBase64(each.publicKey) }))
  const keyFor = (id: string) => keys.find((each) => each.id === id)
  const verifying = { primitives, now: vector.now, keyFor }
  const request = withBytes(vector.request)
  if (vector.response === undefined) await verifyRequest(request, verifying)
  else
    await verifyResponse(
      withBytes(vector.response),
      { request, node: vector.node ?? '' },
      verifying,
    )
}

function withBytes<M extends { readonly body: string }>(message: M): M & HttpRequest {
  return { ...message, body: fromBase64(message.body) } as unknown as M & HttpRequest
}

// A reason that no vector shows is a reason that nobody has checked.
test('every reason of the verifier has a vector', () => {
  const source = ['http-signature.ts', 'content-digest.ts', 'http-message.ts']
    .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
    .join('')
  const shown = new Set(
    names.map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')).expect.reason),
  )
  const reasons = [
    ...source.matchAll(/'((?:field|signature|parameter|key|time|digest|content)-?[a-z0-9-]*)'/g),
  ]
    .map(([, reason]) => reason as ComityError['reason'])
    .filter(
      (reason) =>
        reason?.includes('-') &&
        !['content-type', 'content-digest', 'signature-input'].includes(reason),
    )
  assert.ok(reasons.length > 15)
  for (const reason of reasons) assert.ok(shown.has(reason), `no vector for ${reason}`)
})
