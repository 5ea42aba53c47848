/** The key service's interface against a real server on this machine. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { utf8 } from '../../base/bytes.ts'
import { instant } from '../../base/time.ts'
import { openWithAny, sealTo } from '../../seal/seal.ts'
import { nodePrimitives, verifyMlDsa44 } from '../node-primitives.ts'
import { type KeyServicePlace, keyService } from './key-service.ts'
import { keyServiceStore } from './key-service-store.ts'
import { openKeys } from './open-keys.ts'

const TOKEN = 'invented-token'
const NODE = 'a.example'
const now = instant('2026-11-22T12:00:00.000Z')
const root = await mkdtemp(join(tmpdir(), 'comity-service-'))
const servers: Server[] = []
after(async () => {
  for (const server of servers) server.close().closeAllConnections()
  await rm(root, { recursive: true })
})
let count = 0
const fresh = () => join(root, `keys-${count++}`)

type Reply = { readonly status: number; readonly body: string }
/** More than a busy machine takes for an answer. */
const PATIENT_MS = 20_000

type Spoil = (path: string, reply: Reply) => Reply | undefined | 'silence' | 'cut'

/** A small key service: keys in its memory, a wrapping key with the context as bound data. */
function service() {
  const keys = new Map<string, KeyObject>()
  const wrappingKey = randomBytes(32)
  const keyNamed = (name: string) => {
    const found = keys.get(name) ?? newKey(name)
    keys.set(name, found)
    return found
  }
  const newKey = (name: string) =>
    name.includes('MlDsa44')
      ? generateKeyPairSync('ml-dsa-44').privateKey
      : generateKeyPairSync('ed25519').privateKey
  const reply = (value: object): Reply => ({ status: 200, body: JSON.stringify(value) })
  const answer = (path: string, input: Record<string, string>): Reply => {
    const [, name = '', act] = /^\/v1\/keys\/([^/]+)(?:\/(sign))?$/.exec(path) ?? []
    if (act === 'sign') {
      const bytes = Buffer.from(input['message'] ?? '', 'base64')
      return reply({ signature: sign(null, bytes, keyNamed(name)).toString('base64') })
    }
    if (name) {
      const key = createPublicKey(keyNamed(name))
      const publicKey = key.export({ format: 'raw-public' }).toString('base64')
      return reply({ algorithm: key.asymmetricKeyType, publicKey })
    }
    const aad = Buffer.from(input['context'] ?? '')
    if (path === '/v1/wrap') {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce).setAAD(aad)
      const secret = Buffer.from(input['secret'] ?? '', 'base64')
      const parts = [nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]
      return reply({ wrapped: Buffer.concat(parts).toString('base64') })
    }
    const bytes = Buffer.from(input['wrapped'] ?? '', 'base64')
    try {
      const decipher = createDecipheriv('aes-256-gcm', wrappingKey, bytes.subarray(0, 12))
      decipher.setAAD(aad).setAuthTag(bytes.subarray(-16))
      const secret = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
      return reply({ secret: secret.toString('base64') })
    } catch {
      return { status: 422, body: '{}' }
    }
  }
  return { keys, answer }
}

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function running(spoil: { with?: Spoil } = {}, timeoutMs = PATIENT_MS) {
  const { keys, answer } = service()
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString()
    const isKnown = request.headers.authorization === `Bearer ${TOKEN}`
    const path = request.url ?? ''
    const right = isKnown ? answer(path, text ? JSON.parse(text) : {}) : { status: 401, body: '{}' }
    const given = spoil.with?.(path, right) ?? right
    if (given === 'silence') return
    if (given === 'cut') {
      response.writeHead(200, { 'content-length': 100 }).write('{"sec')
      response.destroy()
      return
    }
    response.writeHead(given.status, { 'content-type': 'application/json' }).end(given.body)
  }
  const port = await listen(createServer((request, response) => void handle(request, response)))
  const place: KeyServicePlace = {
    url: `http://127.0.0.1:${port}`,
    access: { bearer: async () => TOKEN },
    timeoutMs,
  }
  return { place, keys }
}

const opened = (folder: string, place: KeyServicePlace) =>
  openKeys({ folder, node: NODE, store: (at) => keyServiceStore(at, NODE, keyService(place)) }, now)

test('signing keys stay at the service; what the node must open lies wrapped in its folder', async () => {
  const { place } = await running()
  const folder = fresh()
  const first = await opened(folder, place)
  const again = await opened(folder, place)
  const message = utf8('text')
  for (const [publicKey, signature] of [
    [first.messagePublicKey, await again.signMessage(message)],
    [first.logPublicKey, await again.signLog(message)],
    [first.witnessPublicKey, await again.signWitness(message)],
  ] as const) {
    assert.ok(nodePrimitives.verifyEd25519(publicKey, message, signature))
  }
  const second = again.witnessMlDsa44
  assert.ok(second && verifyMlDsa44(second.publicKey, message, await second.sign(message)))
  assert.deepEqual(second.publicKey, first.witnessMlDsa44?.publicKey)
  assert.deepEqual(again.columnKey(), first.columnKey())
  const sealed = await sealTo([first.encryptionRecipient], message, { minimumRecipients: 1 })
  assert.deepEqual(await openWithAny(await again.encryptionIdentities(), sealed), message)
  const files = await readdir(folder)
  assert.equal(files.length, 2)
  for (const file of files) {
    assert.doesNotMatch(await readFile(join(folder, file), 'utf8'), /AGE-SECRET/)
  }
})

