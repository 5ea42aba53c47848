import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CalendarDate } from '../../base/time.ts'
import { applyOverlay, holdsFor, type LawOverlay } from './overlay.ts'
import type { Basis, LawPack } from './pack.ts'

const basis = { article: '1', source: 'an invented act', evidence: 'P' } as Basis
const date = (text: string) => text as CalendarDate

const pack = {
  id: 'law.xx',
  version: '2.0.0',
  status: 'authoritative',
  name: 'Order',
  validFrom: date('2027-01-01'),
  members: ['AA', 'BB'],
  questions: { deathOfPerson: 'Did a person die?' },
  calendar: {
    places: [
      { zone: 'Europe/Paris', holidays: 'FR' },
      { zone: 'Europe/Brussels', holidays: 'BE' },
    ],
    weekend: [6, 7],
    corrections: [],
  },
  instruments: [],
  digest: 'old',
} as unknown as LawPack

const overlay = {
  id: 'law.xx.bb',
  pack: 'law.xx',
  code: 'BB',
  name: 'State B',
  version: '1.2.3',
  status: 'reviewed',
  validFrom: date('2026-01-01'),
  validTo: date('2028-01-01'),
  languages: ['fr'],
  questions: { ownFact: 'Own?' },
  calendar: {
    place: { zone: 'Europe/Brussels', holidays: 'BB', like: 'BE' },
    weekend: [5, 6],
    corrections: [],
    basis,
  },
  designations: [],
  instruments: [],
} as unknown as LawOverlay

test('both versions and the new digest are named, and the weaker status counts', () => {
  const laid = applyOverlay(pack, overlay, 'new')
  assert.equal(laid.version, '2.0.0+bb.1.2.3')
  assert.equal(laid.digest, 'new')
  assert.equal(laid.status, 'reviewed')
  assert.equal(applyOverlay({ ...pack, status: 'draft' }, overlay, 'new').status, 'draft')
  assert.deepEqual(laid.members, ['AA', 'BB'])
  assert.deepEqual(Object.keys(laid.questions), ['deathOfPerson', 'ownFact'])
})

test('its own place comes first and is the only one in its zone; its weekend counts', () => {
  const { places, weekend } = applyOverlay(pack, overlay, 'new').calendar
  assert.deepEqual(
    places.map(({ holidays }) => holidays),
    ['BB', 'FR'],
  )
  assert.deepEqual(weekend, [5, 6])
})

test('the pack itself is left as it was', () => {
  const before = JSON.stringify(pack)
  applyOverlay(pack, overlay, 'new')
  assert.equal(JSON.stringify(pack), before)
})

for (const [validFrom, holds] of [
  ['2025-12-31', false],
  ['2026-01-01', true],
  ['2027-12-31', true],
  ['2028-01-01', false],
] as const) {
  test(`a version that begins on ${validFrom}: ${holds ? 'laid over' : 'left alone'}`, () => {
    assert.equal(holdsFor(overlay, { ...pack, validFrom: date(validFrom) }), holds)
  })
}

test('an overlay of another pack holds for none', () => {
  assert.equal(holdsFor({ ...overlay, pack: 'law.yy' }, pack), false)
})
