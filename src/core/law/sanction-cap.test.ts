/** Every worked example of a cap, by hand; what cannot be computed; what can never happen. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { basis, isTrue, packWith, tier } from '../../../test/support/law-sanctions.ts'
import type { CalendarDate } from '../../base/time.ts'
import { decimalText, moneyFrom } from './money.ts'
import type { Instrument } from './pack.ts'
import {
  ceilingOf,
  findTier,
  type SanctionCap,
  type SanctionQuestion,
  sanctionCap,
} from './sanction-cap.ts'
import type { SanctionTier } from './sanction-tier.ts'

const ON = '2026-11-22' as CalendarDate
const NOTHING: SanctionQuestion = {
  turnover: null,
  benefit: null,
  violations: null,
  days: null,
  facts: {},
  is: [],
  on: ON,
}

type Told = Partial<Omit<SanctionQuestion, 'turnover' | 'benefit'>> & {
  readonly turnover?: string
  readonly benefit?: string
}

function asked(told: Told): SanctionQuestion {
  const money = (text: string | undefined, field: string) => {
    const [amount = '', currency = ''] = (text ?? '').split(' ')
    return text === undefined ? null : moneyFrom(amount, currency, field)
  }
  const { turnover, benefit, ...rest } = told
  const amounts = { turnover: money(turnover, 'turnover'), benefit: money(benefit, 'benefit') }
  return { ...NOTHING, ...rest, ...amounts }
}

function decide(
  tiers: readonly SanctionTier[],
  id: string,
  told: Told,
  change: Partial<Instrument> = {},
) {
  const { pack } = packWith(tiers, change)
  const found = findTier(pack, `xx.act/${id}`)
  assert.ok(found)
  return sanctionCap(pack, found, asked(told), true)
}

function cap(
  tiers: readonly SanctionTier[],
  id: string,
  told: Told,
  change: Partial<Instrument> = {},
): SanctionCap {
  const decided = decide(tiers, id, told, change)
  assert.equal(decided.decision, 'permit', JSON.stringify(decided.because))
  if (decided.decision !== 'permit') throw new Error('unreachable')
  return decided.value
}

/** `24000000.00 EUR`, `240000.00 to 600000.00 USD`, `1.00 or 2.00 CNY`, or the state. */
function shown({ state, minimum, maximum, alternatives }: SanctionCap): string {
  if (alternatives.length > 0) {
    return `${alternatives.map(decimalText).join(' or ')} ${alternatives[0]?.currency}`
  }
  if (maximum === null) return state
  const low = minimum === null ? '' : `${decimalText(minimum)} to `
  return `${low}${decimalText(maximum)} ${maximum.currency}`
}

const AI_ACT = [
  tier('t1', 'higher_of', { fixed: [35_000_000], percent: 7 }),
  tier('t2', 'higher_of', { fixed: [15_000_000], percent: 3 }),
  tier('t3', 'higher_of', { fixed: [7_500_000], percent: 1 }),
  tier('sme', 'lower_of', {
    persons: 'sme',
    modifies: ['xx.act/t1', 'xx.act/t2', 'xx.act/t3'],
    basis: basis('99(6)'),
  }),
  tier('smc', 'lower_of', {
    persons: 'small_mid_cap',
    modifies: ['xx.act/t2', 'xx.act/t3'],
    basis: basis('99(6a)'),
  }),
  tier('bodies', 'fixed_cap', { fixed: [1_500_000, 750_000], persons: 'public_body' }),
]
const KR = { currency: 'KRW', base: 'total_sales' } as const
const AU = [
  tier('serious', 'greatest_of_three', {
    fixed: [50_000_000],
    currency: 'AUD',
    percent: 30,
    base: 'adjusted_turnover_breach_period',
    benefitTimes: 3,
    percentWhen: isTrue('benefitCannotBeDetermined'),
  }),
  tier('person', 'fixed_cap', {
    fixed: [2_500_000],
    currency: 'AUD',
    persons: 'natural_person',
    modifies: ['xx.act/serious'],
  }),
]
const LGPD = [tier('simple', 'lower_of', { fixed: [50_000_000], currency: 'BRL', percent: 2 })]
const DSA = [
  tier('main', 'pct_only', { percent: 6 }),
  tier('periodic', 'per_day', { percent: 5, base: 'average_daily_worldwide', dayDivisor: 365 }),
]
const PIPA = [tier('std', 'pct_only', { ...KR, fixed: [2_000_000_000], percent: 3 })]
const TRAIGA = [
  tier('uncurable', 'fixed_range', { fixed: [80_000, 200_000], currency: 'USD' }),
  tier('continuing', 'per_day', { fixed: [2000, 40_000], currency: 'USD' }),
]
const SB53 = [tier('main', 'per_violation', { fixed: [1_000_000], currency: 'USD' })]
const SG = [
  tier('main', 'higher_of', {
    fixed: [1_000_000],
    currency: 'SGD',
    percent: 10,
    base: 'domestic_annual_turnover',
    above: 10_000_000,
  }),
]
const PIPL = [
  tier('serious', 'higher_of', {
    fixed: [50_000_000],
    currency: 'CNY',
    percent: 5,
    base: 'prev_year_turnover',
    isAlternative: true,
  }),
]
const is = (...kinds: SanctionQuestion['is']) => ({ is: kinds })
const undetermined = { facts: { benefitCannotBeDetermined: true } }