test('a service without an ML-DSA key is no reason not to start', async () => {
  const spoil = (path: string, reply: Reply) =>
    path.includes('MlDsa44') ? { status: 404, body: '{}' } : reply
  const { place } = await running({ with: spoil })
  const folder = fresh()
  assert.equal((await opened(folder, place)).witnessMlDsa44, undefined)
  assert.equal((await opened(folder, place)).witnessMlDsa44, undefined)
})

test('a wrapped secret of one purpose is none of another', async () => {
  const { place } = await running()
  const client = keyService(place)
  const wrapped = await client.wrap('comity/a.example/column-1', 'secret')
  assert.equal(await client.unwrap('comity/a.example/column-1', wrapped), 'secret')
  await assert.rejects(client.unwrap('comity/a.example/encryption-1', wrapped), {
    reason: 'not-unwrapped',
  })
})

const wrongSignature = Buffer.alloc(64).toString('base64')
const bad: Readonly<Record<string, readonly [Spoil, string]>> = {
  'an outage': [() => ({ status: 503, body: '' }), 'unavailable'],
  'too many questions': [() => ({ status: 429, body: '' }), 'unavailable'],
  'no answer in time': [() => 'silence', 'unavailable'],
  'half an answer': [() => 'cut', 'unavailable'],
  'no such key': [() => ({ status: 404, body: '{}' }), 'unavailable'],
  'a refusal': [() => ({ status: 403, body: '{}' }), 'unverified'],
  'a redirection': [() => ({ status: 302, body: '{}' }), 'malformed'],
  'no JSON': [() => ({ status: 200, body: '<html>' }), 'malformed'],
  'a list': [() => ({ status: 200, body: '[]' }), 'malformed'],
  'nothing in it': [() => ({ status: 200, body: '{}' }), 'malformed'],
  'a signature too short': [() => ({ status: 200, body: '{"signature":"AAAA"}' }), 'malformed'],
  'a signature that is no base64': [
    () => ({ status: 200, body: '{"signature":"!!"}' }),
    'malformed',
  ],
  'an endless answer': [() => ({ status: 200, body: 'x'.repeat(200_000) }), 'malformed'],
  'a signature of another key': [
    () => ({ status: 200, body: JSON.stringify({ signature: wrongSignature }) }),
    'unverified',
  ],
}
for (const [name, [with_, code]] of Object.entries(bad)) {
  test(`signing fails as ${code}: ${name}`, async () => {
    const spoil: { with?: Spoil } = {}
    const { place } = await running(spoil, name === 'no answer in time' ? 2_000 : PATIENT_MS)
    const keys = await opened(fresh(), place)
    spoil.with = with_
    await assert.rejects(async () => keys.signLog(utf8('text')), { name: 'ComityError', code })
    delete spoil.with
    assert.equal((await keys.signLog(utf8('text'))).length, 64)
  })
}

test('a service that has another key than the node published is refused at the start', async () => {
  const { place, keys } = await running()
  const folder = fresh()
  const { ring } = await opened(folder, place)
  const { writeRing } = await import('./key-ring.ts')
  await writeRing(folder, ring)
  await opened(folder, place)
  keys.set('a.example.log-1', generateKeyPairSync('ed25519').privateKey)
  await assert.rejects(opened(folder, place), { code: 'unverified', reason: 'key-mismatch' })
})

test('a wrong token makes nothing', async () => {
  const { place } = await running()
  const folder = fresh()
  const wrong = { ...place, access: { bearer: async () => 'another' } }
  await assert.rejects(opened(folder, wrong), { reason: 'key-service-access' })
  await assert.rejects(readdir(folder), { code: 'ENOENT' })
})

test('secrets do not travel unencrypted to another machine', () => {
  for (const url of ['http://keys.example', 'http://192.0.2.1:8200', 'http://localhost.example']) {
    const place = { url, access: { bearer: async () => TOKEN } }
    assert.throws(() => keyService(place), { code: 'malformed' }, url)
  }
})

const openssl = spawnSync('openssl', ['version']).status === 0
test('certificates on both sides: the right pair is let in, a stranger and a wrong server are not', {
  skip: openssl ? false : 'openssl is not installed, so no certificates can be made',
}, async () => {
  const at = (name: string) => join(root, name)
  const make = (name: string) =>
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ed25519', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
        ...[
          '-addext',
          'subjectAltName=IP:127.0.0.1',
          '-keyout',
          at(`${name}.key`),
          '-out',
          at(`${name}.crt`),
        ],
      ],
      { stdio: 'ignore' },
    )
  for (const name of ['server', 'client', 'stranger']) make(name)
  const { answer } = service()
  const server = createSecureServer(
    {
      key: await readFile(at('server.key')),
      cert: await readFile(at('server.crt')),
      ca: await readFile(at('client.crt')),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      const { status, body } = answer(request.url ?? '', {})
      response.writeHead(status).end(body)
    },
  )
  const url = `https://127.0.0.1:${await listen(server)}`
  const place = (client: string, authority: string): KeyServicePlace => ({
    url,
    access: { certificateFile: at(`${client}.crt`), keyFile: at(`${client}.key`) },
    authorityFile: at(`${authority}.crt`),
    timeoutMs: PATIENT_MS,
  })
  assert.equal((await keyService(place('client', 'server')).publicKey('log', 'ed25519')).length, 32)
  for (const wrong of [place('stranger', 'server'), place('client', 'stranger')]) {
    await assert.rejects(keyService(wrong).publicKey('log', 'ed25519'), { code: 'unavailable' })
  }
})
