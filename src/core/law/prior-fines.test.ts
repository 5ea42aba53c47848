/** What laws make of fines of others: bars, factors, and what is still open. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { basis, isTrue, packWith } from '../../../test/support/law-sanctions.ts'
import type { CalendarDate } from '../../base/time.ts'
import { shippedLaw } from '../../cli/law/shipped-law.ts'
import type { Facts } from './condition.ts'
import { type KnownFine, priorFines } from './prior-fines.ts'
import type { FiningBar, FiningFactors } from './sanction-tier.ts'

const fine: KnownFine = {
  fineId: 'f1',
  authority: 'solberg',
  isOwn: false,
  instrument: 'xx.act',
  state: 'imposed',
  sameInfringement: 'yes',
  sameConduct: 'yes',
  amountMinor: 100,
  currency: 'EUR',
  decidedOn: '2026-11-01' as CalendarDate,
  source: 'its letter',
}
const FACTORS: FiningFactors = {
  factors: ['gravity', 'prior_fines_same_infringement', 'prior_fines_same_conduct'],
  priorFines: ['prior_fines_same_infringement', 'prior_fines_same_conduct'],
  bars: [],
  basis: basis('99(7)'),
}
/** As NIS2 35(2): a data protection fine for the same conduct bars another. */
const CONDUCT_BAR: FiningBar = {
  id: 'data_protection_fine',
  trigger: 'fine',
  same: 'conduct',
  instrument: 'xx.data',
  when: null,
  text: 'no second fine for the same conduct',
  basis: basis('35(2)'),
}
/** As DSA 56(7): proceedings of one State stop the others, if there is no representative. */
const PROCEEDINGS_BAR: FiningBar = {
  id: 'one_proceeding',
  trigger: 'proceedings',
  same: 'infringement',
  instrument: null,
  when: isTrue('noRepresentative'),
  text: 'the others open no proceedings',
  basis: basis('56(7)'),
}

function found(
  fines: readonly Partial<KnownFine>[],
  {
    bars = [],
    facts = {},
    participants = [],
  }: { bars?: FiningBar[]; facts?: Facts; participants?: string[] } = {},
  fining: FiningFactors | null = { ...FACTORS, bars },
) {
  const { pack, instrument } = packWith([], { fining })
  const known = fines.map((change) => ({ ...fine, ...change }))
  return priorFines(pack, instrument, { fines: known, facts, participants })
}

type Found = ReturnType<typeof found>
const short = (findings: Found) =>
  findings.map(({ kind, effect, factors }) => [kind, effect, ...factors].join(' '))