type Row = readonly [
  law: string,
  tiers: readonly SanctionTier[],
  id: string,
  told: Told,
  expected: string,
]

/** Expected values: the reference's worked examples, and pencil and paper. */
const ROWS: readonly Row[] = [
  ['AI Act 99(4)', AI_ACT, 't2', { turnover: '800000000 EUR' }, '24000000.00 EUR'],
  ['AI Act 99(4)', AI_ACT, 't2', { turnover: '300000000 EUR' }, '15000000.00 EUR'],
  ['AI Act 99(4), equal', AI_ACT, 't2', { turnover: '500000000 EUR' }, '15000000.00 EUR'],
  ['AI Act 99(4), above', AI_ACT, 't2', { turnover: '500000000.34 EUR' }, '15000000.01 EUR'],
  ['AI Act 99(3)', AI_ACT, 't1', { turnover: '1000000000 EUR' }, '70000000.00 EUR'],
  ['AI Act 99(5)', AI_ACT, 't3', { turnover: '0 EUR' }, '7500000.00 EUR'],
  ['AI Act 99(6)', AI_ACT, 't2', { turnover: '8000000 EUR', ...is('sme') }, '240000.00 EUR'],
  ['AI Act 99(6)', AI_ACT, 't1', { turnover: '8000000 EUR', ...is('sme') }, '560000.00 EUR'],
  [
    'AI Act 99(6a)',
    AI_ACT,
    't2',
    { turnover: '200000000 EUR', ...is('small_mid_cap') },
    '6000000.00 EUR',
  ],
  [
    'AI Act 99(6a), not article 5',
    AI_ACT,
    't1',
    { turnover: '200000000 EUR', ...is('small_mid_cap') },
    '35000000.00 EUR',
  ],
  ['AI Act 99(4), unknown', AI_ACT, 't2', {}, 'formula'],
  ['AI Act 100', AI_ACT, 'bodies', {}, '1500000.00 or 750000.00 EUR'],
  ['AI Act 99(6)', AI_ACT, 'sme', { turnover: '8000000 EUR' }, 'modifier'],
  ['LGPD 52 II', LGPD, 'simple', { turnover: '4000000000 BRL' }, '50000000.00 BRL'],
  ['LGPD 52 II', LGPD, 'simple', { turnover: '1000000000 BRL' }, '20000000.00 BRL'],
  ['LGPD 52 II, unknown', LGPD, 'simple', {}, 'formula'],
  ['DSA 52(3)', DSA, 'main', { turnover: '2000000000 EUR' }, '120000000.00 EUR'],
  ['DSA 52(3), rounded', DSA, 'main', { turnover: '0.99 EUR' }, '0.05 EUR'],
  ['DSA 52(4)', DSA, 'periodic', { turnover: '3650000000 EUR' }, '500000.00 EUR'],
  ['DSA 52(4)', DSA, 'periodic', { turnover: '3650000000 EUR', days: 20 }, '10000000.00 EUR'],
  ['DSA 52(4), rounded', DSA, 'periodic', { turnover: '1000 EUR', days: 3 }, '0.39 EUR'],
  ['DSA 52(4), unknown', DSA, 'periodic', { days: 20 }, 'formula'],
  ['PIPA 64-2', PIPA, 'std', { turnover: '900000000000 KRW' }, '27000000000 KRW'],
  ['PIPA 64-2, whole won', PIPA, 'std', { turnover: '99 KRW' }, '2 KRW'],
  ['PIPA 64-2, unknown', PIPA, 'std', {}, 'formula'],
  [
    'Korea AI 43(1)',
    [tier('admin', 'fixed_cap', { ...KR, fixed: [30_000_000] })],
    'admin',
    {},
    '30000000 KRW',
  ],
  [
    'APPI',
    [tier('order', 'fixed_cap', { fixed: [100_000_000], currency: 'JPY' })],
    'order',
    { violations: 2 },
    '100000000 JPY',
  ],
  ['TRAIGA (a)(2)', TRAIGA, 'uncurable', { violations: 3 }, '240000.00 to 600000.00 USD'],
  ['TRAIGA (a)(2)', TRAIGA, 'uncurable', {}, '80000.00 to 200000.00 USD'],
  ['TRAIGA (a)(3)', TRAIGA, 'continuing', { days: 10 }, '20000.00 to 400000.00 USD'],
  ['SB 53', SB53, 'main', { violations: 4 }, '4000000.00 USD'],
  ['SB 53', SB53, 'main', { violations: 0 }, '0.00 USD'],
  [
    'Take It Down',
    [tier('civil', 'per_violation', { fixed: [53_088], currency: 'USD' })],
    'civil',
    { violations: 1 },
    '53088.00 USD',
  ],
  ['AU 13G, benefit', AU, 'serious', { benefit: '30000000 AUD' }, '90000000.00 AUD'],
  ['AU 13G, small benefit', AU, 'serious', { benefit: '1000000 AUD' }, '50000000.00 AUD'],
  [
    'AU 13G, benefit known: no percentage',
    AU,
    'serious',
    { benefit: '30000000 AUD', turnover: '400000000 AUD' },
    '90000000.00 AUD',
  ],
  [
    'AU 13G, benefit not determined',
    AU,
    'serious',
    { turnover: '400000000 AUD', ...undetermined },
    '120000000.00 AUD',
  ],
  ['AU 13G, not determined, no turnover', AU, 'serious', undetermined, 'formula'],
  ['AU 13G, open', AU, 'serious', { turnover: '400000000 AUD' }, 'open'],
  ['AU 13G, person', AU, 'serious', is('natural_person'), '2500000.00 AUD'],
  ['SG 48J', SG, 'main', { turnover: '25000000 SGD' }, '2500000.00 SGD'],
  ['SG 48J', SG, 'main', { turnover: '8000000 SGD' }, '1000000.00 SGD'],
  ['SG 48J, exactly ten million', SG, 'main', { turnover: '10000000 SGD' }, '1000000.00 SGD'],
  ['SG 48J, unknown', SG, 'main', {}, 'formula'],
  ['PIPL 66', PIPL, 'serious', { turnover: '2000000000 CNY' }, '50000000.00 or 100000000.00 CNY'],
  ['PIPL 66, unknown', PIPL, 'serious', {}, 'formula'],
  [
    'CRA 64(2), 2.5 %',
    [tier('main', 'higher_of', { fixed: [15_000_000], percent: 2.5 })],
    'main',
    { turnover: '1000000000 EUR' },
    '25000000.00 EUR',
  ],
  [
    'NIS2 34(5), 1.4 %',
    [tier('important', 'higher_of', { fixed: [7_000_000], percent: 1.4, isFloorOfCap: true })],
    'important',
    { turnover: '1000000000 EUR' },
    '14000000.00 EUR',
  ],
]

