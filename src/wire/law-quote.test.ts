import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeriodUnit } from '../core/law/clock.ts'
import type { Basis } from '../core/law/pack.ts'
import type { SanctionTier } from '../core/law/sanction-tier.ts'
import { saysCount, saysPeriod, saysTier } from './law-quote.ts'

function basis(quote: string, numeral: string | null = null): Basis {
  return { quote, numeral } as Basis
}

type Row = readonly [
  count: number,
  unit: PeriodUnit,
  quote: string,
  says: boolean,
  numeral?: string,
]
// biome-ignore format: a table that a lawyer can read
const PERIODS: readonly Row[] = [
  [15, 'calendar_day', 'within 15 days of it', true],
  [15, 'calendar_day', 'within 15 calendar days of it', true],
  [15, 'calendar_day', 'within fifteen days of it', true],
  [15, 'calendar_day', 'within 15 working days of it', false],
  [15, 'calendar_day', 'within 150 days of it', false],
  [15, 'calendar_day', 'within 115 days of it', false],
  [15, 'working_day', 'within 15 calendar days of it', false],
  [24, 'hour', 'within twenty-four hours', true],
  [72, 'hour', 'within seventy-two hours', true],
  [60, 'calendar_day', 'within sixty days', true],
  [4, 'hour', 'within twenty-four hours', false],
  [2, 'hour', 'within seventy two hours', false],
  [5, 'calendar_day', 'within forty-five days', false],
  [20, 'calendar_day', 'within one hundred and twenty days', false],
  [5, 'month', 'after 2.5 months', false],
  [30, 'calendar_day', 'at most 30 calendar days', true, '30 calendar days'],
  [31, 'calendar_day', 'at most 30 calendar days', false, '30 calendar days'],
  [1, 'hour', '最迟不得超过1小时', true, '1小时'],
  [2, 'hour', '最迟不得超过1小时', false, '1小时'],
  [1, 'hour', '最迟不得超过11小时', false, '11小时'],
  [3, 'business_day', 'no prazo de três dias úteis', true, 'três dias úteis'],
  [4, 'hour', 'within seventy-four hours', false, 'seventy-four hours'],
  [60, 'calendar_day', 'before the 60th day after', true, '60th day'],
  [61, 'calendar_day', 'before the 60th day after', false, '60th day'],
]

for (const [count, unit, quote, says, numeral] of PERIODS) {
  test(`${count} ${unit} ${says ? 'stands' : 'does not stand'} in “${quote}”${numeral ? ` as “${numeral}”` : ''}`, () => {
    assert.equal(saysPeriod(basis(quote, numeral), { count, unit }), says)
  })
}

// biome-ignore format: a table that a lawyer can read
const TIERS: readonly (readonly [fixed: bigint | null, percent: number | null, quote: string, says: boolean])[] = [
  [5_000_000n, null, 'up to EUR 5 million', true],
  [5_000_000n, null, 'up to EUR 1.5 million', false],
  [5_000_000n, null, 'up to 2,5 million euro', false],
  [5_000_000n, null, 'up to twenty-five million euro', false],
  [25_000_000n, null, 'up to twenty-five million euro', true],
  [500n, null, 'up to EUR 2.500', false],
  [50_000_000n, null, 'a R$ 50.000.000,00 por infração', true],
  [50n, null, 'up to EUR 10.50', false],
  [null, 5, 'up to 5 % of its turnover', true],
  [null, 5, 'up to 2.5 % of its turnover', false],
  [null, 5, 'up to 15% of its turnover', false],
  [null, 5, 'up to twenty-five per cent of its turnover', false],
  [null, 2.5, 'up to 2,5 % of its turnover', true],
]

for (const [fixed, percent, quote, says] of TIERS) {
  test(`${fixed ?? `${percent} %`} ${says ? 'stands' : 'does not stand'} in “${quote}”`, () => {
    const tier = {
      fixed: fixed === null ? [] : [fixed * 100n],
      currency: 'EUR',
      basisPoints: percent === null ? null : percent * 100,
      percentAbove: null,
      benefitTimes: null,
    } as Partial<SanctionTier> as SanctionTier
    assert.equal(saysTier(basis(quote), tier), says)
  })
}

// biome-ignore format: a table that a lawyer can read
const COUNTS: readonly (readonly [count: number, quote: string, says: boolean])[] = [
  [500, 'the prescribed number of affected individuals is 500.', true],
  [501, 'the prescribed number of affected individuals is 500.', false],
  [50, 'more than fifty people', true],
  [5, 'more than fifty people', false],
  [45_000_000, 'equal to or higher than 45 million', true],
  [5_000_000, 'equal to or higher than 45 million', false],
  [1_000_000_000, 'more than one billion dollars in damage', true],
  [1_000_000, 'more than one billion dollars in damage', false],
  [100_000_000, '泄露1亿人以上公民个人信息', true],
  [10_000_000, '泄露1000万人以上公民个人信息', true],
  [1_000_000, '泄露1000万人以上公民个人信息', false],
  [10_000_000, '피해 규모가 1천만명 이상인 경우', true],
  [1000, '피해 규모가 1천만명 이상인 경우', false],
  [1000, '1천명 이상의 정보주체', true],
  [5, 'a limitation period of five years', true],
  [3, 'a limitation period of five years', false],
]

for (const [count, quote, says] of COUNTS) {
  test(`${count} ${says ? 'stands' : 'does not stand'} in “${quote}”`, () => {
    assert.equal(saysCount(basis(quote), count), says)
  })
}
