import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIERRA } from '../../test/support/ring.ts'
import { instant } from '../base/time.ts'
import { openProposal } from '../core/sealing/roster.ts'
import { todaysEvent, UPCASTERS, type Upcasters, versionedEvent } from './event-versions.ts'

/** As it was written before version 2 of its type. */
const OLD_PROPOSAL = {
  type: 'rosterProposed',
  proposalId: '01990000-0000-7000-8000-0000000000f1',
  entries: [],
  until: instant('2026-12-01T00:00:00.000Z'),
}

const PLANTED: Upcasters = new Map([
  [
    'planted',
    [
      ({ grade, ...rest }) => ({ ...rest, level: grade }),
      ({ level, ...rest }) => ({ ...rest, level: [level] }),
    ],
  ],
])

test('a roster proposal of the first version folds to one that names nobody it was made for', () => {
  const event = todaysEvent(OLD_PROPOSAL)
  assert.deepEqual(event, { ...OLD_PROPOSAL, inPlaceOf: null })
  const at = instant('2026-11-24T00:00:00.000Z')
  const open = openProposal([{ event: event as never, version: 1, at, by: 'pim' }])
  assert.equal(open?.inPlaceOf, null)
  const stoodIn = { ...OLD_PROPOSAL, inPlaceOf: SIERRA, eventVersion: 2 }
  assert.deepEqual(todaysEvent(stoodIn), { ...OLD_PROPOSAL, inPlaceOf: SIERRA })
})

test('a sign-off of the first version folds to one that excepts no clock', () => {
  const digest = 'ab'.repeat(32)
  const signOff = { pack: 'law.eu', version: '0.1.0', digest, officer: 'pim', simulated: false }
  const old = { type: 'lawPackSignedOff', ...signOff }
  assert.deepEqual(todaysEvent(old), { ...old, excepted: [] })
  const now = { ...old, excepted: ['eu.whistle/ack'] }
  const stored = { ...now, eventVersion: 2 }
  assert.deepEqual(todaysEvent(stored), now)
})

test('each version takes the steps that it lacks, and no other', () => {
  const today = { type: 'planted', level: [3], kept: 'x' }
  const stored = [
    { type: 'planted', grade: 3, kept: 'x' },
    { type: 'planted', level: 3, kept: 'x', eventVersion: 2 },
    { type: 'planted', level: [3], kept: 'x', eventVersion: 3 },
  ]
  for (const old of stored) {
    const before = structuredClone(old)
    assert.deepEqual(todaysEvent(old, PLANTED), today)
    assert.deepEqual(old, before, 'what was stored is not touched')
  }
})

test('what is written now is read back as it is, for every type of the table', () => {
  for (const upcasters of [UPCASTERS, PLANTED]) {
    for (const type of upcasters.keys()) {
      const event = { type, level: [1], inPlaceOf: 'x' }
      const stored = versionedEvent(event, upcasters)
      assert.notDeepEqual(stored, event)
      assert.deepEqual(todaysEvent(stored, upcasters), event)
    }
  }
  const plain = { type: 'caseOpened' }
  assert.equal(versionedEvent(plain), plain)
  assert.equal(todaysEvent(plain), plain)
})

for (const [name, eventVersion] of [
  ['one', 1],
  ['zero', 0],
  ['negative', -1],
  ['broken', 2.5],
  ['text', '2'],
  ['null', null],
  ['beyond whole numbers', 1e300],
] as const) {
  test(`a version that is none is refused: ${name}`, () => {
    for (const type of ['planted', 'caseOpened']) {
      const stored = { type, eventVersion }
      assert.throws(() => todaysEvent(stored, PLANTED), {
        code: 'malformed',
        field: 'eventVersion',
      })
    }
  })
}

test('an event of a later Comity is refused with what to do, never folded as if it were known', () => {
  for (const [type, eventVersion] of [
    ['planted', 4],
    ['caseOpened', 2],
    ['constructor', 2],
  ] as const) {
    const stored = { type, eventVersion }
    assert.throws(() => todaysEvent(stored, PLANTED), {
      code: 'malformed',
      reason: 'newer-event',
      message: /newer than this Comity: use a later one/,
    })
  }
})
