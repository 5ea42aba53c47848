import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isKnownFinding, type KnownFinding } from './finding.ts'

const ORIGIN = 'authority.example/ledger'

const many = (finding: KnownFinding['finding']): KnownFinding[] =>
  Array.from({ length: 100 }, (_, i) => ({ origin: ORIGIN, finding, marks: [`${finding} ${i}`] }))

test('what was found of one kind leaves room for the other', () => {
  const equivocation = { origin: ORIGIN, finding: 'equivocation', marks: ['two roots'] } as const
  const wrongTile = { origin: ORIGIN, finding: 'wrongTile', marks: ['a tile'] } as const
  assert.ok(!isKnownFinding(many('wrongEntries'), equivocation))
  assert.ok(!isKnownFinding(many('equivocation'), wrongTile))
  assert.ok(isKnownFinding(many('unconnected'), equivocation), 'it is convicted often enough')
  assert.ok(isKnownFinding(many('wrongEntries'), wrongTile))
})
