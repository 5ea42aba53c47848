import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lawFolder, type Zedland } from '../../../test/support/invented-law.ts'
import { loadLawPacks } from '../../adapters/law-packs.ts'
import type { LawPack } from './pack.ts'
import { changeText, packChanges } from './pack-changes.ts'

const BASE: Zedland = { version: '0.1.0' }

function textsBetween(t: Parameters<typeof lawFolder>[0], older: Zedland, newer: Zedland) {
  const [a, b] = [older, newer].map((law) => loadLawPacks(lawFolder(t, { zz: law }))[0])
  assert.ok(a && b)
  return packChanges(a, b).map(changeText)
}

test('two copies of a pack differ by their digest at most', (t) => {
  assert.deepEqual(textsBetween(t, BASE, BASE), [])
})

for (const [name, newer, expected] of [
  [
    'a longer period',
    { days: 20 },
    ['clock zz.act/report is changed: period was 15 calendar days, is 20 calendar days.'],
  ],
  [
    'another mark',
    { evidence: 'S' },
    ['clock zz.act/report is changed: basis evidence was P, is S.'],
  ],
  ['a clock that is gone', { days: 0 }, ['clock zz.act/report is gone.']],
  [
    'a narrower competence',
    { competentWhen: '{ all: [{ fact: offeredIn, here: true }, { fact: isLarge, is: true }] }' },
    [
      'rule of competence zz.act/office is changed: when was offered in is in this legal order, is (offered in is in this legal order) and (is large is yes).',
    ],
  ],
] as const) {
  test(`a difference in plain words: ${name}`, (t) => {
    const texts = textsBetween(t, BASE, { ...BASE, ...newer })
    assert.deepEqual(texts, expected)
  })
}

test('a new clock is told with what it says; a new version says so itself', (t) => {
  const texts = textsBetween(t, BASE, { version: '0.2.0', hours: 72 })
  assert.equal(texts.length, 2)
  const [head = '', clock = ''] = texts
  assert.equal(head, 'pack law.zz is changed: version was 0.1.0, is 0.2.0.')
  assert.match(clock, /^clock zz\.act\/warning is new: /)
  assert.match(clock, /period: 72 hours/)
  assert.match(clock, /basis source: Invented Act \(nowhere\)/)
})

test('amounts of tiers, added instruments and entries with codes are compared, too', (t) => {
  const [pack] = loadLawPacks(lawFolder(t, { zz: BASE }))
  const [act] = pack?.instruments ?? []
  assert.ok(pack && act)
  const { basis } = act.clocks[0] as (typeof act.clocks)[number]
  const tier = (fixed: bigint) => ({ id: 'zz.act/t1', fixed: [fixed], currency: 'EUR', basis })
  const withTier = (fixed: bigint) =>
    ({ ...pack, instruments: [{ ...act, sanctions: [tier(fixed)] }] }) as unknown as LawPack
  assert.deepEqual(packChanges(withTier(100n), withTier(250n)).map(changeText), [
    'tier of sanctions zz.act/t1 is changed: fixed was 100, is 250.',
  ])
  const other = { ...act, id: 'zz.other' }
  const more = { ...pack, instruments: [act, other] } as LawPack
  assert.ok(
    packChanges(pack, more).some(
      ({ kind, change, id }) => kind === 'instrument' && change === 'added' && id === 'zz.other',
    ),
  )
  assert.ok(
    packChanges(more, pack).some(
      ({ kind, change, id }) => kind === 'instrument' && change === 'removed' && id === 'zz.other',
    ),
  )
})
