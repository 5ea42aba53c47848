import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { StreamView } from '../../../app/ports/streams.ts'
import { keptStreams } from './kept-streams.ts'

function opened(id: string, kind: StreamView['kind'], events: number) {
  const view = { id, kind, history: Array(events).fill({}), sealedEvents: [] } as StreamView
  const bytes = new Uint8Array(32)
  return { view, wrappedKey: bytes, digest: bytes, hashed: createHash('sha256') }
}

test('whatever was used longest ago makes room, and other kinds are never kept', () => {
  const kept = keptStreams()
  for (const id of ['a', 'b', 'c']) kept.keep(opened(id, 'case', 6_000), true)
  kept.get('a')
  kept.keep(opened('d', 'agreement', 6_000), true)
  kept.keep(opened('e', 'erasure', 1), true)
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].filter((id) => kept.get(id)),
    ['a', 'c', 'd'],
  )
  kept.forget('a')
  kept.keep(opened('f', 'case', 6_000), true)
  assert.deepEqual(
    ['a', 'c', 'd', 'f'].filter((id) => kept.get(id)),
    ['c', 'd', 'f'],
    'what is forgotten takes no room',
  )
})

test('a case that nobody uses is forgotten, an agreement stays', async () => {
  let now = 0
  const kept = keptStreams(() => now, 30)
  kept.keep(opened('a', 'agreement', 1), true)
  kept.keep(opened('c', 'case', 1), true)
  let looks = 0
  while (looks < 3) {
    await new Promise((resolve) => setTimeout(resolve, 40))
    now += 29
    assert.ok(kept.get('c'), 'used 29 ms ago')
    looks += 1
  }
  now += 30
  await new Promise((resolve) => setTimeout(resolve, 200))
  assert.equal(kept.get('c'), undefined)
  assert.ok(kept.get('a'))
})

test('what was not compared for half a second must be compared', () => {
  let now = 0
  const kept = keptStreams(() => now)
  const isDue = () => kept.get('c')?.isCheckDue
  kept.keep(opened('c', 'case', 1), false)
  assert.equal(isDue(), true, 'never compared')
  kept.keep(opened('c', 'case', 1), true)
  now = 499
  assert.equal(isDue(), false)
  kept.keep(opened('c', 'case', 2), false)
  now = 500
  assert.equal(isDue(), true, 'what was appended is no comparison of what was there')
  kept.keep(opened('c', 'case', 2), true)
  assert.equal(isDue(), false)
})

test('lists are known after the event that they were written after, while the stream is kept', () => {
  const kept = keptStreams()
  const lists = new Map()
  kept.keepLists('c', 'first', lists)
  assert.equal(kept.lists('c', 'first'), undefined, 'of a stream that is not kept')
  kept.keep(opened('c', 'case', 1), true)
  kept.keepLists('c', 'first', lists)
  kept.keep(opened('c', 'case', 2), true)
  assert.equal(kept.lists('c', 'first'), lists)
  assert.equal(kept.lists('c', 'second'), undefined)
  assert.equal(kept.lists('c', undefined), undefined)
  kept.forget('c')
  assert.equal(kept.lists('c', 'first'), undefined)
})
