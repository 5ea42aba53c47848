import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isUuid } from '../base/ids.ts'
import { systemRandom } from './random.ts'

const many = (make: () => string) => Array.from({ length: 200 }, make)
/** The first 48 bits of a UUID of version 7 (RFC 9562, section 5.7). */
const timeOf = (id: string) => Number.parseInt(id.replace('-', '').slice(0, 12), 16)

test('ids are UUIDs of their version, each its own', () => {
  for (const [make, version] of [
    [systemRandom.uuid, '4'],
    [systemRandom.uuidByTime, '7'],
  ] as const) {
    const ids = many(make)
    assert.equal(new Set(ids).size, ids.length)
    for (const id of ids) assert.ok(isUuid(id) && id[14] === version, id)
  }
})

test('an id by time starts with the milliseconds of its making', () => {
  const before = Date.now()
  const ids = many(systemRandom.uuidByTime)
  const after = Date.now()
  for (const id of ids) assert.ok(before <= timeOf(id) && timeOf(id) <= after, id)
})

test('an early moment keeps its place in the order', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1 })
  const early = systemRandom.uuidByTime()
  t.mock.timers.setTime(Date.UTC(2026, 10, 22))
  assert.ok(isUuid(early) && early.startsWith('00000000-0001-7'), early)
  assert.ok(early < systemRandom.uuidByTime())
})

test('a v4 id says nothing about the time', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1 })
  assert.ok(new Set(many(systemRandom.uuid).map((id) => id.slice(0, 8))).size > 190)
})

test('bytes are as many as asked for, and plain', () => {
  for (const size of [0, 1, 32, 1000]) {
    const bytes = systemRandom.bytes(size)
    assert.equal(bytes.length, size)
    assert.equal(bytes.constructor, Uint8Array)
  }
  assert.notDeepEqual(systemRandom.bytes(32), systemRandom.bytes(32))
})
