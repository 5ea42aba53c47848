import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineageOf } from './announce-file.ts'

const input = { digest: 'a'.repeat(64), sizeBytes: 1200 }
const scrub = { tool: 'comity-scrub', version: '1', input, removed: [] }
const opened = (event: object) =>
  ({
    opening: { envelope: { event: { type: 'exhibitSealed', ...event } } },
  }) as unknown as Parameters<typeof lineageOf>[0]

test('of a scrubbed copy the original is known by digest and size, and of what made the copy', () => {
  assert.deepEqual(lineageOf(opened({ scrub })), {
    lineage: { ...input, tool: 'comity-scrub', version: '1' },
  })
  assert.deepEqual(lineageOf(opened({})), {})
  assert.deepEqual(lineageOf({}), {})
})

test('an origin that is said in no known form is turned away', () => {
  const bad: unknown[] = [
    ...[null, 'text', 1, [], {}],
    { ...scrub, tool: '' },
    { ...scrub, tool: 'a'.repeat(61) },
    { ...scrub, tool: '<b>' },
    { ...scrub, version: 1 },
    { ...scrub, input: { ...input, digest: 'A'.repeat(64) } },
    { ...scrub, input: { ...input, digest: 'a'.repeat(63) } },
    { ...scrub, input: { ...input, sizeBytes: 0 } },
    { ...scrub, input: { ...input, sizeBytes: 1.5 } },
    { ...scrub, input: { ...input, name: 'what was hidden' } },
    { ...scrub, input: null },
  ]
  for (const one of bad) {
    assert.throws(
      () => lineageOf(opened({ scrub: one })),
      { code: 'malformed' },
      JSON.stringify(one),
    )
  }
})