for (const [law, tiers, id, told, expected] of ROWS) {
  test(`${law}: ${expected}`, () => assert.equal(shown(cap(tiers, id, told)), expected))
}

test('the steps can be done again by hand, and say where the law says so', () => {
  const { steps, rule, base } = cap(AI_ACT, 't2', { turnover: '8000000 EUR', ...is('sme') })
  assert.deepEqual(steps, [
    {
      rule: 'modifier',
      text: 'For small and medium-sized enterprises xx.act/sme replaces the rule: the lower of EUR 15,000,000 and 3 % of the worldwide annual turnover of the financial year before.',
      article: '99(6)',
    },
    { rule: 'amount', text: 'The amount in the law is EUR 15,000,000.', article: '9' },
    {
      rule: 'turnover',
      text: 'The turnover as told is EUR 8,000,000; what counts is the worldwide annual turnover of the financial year before.',
      article: '9',
    },
    { rule: 'percentage', text: '3 % of EUR 8,000,000 is EUR 240,000.', article: '9' },
    { rule: 'choice', text: 'The lower is EUR 240,000.', article: '9' },
  ])
  assert.equal(rule, 'lower_of')
  assert.equal(base?.base, 'worldwide_prev_fy')
})

test('what is cut off is said', () => {
  const { steps } = cap(DSA, 'periodic', { turnover: '1000 EUR', days: 3 })
  assert.deepEqual(
    steps.map(({ text }) => text),
    [
      'The turnover as told is EUR 1,000; what counts is the average daily worldwide turnover.',
      'A day of it is EUR 1,000 / 365 = EUR 2.73, rounded down to the minor unit (EUR 0.01); the 365 days are a convention of the pack.',
      '5 % of EUR 1,000 / 365 is EUR 0.13, rounded down to the minor unit (EUR 0.01).',
      'Times 3 days: EUR 0.39.',
    ],
  )
})

