import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Crosswalk, type CrosswalkRow, mapIn, mapOut, neverMapped } from './crosswalk.ts'

const rows: readonly CrosswalkRow[] = [
  { ours: 'bias', theirs: 'E1', relation: 'exact' },
  { ours: 'bias', theirs: 'E2', relation: 'narrow' },
  { ours: 'toxic', theirs: 'E3', relation: 'close' },
  { ours: 'drift', theirs: 'E4', relation: 'broad' },
  { ours: 'drift', theirs: 'E5', relation: 'close' },
  { ours: 'false', theirs: 'E6', relation: 'narrow' },
  { ours: 'false', theirs: 'E7', relation: 'narrow' },
]
const crosswalk: Crosswalk = {
  scheme: 'test',
  title: 'Test',
  version: '1',
  source: 'by hand',
  evidence: 'P',
  isWhole: true,
  notes: [],
  terms: ['E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'E7', 'E8'].map((id) => ({ id, label: id })),
  rows,
}

describe('a crosswalk outwards', () => {
  const cases: readonly [string, string, readonly string[], string][] = [
    ['takes the same term before a narrower one', 'bias', ['E1 exact'], ''],
    ['takes a near one, and says so', 'toxic', ['E3 close'], ''],
    ['takes the wider one before a near one', 'drift', ['E4 broad'], ''],
    ['never says more than was said', 'false', [], 'onlyMoreExact E6 E7'],
    ['loses what has no counterpart', 'scope', [], 'noCounterpart'],
  ]
  for (const [name, id, mapped, lost] of cases) {
    test(name, () => {
      const answer = mapOut(crosswalk, [id])
      assert.deepEqual(
        answer.mapped.map(({ to, relation }) => `${to} ${relation}`),
        mapped,
      )
      const losses = answer.lost.map(({ why, candidates }) => [why, ...candidates].join(' '))
      assert.deepEqual(losses, lost === '' ? [] : [lost])
    })
  }
})

describe('a crosswalk inwards', () => {
  const cases: readonly [string, string, readonly string[], string][] = [
    ['takes the same term', 'E1', ['bias exact'], ''],
    ['lets a narrower term of theirs lose its detail', 'E2', ['bias narrow'], ''],
    ['does not make a wider term of theirs exact', 'E4', [], 'onlyMoreExact drift'],
    ['loses what has no counterpart', 'E8', [], 'noCounterpart'],
    ['loses what the list does not have', 'E9', [], 'noCounterpart'],
    ['is not led astray by a member of every object', '__proto__', [], 'noCounterpart'],
  ]
  for (const [name, id, mapped, lost] of cases) {
    test(name, () => {
      const answer = mapIn(crosswalk, [id])
      assert.deepEqual(
        answer.mapped.map(({ to, relation }) => `${to} ${relation}`),
        mapped,
      )
      const losses = answer.lost.map(({ why, candidates }) => [why, ...candidates].join(' '))
      assert.deepEqual(losses, lost === '' ? [] : [lost])
    })
  }
})

test('a term given twice is mapped once', () => {
  assert.equal(mapOut(crosswalk, ['bias', 'bias']).mapped.length, 1)
  assert.equal(mapIn(crosswalk, ['E9', 'E9']).lost.length, 1)
})

test('what is never mapped is listed for both ways', () => {
  const { out, in: into } = neverMapped(crosswalk, ['bias', 'toxic', 'drift', 'false', 'scope'])
  assert.deepEqual(out, ['false', 'scope'])
  assert.deepEqual(into, ['E4', 'E8'])
})
