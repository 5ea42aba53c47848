import assert from 'node:assert/strict'
import test from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { compressText } from '../../adapters/compression.ts'
import { encodingFor, pageCache } from './page-cache.ts'

function counting() {
  const asked = { made: 0, nowMs: 0 }
  const cache = pageCache({
    keepMs: 2000,
    pagesMax: 3,
    nowMs: () => asked.nowMs,
    compress: compressText,
  })
  const make = async () => {
    asked.made += 1
    return `page ${asked.made}`
  }
  const get = async (key: string) => String(await cache.get(key, 'identity', make))
  return { asked, cache, make, get }
}

test('a page is made once for all who ask within its time, and again after it', async () => {
  const { asked, get } = counting()
  assert.deepEqual(await Promise.all([get('a'), get('a'), get('a')]), Array(3).fill('page 1'))
  asked.nowMs = 1999
  assert.equal(await get('a'), 'page 1')
  asked.nowMs = 2000
  assert.equal(await get('a'), 'page 2')
})

test('every encoding holds the same page', async () => {
  const { asked, cache, make } = counting()
  assert.equal(String(brotliDecompressSync(await cache.get('a', 'br', make))), 'page 1')
  assert.equal(String(gunzipSync(await cache.get('a', 'gzip', make))), 'page 1')
  assert.equal(asked.made, 1)
})

test('a failure is told to all who wait and not kept', async () => {
  const { cache, get } = counting()
  const fail = async () => {
    throw new Error('down')
  }
  const both = [cache.get('a', 'br', fail), cache.get('a', 'identity', fail)]
  for (const { status } of await Promise.allSettled(both)) assert.equal(status, 'rejected')
  assert.equal(await get('a'), 'page 1')
})

test('only so many pages are kept, the oldest goes first', async () => {
  const { asked, get } = counting()
  for (const key of ['a', 'b', 'c', 'd']) await get(key)
  assert.equal(await get('b'), 'page 2')
  assert.equal(await get('a'), 'page 5')
  assert.equal(asked.made, 5)
})

test('the encoding is one that the visitor takes', () => {
  assert.equal(encodingFor('gzip, deflate, br, zstd'), 'br')
  assert.equal(encodingFor('gzip;q=0.5, br;q=0'), 'gzip')
  assert.equal(encodingFor('BR'), 'br')
  assert.equal(encodingFor('gzip; q=0.000'), 'identity')
  assert.equal(encodingFor(''), 'identity')
  assert.equal(encodingFor('brotli, xgzip'), 'identity')
})