test('without a turnover there is the formula, and what is certain already', () => {
  const amount = { minor: 1_500_000_000n, currency: 'EUR' }
  const higher = cap(AI_ACT, 't2', {})
  assert.equal(
    higher.formula,
    'the higher of EUR 15,000,000 and 3 % of the worldwide annual turnover of the financial year before',
  )
  assert.deepEqual(higher.certain, { maximumIs: 'at_least', amount })
  const lower = cap(AI_ACT, 't2', is('sme'))
  assert.deepEqual(lower.certain, { maximumIs: 'at_most', amount })
  assert.match(cap(PIPA, 'std', {}).formula, /KRW 2,000,000,000 where that cannot be determined$/)
  assert.equal(cap(DSA, 'main', {}).certain, null)
})

test('an unknown fact that decides gives the question; one that cannot decide does not', () => {
  const { missing, certain } = cap(AU, 'serious', { turnover: '400000000 AUD' })
  assert.deepEqual(missing, ['benefitCannotBeDetermined'])
  assert.equal(certain?.maximumIs, 'at_least')
  const when = isTrue('salesCanBeDetermined')
  const conditional = [tier('c', 'higher_of', { fixed: [10], percent: 1, percentWhen: when })]
  assert.equal(shown(cap(conditional, 'c', { turnover: '1000 EUR' })), '10.00 EUR')
  assert.equal(shown(cap(conditional, 'c', { turnover: '1001 EUR' })), 'open')
  const facts = { salesCanBeDetermined: false }
  assert.equal(shown(cap(conditional, 'c', { turnover: '1001 EUR', facts })), '10.00 EUR')
})

test('where sales cannot be determined, the amount in the law stands in for them', () => {
  const percentWhen = isTrue('salesKnown')
  const tiers = [
    tier('std', 'pct_only', { ...KR, fixed: [2_000_000_000], percent: 3, percentWhen }),
  ]
  const facts = { salesKnown: false }
  assert.equal(shown(cap(tiers, 'std', { facts })), '2000000000 KRW')
  assert.equal(shown(cap(tiers, 'std', {})), 'open')
  assert.equal(shown(cap(tiers, 'std', { turnover: '900000000000 KRW' })), '27000000000 KRW')
})

