import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decimalText, moneyFrom, moneyWords } from './money.ts'

const READ: readonly (readonly [value: number | string, currency: string, minor: bigint])[] = [
  [800_000_000, 'EUR', 80_000_000_000n],
  ['800000000', 'EUR', 80_000_000_000n],
  ['0.01', 'EUR', 1n],
  ['12.5', 'EUR', 1250n],
  ['007', 'EUR', 700n],
  [0, 'JPY', 0n],
  ['900000000000', 'KRW', 900_000_000_000n],
  [Number.MAX_SAFE_INTEGER, 'EUR', 900_719_925_474_099_100n],
  ['1.125', 'BHD', 1125n],
  ['999999999999999999.99', 'EUR', 99_999_999_999_999_999_999n],
]

for (const [value, currency, minor] of READ) {
  test(`reads ${value} ${currency}`, () => {
    assert.deepEqual(moneyFrom(value, currency, 'turnover'), { minor, currency })
  })
}

const WRONG: readonly (readonly [name: string, value: unknown, currency: string, field: string])[] =
  [
    ['negative', -1, 'EUR', 'turnover'],
    ['negative text', '-1', 'EUR', 'turnover'],
    ['a plus sign', '+1', 'EUR', 'turnover'],
    ['a fraction as a number', 0.5, 'EUR', 'turnover'],
    ['beyond what a number holds', 2 ** 53, 'EUR', 'turnover'],
    ['no number', Number.NaN, 'EUR', 'turnover'],
    ['infinite', Number.POSITIVE_INFINITY, 'EUR', 'turnover'],
    ['over-long', '1'.repeat(19), 'EUR', 'turnover'],
    ['an exponent', '1e9', 'EUR', 'turnover'],
    ['grouped', '800,000', 'EUR', 'turnover'],
    ['a decimal comma', '1,5', 'EUR', 'turnover'],
    ['blanks', ' 1', 'EUR', 'turnover'],
    ['nothing', '', 'EUR', 'turnover'],
    ['a bare point', '1.', 'EUR', 'turnover'],
    ['three digits of cents', '1.001', 'EUR', 'turnover'],
    ['parts of a yen', '1.5', 'JPY', 'turnover'],
    ['parts of a won', '1.00', 'KRW', 'turnover'],
    ['other digits', '١٢', 'EUR', 'turnover'],
    ['a list', ['1'], 'EUR', 'turnover'],
    ['true', true, 'EUR', 'turnover'],
    ['null', null, 'EUR', 'turnover'],
    ['a currency in small letters', 1, 'eur', 'currency'],
    ['a sign for a currency', 1, '€', 'currency'],
    ['no currency', 1, '', 'currency'],
  ]

for (const [name, value, currency, field] of WRONG) {
  test(`refused: ${name}`, () => {
    assert.throws(() => moneyFrom(value, currency, 'turnover'), { code: 'malformed', field })
  })
}

test('amounts are written with all digits of their currency, and for people without empty ones', () => {
  const rows = [
    [2_400_000_000n, 'EUR', '24000000.00', 'EUR 24,000,000'],
    [5n, 'EUR', '0.05', 'EUR 0.05'],
    [0n, 'EUR', '0.00', 'EUR 0'],
    [27_000_000_000n, 'KRW', '27000000000', 'KRW 27,000,000,000'],
    [123_456n, 'USD', '1234.56', 'USD 1,234.56'],
    [0n, 'JPY', '0', 'JPY 0'],
  ] as const
  for (const [minor, currency, text, words] of rows) {
    assert.equal(decimalText({ minor, currency }), text)
    assert.equal(moneyWords({ minor, currency }), words)
  }
})
