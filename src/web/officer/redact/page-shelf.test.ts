import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addMs, type Instant, MINUTE_MS } from '../../../base/time.ts'
import { pageShelf } from './page-shelf.ts'

const now = '2026-03-02T09:00:00.000Z' as Instant
const page = (byte: number) => new Uint8Array([byte])

test('a page is there for its owner, by its number, for ten minutes', () => {
  const shelf = pageShelf()
  shelf.put('ada s1', 'x1', { pages: [page(11), page(12)], first: 11 }, now)
  assert.deepEqual(shelf.page('ada s1', 'x1', 12, now), page(12))
  assert.deepEqual(shelf.page('ada s1', 'x1', 11, addMs(now, 10 * MINUTE_MS - 1)), page(11))
  const nothing: [string, string, number, Instant][] = [
    ['ada s2', 'x1', 11, now],
    ['eve s1', 'x1', 11, now],
    ['ada', 's1 x1', 1, now],
    ['ada s1', 'x2', 11, now],
    ['ada s1', 'x1', 1, now],
    ['ada s1', 'x1', 10, now],
    ['ada s1', 'x1', 13, now],
    ['ada s1', 'x1', Number.NaN, now],
    ['ada s1', 'x1', 11.5, now],
    ['ada s1', 'x1', 11, addMs(now, 10 * MINUTE_MS)],
  ]
  for (const row of nothing) assert.equal(shelf.page(...row), undefined, JSON.stringify(row))
})

test('a new look takes the place of the one before, and six exhibits are kept', () => {
  const shelf = pageShelf()
  shelf.put('ada s1', 'x1', { pages: [page(1)] }, now)
  shelf.put('ada s1', 'x1', { pages: [page(2)], first: 11 }, now)
  assert.equal(shelf.page('ada s1', 'x1', 1, now), undefined)
  for (const id of ['x2', 'x3', 'x4', 'x5', 'x6', 'x7']) {
    shelf.put('ada s1', id, { pages: [page(7)] }, now)
  }
  assert.equal(shelf.page('ada s1', 'x1', 11, now), undefined)
  assert.deepEqual(shelf.page('ada s1', 'x2', 1, now), page(7))
})