test('a turnover in another currency is a lawful no; a tier that reads none does not care', () => {
  const refused = decide(AI_ACT, 't2', { turnover: '800000000 USD' })
  assert.equal(refused.decision === 'refuse' && refused.why, 'currencyDiffers')
  assert.match(refused.because[0]?.text ?? '', /in EUR; what was told is in USD/)
  assert.equal(decide(AU, 'serious', { benefit: '5 EUR' }).decision, 'refuse')
  assert.equal(shown(cap(SB53, 'main', { turnover: '5 EUR' })), '1000000.00 USD')
  assert.equal(shown(cap(DSA, 'main', { turnover: '100 USD' })), '6.00 USD')
})

test('facts outside a tier are a lawful no; facts that leave it open are asked for', () => {
  const tiers = [tier('t', 'fixed_cap', { fixed: [5], when: isTrue('repeated') })]
  const refused = decide(tiers, 't', { facts: { repeated: false } })
  assert.equal(refused.decision === 'refuse' && refused.why, 'doesNotApply')
  const open = cap(tiers, 't', {})
  assert.deepEqual([shown(open), open.missing], ['5.00 EUR', ['repeated']])
  assert.deepEqual(cap(tiers, 't', { facts: { repeated: true } }).missing, [])
})

test('a modifier by itself shows what it makes of the tiers that it changes', () => {
  const { changed, formula } = cap(AI_ACT, 'sme', { turnover: '8000000 EUR' })
  assert.deepEqual(changed.map(shown), ['560000.00 EUR', '240000.00 EUR', '80000.00 EUR'])
  assert.match(formula, /^in place of the rule of xx\.act\/t1, xx\.act\/t2, xx\.act\/t3/)
  assert.deepEqual(cap(AI_ACT, 't1', is('sme')).modifiers, [
    { tier: 'xx.act/sme', persons: 'sme', applied: true },
  ])
})

test('the ceiling is the maximum, or the highest of those that stand side by side', () => {
  const minor = (c: SanctionCap) => ceilingOf(c)?.minor ?? null
  assert.equal(minor(cap(PIPL, 'serious', { turnover: '2000000000 CNY' })), 10_000_000_000n)
  assert.equal(minor(cap(TRAIGA, 'uncurable', {})), 20_000_000n)
  assert.equal(minor(cap(AI_ACT, 't2', {})), null)
})

const later = { date: '2027-01-01' as CalendarDate, basis: basis('12') }
const STANDINGS: readonly (readonly [
  string,
  SanctionTier,
  Partial<Instrument>,
  SanctionCap['standing'],
])[] = [
  ['read and in force', tier('t', 'fixed_cap', { fixed: [1] }), {}, 'binding'],
  ['secondary', tier('t', 'fixed_cap', { fixed: [1], basis: basis('9', 'S') }), {}, 'confirm'],
  ['recalled', tier('t', 'fixed_cap', { fixed: [1], basis: basis('9', 'R') }), {}, 'advisory'],
  ['not binding', tier('t', 'fixed_cap', { fixed: [1], isBinding: false }), {}, 'advisory'],
  ['a bill', tier('t', 'fixed_cap', { fixed: [1] }), { status: 'bill_pending' }, 'advisory'],
  ['repealed', tier('t', 'fixed_cap', { fixed: [1] }), { status: 'repealed' }, 'advisory'],
  ['later', tier('t', 'fixed_cap', { fixed: [1], appliesFrom: later }), {}, 'not_yet_applicable'],
  [
    'enacted for the future',
    tier('t', 'fixed_cap', { fixed: [1] }),
    { status: 'enacted_future' },
    'not_yet_applicable',
  ],
  [
    'pre-empted',
    tier('t', 'fixed_cap', { fixed: [1] }),
    { preemptionRisk: { level: 'enacted', switchOffFrom: null, note: 'federal law' } },
    'advisory',
  ],
]

for (const [name, one, change, expected] of STANDINGS) {
  test(`standing: ${name} is ${expected}`, () => {
    assert.equal(cap([one], 't', {}, change).standing, expected)
  })
}

test('a maximum binds only when the pack was signed off, and once the day has come', () => {
  const { pack } = packWith([tier('t', 'fixed_cap', { fixed: [1], appliesFrom: later })])
  const found = findTier(pack, 'xx.act/t')
  assert.ok(found)
  const standing = (on: string, isSigned: boolean) => {
    const decided = sanctionCap(pack, found, { ...NOTHING, on: on as CalendarDate }, isSigned)
    return decided.decision === 'permit' && decided.value.standing
  }
  assert.equal(standing('2026-12-31', true), 'not_yet_applicable')
  assert.equal(standing('2027-01-01', true), 'binding')
  assert.equal(standing('2027-01-01', false), 'confirm')
})

