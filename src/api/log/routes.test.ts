import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { utf8 } from '../../base/bytes.ts'
import { logRoutes } from './routes.ts'

const FILES = new Map([
  ['checkpoint', utf8('checkpoint')],
  ['tile/0/000', new Uint8Array(8192)],
  ['tile/0/x001/000.p/1', new Uint8Array(32)],
  ['tile/entries/000.p/3', utf8('bundle')],
])

function server(policy?: Uint8Array) {
  const asked: string[] = []
  const fastify = Fastify()
  logRoutes(fastify, {
    prefix: '/ledger',
    read: async (path) => {
      asked.push(path)
      return FILES.get(path)
    },
    ...(policy ? { policy } : {}),
  })
  return { fastify, asked }
}

test('checkpoint and tiles have their media types and caching', async () => {
  const { fastify } = server()
  const checkpoint = await fastify.inject('/ledger/checkpoint')
  assert.equal(checkpoint.statusCode, 200)
  assert.equal(checkpoint.headers['content-type'], 'text/plain; charset=utf-8')
  assert.equal(checkpoint.headers['cache-control'], 'public, max-age=2')
  for (const path of ['tile/0/000', 'tile/0/x001/000.p/1']) {
    const tile = await fastify.inject(`/ledger/${path}`)
    assert.equal(tile.statusCode, 200)
    assert.equal(tile.headers['content-type'], 'application/octet-stream')
    assert.equal(tile.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.deepEqual(new Uint8Array(tile.rawPayload), FILES.get(path))
  }
})

test('the policy is served where the node gives one', async () => {
  const given = await server(utf8('quorum none\n')).fastify.inject('/ledger/policy.txt')
  assert.equal(given.payload, 'quorum none\n')
  assert.equal(given.headers['content-type'], 'text/plain; charset=utf-8')
  assert.equal((await server().fastify.inject('/ledger/policy.txt')).statusCode, 404)
})

test('entry bundles are served to nobody', async () => {
  const { fastify, asked } = server()
  const refused = await fastify.inject('/ledger/tile/entries/000.p/3')
  assert.equal(refused.statusCode, 403)
  assert.equal(refused.headers['content-type'], 'application/problem+json')
  assert.equal(refused.headers['cache-control'], 'no-store')
  assert.equal(refused.json().code, 'bundles-not-served')
  assert.deepEqual(asked, [], 'nothing was read')
})

test('whatever is no path of a tile is not looked for', async () => {
  const { fastify, asked } = server()
  for (const path of [
    'tile/0/00',
    'tile/00/000',
    'tile/64/000',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/..%2f..%2fcheckpoint',
    'tile/0/%2e%2e/000',
    'tile/0/x000/000',
    'tile/0/000.epoch-1.tmp',
    'tile/',
    'tile/entries',
  ]) {
    const answer = await fastify.inject(`/ledger/${path}`)
    assert.equal(answer.statusCode, 404, path)
  }
  assert.deepEqual(
    asked.filter((path) => path !== 'checkpoint'),
    [],
  )
  assert.equal((await fastify.inject('/ledger/tile/0/001')).statusCode, 404)
})
