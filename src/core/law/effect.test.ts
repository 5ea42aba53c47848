import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { lawFolder, type Zedland } from '../../../test/support/invented-law.ts'
import { libraryHolidays, loadLaw } from '../../adapters/law-packs.ts'
import { instant } from '../../base/time.ts'
import type { ClockEvent } from './clock-events.ts'
import { comparePacks, type LawInputs } from './effect.ts'
import { packRef } from './pack.ts'
import { versionsOf } from './pack-versions.ts'
import type { SignOffs } from './sign-off.ts'

const NOW = instant('2026-11-03T09:00:00.000Z')
/** Monday, noon in Brussels. */
const AWARE: ClockEvent = {
  event: 'aware',
  clock: null,
  at: instant('2026-11-02T11:00:00.000Z'),
  zone: 'Europe/Brussels',
  evidence: 'a letter',
}
const INPUTS: LawInputs = {
  facts: { offeredIn: ['ZZ'] },
  events: [AWARE],
  clocks: ['zz.act/report'],
  isAssessed: true,
}

const OLD: Zedland = { version: '0.1.0', validFrom: '2026-01-01' }

function effects(
  t: TestContext,
  newer: Partial<Zedland>,
  inputs = INPUTS,
  older: Partial<Zedland> = {},
) {
  const zz = { version: '0.2.0', validFrom: '2026-06-01', replaces: '0.1.0', ...newer }
  const { versions } = loadLaw(lawFolder(t, { zz, 'zz/versions/0.1.0': { ...OLD, ...older } }))
  const [a, b] = versionsOf(versions, 'law.zz')
  assert.ok(a && b)
  const { id: pack, version, digest } = packRef(a)
  const signOffs: SignOffs = {
    signOffs: ['ada', 'ben'].map((officer) => ({
      ...{ pack, version, digest, officer, simulated: false },
    })),
  }
  const holidaysOf = libraryHolidays()
  return comparePacks({ older: a, newer: b, signOffs, holidaysOf, now: NOW }).effectOn(inputs)
}

// Counted by hand: the day of the event does not count, so 15 days from 2 November end
// with the 17th, and the first moment that is too late is midnight after it.
const FIFTEEN = '2026-11-18T00:00:00+01:00[Europe/Brussels]'
const TEN = '2026-11-13T00:00:00+01:00[Europe/Brussels]'
const TWENTY = '2026-11-23T00:00:00+01:00[Europe/Brussels]'

test('a version that says the same changes nothing', (t) => {
  assert.deepEqual(effects(t, {}), [])
})

test('a shorter period is due earlier, a longer one later, with both dates', (t) => {
  const [earlier, ...none] = effects(t, { days: 10 })
  assert.deepEqual(none, [])
  assert.ok(earlier?.kind === 'earlier')
  assert.deepEqual([earlier.before?.state, earlier.before?.strictDue], ['due', FIFTEEN])
  assert.deepEqual([earlier.after?.state, earlier.after?.strictDue], ['due', TEN])
  const [later] = effects(t, { days: 20 })
  assert.ok(later?.kind === 'later')
  assert.equal(later.after?.strictDue, TWENTY)
})

test('another mark changes the state and no date; the sign-offs of the older one count', (t) => {
  const [found] = effects(t, { evidence: 'S' })
  assert.ok(found?.kind === 'newState')
  assert.deepEqual(
    [found.before?.state, found.after?.state, found.after?.strictDue],
    ['due', 'confirm', FIFTEEN],
  )
})

test('a clock that is gone, and one that is new and has begun', (t) => {
  const found = effects(t, { days: 0, hours: 72 })
  assert.deepEqual(
    found.map((each) => [each.kind, 'clock' in each ? each.clock : '']),
    [
      ['clockGone', 'zz.act/report'],
      ['newClock', 'zz.act/warning'],
    ],
  )
})

test('a new clock whose start is not recorded, or a clock of another case, is no change', (t) => {
  assert.deepEqual(effects(t, { hours: 72 }, { ...INPUTS, events: [] }), [])
  assert.deepEqual(
    effects(t, { days: 10 }, { ...INPUTS, clocks: ['yy.act/report'], events: [] }),
    [],
  )
})

test('competence is compared authority by authority, if it was assessed', (t) => {
  const competentWhen = '{ all: [{ fact: offeredIn, here: true }, { fact: isLarge, is: true }] }'
  const open = effects(t, { competentWhen })
  assert.deepEqual(open, [
    {
      kind: 'competence',
      instrument: 'zz.act',
      authority: 'zz.office',
      before: 'yes',
      after: 'open',
    },
  ])
  const facts = { offeredIn: ['ZZ'], isLarge: false }
  assert.deepEqual(
    effects(t, { competentWhen }, { ...INPUTS, facts }).map(
      (each) => 'authority' in each && each.after,
    ),
    ['no'],
  )
  assert.deepEqual(effects(t, { competentWhen }, { ...INPUTS, isAssessed: false }), [])
  const elsewhere = { ...INPUTS, facts: { offeredIn: ['YY'], isLarge: false } }
  assert.deepEqual(effects(t, { competentWhen }, elsewhere), [])
})
