import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { AwsV4Signer } from 'aws4fetch'
import { s3Server, signatureOf } from '../../../test/support/s3-server.ts'
import type { BlobStore } from './blob-store.ts'
import { folderBlobs } from './folder-blobs.ts'
import { s3Blobs } from './s3-blobs.ts'

const KEYS = { accessKeyId: 'AKINVENTED', secret: 'an/invented+secret', region: 'eu-central-1' }
const MiB = 1024 * 1024

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'comity-blobs-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

async function* inPieces(bytes: Uint8Array, failAt = Number.POSITIVE_INFINITY) {
  for (let at = 0; at < bytes.length; at += 50_000) {
    if (at >= failAt) throw new Error('cut')
    yield bytes.subarray(at, at + 50_000)
  }
}

async function all(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const filesIn = async (folder: string) => {
  const names = await readdir(folder, { recursive: true })
  const found = await Promise.all(
    names.map(async (name) => [name, await stat(join(folder, name))] as const),
  )
  return found.filter(([, { mode }]) => mode % 0o200000 >= 0o100000).map(([name]) => name)
}

async function keepsWhatItIsGiven(store: BlobStore, bytes: Buffer): Promise<void> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  assert.deepEqual(await store.keep(inPieces(bytes)), { digest, sizeBytes: bytes.length })
  assert.ok((await all(await store.read(digest))).equals(bytes))
  assert.equal(await store.has(digest), true)
  await store.remove(digest)
  await store.remove(digest)
  assert.equal(await store.has(digest), false)
  await assert.rejects(store.read(digest), { code: 'unavailable' })
}

test('a folder keeps a stream under its digest, for its owner alone, and nothing of a cut one', async (t) => {
  const folder = await folderOf(t)
  const store = folderBlobs(folder)
  await keepsWhatItIsGiven(store, randomBytes(3 * MiB))
  await assert.rejects(store.keep(inPieces(randomBytes(MiB), 200_000)), { message: 'cut' })
  assert.deepEqual(await filesIn(folder), [])
  const { digest } = await store.keep(inPieces(randomBytes(10)))
  const [name = ''] = await filesIn(folder)
  assert.equal(name, join(digest.slice(0, 2), `${digest}.age`))
  assert.equal((await stat(join(folder, name))).mode % 0o1000, 0o600)
  for (const bad of ['', '../../etc/passwd', digest.toUpperCase(), `${digest}0`]) {
    await assert.rejects(async () => store.read(bad), `name ${bad}`)
  }
})

test('what a process left unfinished goes when the next one begins', async (t) => {
  const folder = await folderOf(t)
  const store = folderBlobs(folder)
  const never = store.keep(
    (async function* () {
      yield randomBytes(1000)
      await new Promise((go) => setTimeout(go, 50))
      yield randomBytes(1000)
    })(),
  )
  await new Promise((go) => setTimeout(go, 20))
  assert.equal((await filesIn(folder)).length, 1)
  await store.removeUnfinished()
  await assert.rejects(never)
  assert.deepEqual(await filesIn(folder), [])
})

async function bucketOf(t: TestContext, changes: object = {}) {
  const server = await s3Server(t, KEYS)
  const folder = await folderOf(t)
  const { endpoint } = server
  const { accessKeyId, secret: secretAccessKey, region } = KEYS
  const place = {
    endpoint,
    bucket: 'sealed',
    prefix: 'meridia/',
    accessKeyId,
    secretAccessKey,
    region,
  }
  const store = s3Blobs({ ...place, ...changes }, { folder, partBytes: 5 * MiB, triesMax: 2 })
  return { server, folder, store }
}

test('a bucket keeps small blobs whole and large ones in parts', async (t) => {
  const { server, folder, store } = await bucketOf(t)
  await keepsWhatItIsGiven(store, randomBytes(1000))
  await keepsWhatItIsGiven(store, randomBytes(12 * MiB + 3))
  assert.equal(server.seen.filter((line) => line.startsWith('PUT part')).length, 3)
  const { digest } = await store.keep(inPieces(randomBytes(10)))
  assert.deepEqual(
    [...server.objects.keys()],
    [`/sealed/meridia/${digest.slice(0, 2)}/${digest}.age`],
  )
  assert.deepEqual(await filesIn(folder), [])
})

test('a bucket that fails once is asked again; one that goes on failing leaves nothing behind', async (t) => {
  const { server, folder, store } = await bucketOf(t)
  server.failNext = 1
  await keepsWhatItIsGiven(store, randomBytes(6 * MiB))
  await assert.rejects(store.keep(inPieces(randomBytes(MiB), 200_000)), { message: 'cut' })
  server.failNext = 2
  await assert.rejects(store.keep(inPieces(randomBytes(100))), { code: 'unavailable' })
  assert.deepEqual([...server.objects.keys(), ...server.uploads.keys()], [])
  assert.deepEqual(await filesIn(folder), [])
})

test('a wrong key, region or endpoint is an outage, without the secret in its words', async (t) => {
  for (const change of [
    { secretAccessKey: 'another secret' },
    { accessKeyId: 'AKOTHER' },
    { region: 'us-east-1' },
    { endpoint: 'http://127.0.0.1:1' },
  ]) {
    const { store } = await bucketOf(t, change)
    await assert.rejects(store.keep(inPieces(randomBytes(10))), (error: Error) => {
      const isQuiet = !/invented|another secret|sealed\/|meridia\//.test(error.message)
      return (error as unknown as { code: string }).code === 'unavailable' && isQuiet
    })
  }
})

/**
 * Examples of "Signature Calculations for the Authorization Header: Transferring Payload
 * in a Single Chunk (AWS Signature Version 4)" in the Amazon S3 API Reference.
 */
const PUBLISHED = [
  {
    target: '/test.txt',
    extra: { range: 'bytes=0-9' },
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    target: '/?lifecycle',
    extra: {},
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    target: '/?max-keys=2&prefix=J',
    extra: {},
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
]

test('published examples of the signature: the client and the test server agree with them', async () => {
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
  const empty = createHash('sha256').digest('hex')
  for (const { target, extra, signature } of PUBLISHED) {
    const headers = {
      host: 'examplebucket.s3.amazonaws.com',
      ...extra,
      'x-amz-content-sha256': empty,
      'x-amz-date': '20130524T000000Z',
    }
    const request = {
      method: 'GET',
      target,
      headers,
      bodyDigest: empty,
      region: 'us-east-1',
      secret,
    }
    assert.equal(
      signatureOf({ ...request, signedHeaders: Object.keys(headers) }),
      signature,
      target,
    )
    const signer = new AwsV4Signer({
      url: `https://examplebucket.s3.amazonaws.com${target}`,
      method: 'GET',
      headers: { ...extra, 'x-amz-content-sha256': empty },
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: secret,
      service: 's3',
      region: 'us-east-1',
      datetime: '20130524T000000Z',
      allHeaders: true,
    })
    assert.match(await signer.authHeader(), new RegExp(`Signature=${signature}$`), target)
  }
})
