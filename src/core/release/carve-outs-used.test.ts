import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CarveOut, Clause } from '../agreement/clause.ts'
import type { Exhibit } from '../evidence/evidence.ts'
import { carveOutsUsed } from './carve-outs-used.ts'

const carveOut = (id: string, ground: CarveOut): Clause => ({
  ...{ id, text: 'a party may keep this back', kind: 'carveOut', ground },
})
const clauses = [
  carveOut('8.1', 'nationalSecurity'),
  carveOut('8.2', 'tradeSecret'),
  carveOut('8.3', 'ongoingInvestigation'),
  carveOut('8.4', 'officialSecret'),
]
const exhibit = (exhibitId: string, derivedFrom: string | null, ...grounds: string[]) =>
  ({
    ...{ exhibitId, derivedFrom },
    redactions: grounds.map((ground, part) => ({ part, reason: 'r', ground })),
  }) as unknown as Exhibit
const boxed = {
  ...exhibit('x5', 'x1'),
  transform: { boxes: [{ ground: 'tradeSecret' }, { ground: 'tradeSecret' }] },
} as unknown as Exhibit
const exhibits = [
  exhibit('x1', null),
  exhibit('x2', 'x1', 'nationalSecurity', 'thirdPerson', 'nationalSecurity'),
  exhibit('x3', 'x2', 'investigation'),
  exhibit('x4', 'x1', 'thirdPerson', 'privilege', 'other', 'officialSecret'),
  boxed,
  { ...exhibit('x6', null), redactions: [{ part: 0, reason: 'no code' }] } as unknown as Exhibit,
]

test('a release uses the carve-outs on whose grounds its copy hides something, each once', () => {
  const used = (exhibitId: string | undefined, given = clauses) =>
    carveOutsUsed({ clauses: given }, { exhibits }, exhibitId).map(({ clause }) => clause)
  assert.deepEqual(used('x2'), ['8.1'])
  assert.deepEqual(used('x3'), ['8.1', '8.3'], 'what its source hides it hides too')
  assert.deepEqual(used('x5'), ['8.2'])
  for (const exhibitId of ['x1', 'x4', 'x6', 'x9', undefined]) {
    assert.deepEqual(used(exhibitId), [], String(exhibitId))
  }
  assert.deepEqual(used('x2', []), [], 'an agreement without carve-outs has none to count')
})