test('a modifier that was only recalled makes the whole answer advisory', () => {
  const tiers = [
    tier('t', 'higher_of', { fixed: [10], percent: 1 }),
    tier('sme', 'lower_of', { persons: 'sme', modifies: ['xx.act/t'], basis: basis('9', 'R') }),
  ]
  assert.equal(cap(tiers, 't', {}).evidence, 'P')
  assert.equal(cap(tiers, 't', is('sme')).evidence, 'R')
  assert.equal(cap(tiers, 't', is('sme')).standing, 'advisory')
})

test('a national maximum of at least: said to be a floor', () => {
  const tiers = [tier('t', 'higher_of', { fixed: [7_000_000], percent: 1.4, isFloorOfCap: true })]
  const { isFloorOfCap, steps } = cap(tiers, 't', { turnover: '1 EUR' })
  assert.equal(isFloorOfCap, true)
  assert.match(steps.at(-1)?.text ?? '', /national law may go higher; this is the least maximum/i)
})

const amounts = fc.bigInt({ min: 0n, max: 10n ** 17n })
const rules = fc.constantFrom('higher_of', 'lower_of', 'pct_only', 'per_day')
const anyTier = fc
  .record({
    rule: rules,
    fixed: fc.integer({ min: 1, max: 10 ** 9 }),
    points: fc.integer({ min: 1, max: 10_000 }),
  })
  .map(({ rule, fixed, points }) =>
    tier('t', rule as SanctionTier['cap'], {
      currency: 'EUR',
      fixed: rule === 'higher_of' || rule === 'lower_of' ? [fixed] : [],
      percent: points / 100,
      dayDivisor: 365,
    }),
  )

const minorOf = (tiers: readonly SanctionTier[], minor: bigint, told: Told = {}): bigint => {
  const { pack } = packWith(tiers)
  const found = findTier(pack, 'xx.act/t')
  assert.ok(found)
  const turnover = { minor, currency: 'EUR' }
  const decided = sanctionCap(pack, found, { ...asked(told), turnover }, true)
  assert.equal(decided.decision, 'permit')
  return (decided.decision === 'permit' && decided.value.maximum?.minor) || 0n
}

test('more turnover never lowers a maximum', () => {
  fc.assert(
    fc.property(anyTier, amounts, amounts, (one, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a]
      assert.ok(minorOf([one], low) <= minorOf([one], high))
    }),
  )
})

test('a small enterprise never risks more than others', () => {
  const sme = tier('sme', 'lower_of', { persons: 'sme', modifies: ['xx.act/t'] })
  fc.assert(
    fc.property(anyTier, amounts, (one, turnover) => {
      if (one.cap !== 'higher_of') return
      const tiers = [one, sme]
      assert.ok(minorOf(tiers, turnover, is('sme')) <= minorOf(tiers, turnover))
    }),
  )
})

test('minor units are exact where floating point is not', () => {
  const share = [tier('t', 'pct_only', { percent: 7 })]
  // 7 % of 10^15 + 0.07 euro, by hand: 70,000,000,000,000.0049 -> the cent below.
  assert.equal(minorOf(share, 10n ** 17n + 7n), 7_000_000_000_000_000n)
  // 1.4 % of 999,999,999,999,999.99: 13,999,999,999,999.99986 -> .99
  assert.equal(
    minorOf([tier('t', 'pct_only', { percent: 1.4 })], 10n ** 17n - 1n),
    1_399_999_999_999_999n,
  )
})

test('a maximum never grows by counting fewer violations or days', () => {
  const count = fc.integer({ min: 0, max: 1_000_000 })
  fc.assert(
    fc.property(count, count, (a, b) => {
      const of = (violations: number) => ceilingOf(cap(TRAIGA, 'uncurable', { violations }))
      assert.equal((of(a)?.minor ?? 0n) <= (of(b)?.minor ?? 0n), a <= b)
    }),
  )
})