const ROWS: readonly (readonly [string, Found, readonly string[]])[] = [
  ['same infringement', found([{}]), ['factor weigh prior_fines_same_infringement']],
  [
    'same conduct under other law',
    found([{ sameInfringement: 'no', instrument: 'xx.data' }]),
    ['factor weigh prior_fines_same_conduct'],
  ],
  ['another matter', found([{ sameInfringement: 'no', sameConduct: 'no' }]), []],
  [
    'nobody has said',
    found([{ sameInfringement: 'open', sameConduct: 'open' }]),
    ['relationOpen open'],
  ],
  [
    'nobody has said about the conduct',
    found([{ sameInfringement: 'no', sameConduct: 'open' }]),
    ['relationOpen open'],
  ],
  ['annulled', found([{ state: 'annulled' }]), []],
  ['none, as it said', found([{ state: 'none' }], { participants: ['solberg'] }), []],
  ['only proposed', found([{ state: 'proposed' }]), ['factor weigh prior_fines_same_infringement']],
  ['a law without a rule for it', found([{}], {}, null), ['sameWithoutRule weigh']],
  ['a participant that was not asked', found([], { participants: ['brena'] }), ['notAsked weigh']],
  [
    'a fine that bars',
    found([{ instrument: 'xx.data', sameInfringement: 'no' }], { bars: [CONDUCT_BAR] }),
    ['bar bars'],
  ],
  [
    'the same infringement is the same conduct',
    found([{ instrument: 'xx.data', sameConduct: 'open' }], { bars: [CONDUCT_BAR] }),
    ['bar bars'],
  ],
  [
    'only proposed: no bar yet',
    found([{ instrument: 'xx.data', state: 'proposed' }], { bars: [CONDUCT_BAR] }),
    ['factor weigh prior_fines_same_infringement'],
  ],
  [
    'under another law: no bar',
    found([{ instrument: 'xx.other' }], { bars: [CONDUCT_BAR] }),
    ['factor weigh prior_fines_same_infringement'],
  ],
  [
    'a bar, if it was the same conduct',
    found([{ instrument: 'xx.data', sameInfringement: 'no', sameConduct: 'open' }], {
      bars: [CONDUCT_BAR],
    }),
    ['relationOpen open'],
  ],
  [
    'a bar, if it was that law',
    found([{ instrument: null }], { bars: [CONDUCT_BAR] }),
    ['relationOpen open'],
  ],
  [
    'one’s own fine under the other law bars, too',
    found([{ isOwn: true, instrument: 'xx.data' }], { bars: [CONDUCT_BAR] }),
    ['bar bars'],
  ],
  [
    'one’s own proceedings are not another’s',
    found([{ isOwn: true, state: 'proceedings' }], {
      bars: [PROCEEDINGS_BAR],
      facts: { noRepresentative: true },
    }),
    ['factor weigh prior_fines_same_infringement'],
  ],
  [
    'proceedings that bar',
    found([{ state: 'proceedings' }], {
      bars: [PROCEEDINGS_BAR],
      facts: { noRepresentative: true },
    }),
    ['bar bars'],
  ],
  [
    'proceedings, and a fact that nobody told',
    found([{ state: 'proceedings' }], { bars: [PROCEEDINGS_BAR] }),
    ['factOpen open'],
  ],
  [
    'proceedings, and the law does not apply',
    found([{ state: 'proceedings' }], {
      bars: [PROCEEDINGS_BAR],
      facts: { noRepresentative: false },
    }),
    ['factor weigh prior_fines_same_infringement'],
  ],
]

for (const [name, findings, expected] of ROWS) {
  test(`${name}: ${expected.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(short(findings), expected)
  })
}

test('a finding says who, and cites the law that says so', () => {
  const [bar] = found([{ instrument: 'xx.data' }], { bars: [CONDUCT_BAR] })
  assert.match(bar?.because.text ?? '', /^solberg: no second fine/)
  assert.match(bar?.because.source ?? '', /35\(2\)/)
  const [open] = found([{ state: 'proceedings' }], { bars: [PROCEEDINGS_BAR] })
  assert.match(open?.because.text ?? '', /whether noRepresentative holds/)
})

test('the bars of the shipped packs: NIS2 35(2), DSA 56(4) and 56(7)', () => {
  const { packs } = shippedLaw()
  const known = { ...fine, sameInfringement: 'no' as const }
  const bars = (change: Partial<KnownFine>, facts: Facts = {}) =>
    packs
      .flatMap((pack) =>
        pack.instruments.flatMap((instrument) =>
          priorFines(pack, instrument, {
            fines: [{ ...known, ...change }],
            participants: [],
            facts,
          }),
        ),
      )
      .filter(({ effect }) => effect === 'bars')
      .map(
        ({ instrument, because }) =>
          `${instrument} ${/art\. (\S+)/.exec(because.source ?? '')?.[1]}`,
      )
  assert.deepEqual(bars({ instrument: 'eu.gdpr' }), ['eu.nis2 35(2)'])
  assert.deepEqual(bars({ instrument: 'eu.ai_act' }), [])
  const proceedings = {
    instrument: 'eu.dsa',
    state: 'proceedings',
    sameInfringement: 'yes',
  } as const
  assert.deepEqual(bars(proceedings, { noLegalRepresentative: true }), ['eu.dsa 56(7)'])
  const large = { noLegalRepresentative: false, inVeryLargePlatform: true }
  assert.deepEqual(bars(proceedings, { ...large, commissionProceedings: true }), ['eu.dsa 56(4)'])
  assert.deepEqual(bars(proceedings, { ...large, commissionProceedings: false }), [])
})
