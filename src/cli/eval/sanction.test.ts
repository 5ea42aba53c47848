/** Questions about the shipped tiers as lines, and wrong ones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../base/canonical-json.ts'
import { shippedLaw } from '../law/shipped-law.ts'
import { answerLine } from './eval.ts'
import { evalSanction } from './law.ts'

type Line = Readonly<Record<string, Json>>
const ask = (line: Line) => evalSanction(line) as Record<string, Json>

test('SB 53: four violations, with source, steps and both forms of the amount', () => {
  const answer = ask({ tier: 'us-ca.sb53/main', violations: 4 })
  assert.equal(answer['state'], 'maximum')
  assert.equal(answer['standing'], 'binding')
  assert.deepEqual(
    [answer['maximum'], answer['maximumMinor'], answer['currency']],
    ['4000000.00', '400000000', 'USD'],
  )
  assert.equal(answer['formula'], 'USD 1,000,000 for each violation')
  assert.match(String(answer['source']), /22757\.15\(a\)/)
  assert.equal(answer['evidence'], 'P')
  assert.deepEqual(
    (answer['steps'] as { rule: string }[]).map(({ rule }) => rule),
    ['amount', 'count'],
  )
})

test('Online Safety Act: 10 % of qualifying worldwide revenue, or 18 million pounds', () => {
  const tier = 'uk.osa/main'
  const facts = { userToUserOrSearchService: true }
  const most = (turnover: string | number) =>
    ask({ tier, turnover, currency: 'GBP', facts })['maximum']
  assert.equal(most(180_000_000), '18000000.00')
  assert.equal(most('180000000.10'), '18000000.01')
  assert.equal(most(1_000_000_000), '100000000.00')
  const { state, maximum, certain, formula } = ask({ tier, facts })
  assert.deepEqual([state, maximum], ['formula', null])
  assert.deepEqual(certain, {
    maximumIs: 'at_least',
    amount: '18000000.00',
    amountMinor: '1800000000',
  })
  assert.match(String(formula), /^the higher of GBP 18,000,000 and 10 % of the qualifying/)
})

/** Worked by hand from the texts; `null`: the formula. Two amounts: a range, or side by side. */
const WORKED: readonly (readonly [string, string, Line, readonly (string | null)[]])[] = [
  ['eu.ai_act/t2', '800000000 EUR', {}, ['24000000.00']],
  ['eu.ai_act/t2', '300000000 EUR', {}, ['15000000.00']],
  ['eu.ai_act/t2', '8000000 EUR', { is: ['sme'] }, ['240000.00']],
  ['eu.ai_act/t2', '200000000 EUR', { is: ['small_mid_cap'] }, ['6000000.00']],
  ['eu.ai_act/t1', '200000000 EUR', { is: ['small_mid_cap'] }, ['35000000.00']],
  ['eu.ai_act/eu_bodies', '', {}, ['1500000.00', '750000.00']],
  ['eu.ai_act/t2', '', {}, [null]],
  ['br.lgpd/simple', '4000000000 BRL', {}, ['50000000.00']],
  ['br.lgpd/simple', '1000000000 BRL', {}, ['20000000.00']],
  ['eu.dsa/main', '2000000000 EUR', {}, ['120000000.00']],
  ['eu.dsa/periodic', '3650000000 EUR', {}, ['500000.00']],
  ['eu.dsa/periodic', '3650000000 EUR', { days: 20 }, ['10000000.00']],
  ['kr.pipa/std', '900000000000 KRW', {}, ['27000000000']],
  ['kr.ai/admin', '', {}, ['30000000']],
  ['us-tx.traiga/uncurable', '', { violations: 3 }, ['240000.00', '600000.00']],
  ['us-tx.traiga/continuing', '', { days: 10 }, ['20000.00', '400000.00']],
  ['us-ca.sb53/main', '', { violations: 4 }, ['4000000.00']],
  ['us.tida/civil', '', { violations: 2 }, ['106176.00']],
  ['sg.pdpa/main', '25000000 SGD', {}, ['2500000.00']],
  ['sg.pdpa/main', '8000000 SGD', {}, ['1000000.00']],
  ['au.privacy/serious', '', { benefit: 30_000_000 }, ['90000000.00']],
  [
    'au.privacy/serious',
    '400000000 AUD',
    { facts: { benefitCannotBeDetermined: true } },
    ['120000000.00'],
  ],
  ['au.privacy/serious', '400000000 AUD', {}, [null]],
  ['cn.pipl/serious', '2000000000 CNY', {}, ['50000000.00', '100000000.00']],
  ['eu.cra/main', '1000000000 EUR', {}, ['25000000.00']],
]

for (const [tier, told, more, expected] of WORKED) {
  test(`${tier} ${told} ${JSON.stringify(more)}: ${expected.join(', ')}`, () => {
    const [turnover = null, currency = null] = told === '' ? [] : told.split(' ')
    const { maximum, minimum, alternatives } = ask({ tier, turnover, currency, ...more })
    const side = (alternatives as { maximum: string }[]).map((each) => each.maximum)
    const found = side.length > 0 ? side : minimum === null ? [maximum] : [minimum, maximum]
    assert.deepEqual(found, expected)
  })
}

test('a turnover in another currency is refused with its reason, not converted', () => {
  const answer = ask({ tier: 'uk.osa/main', turnover: 1, currency: 'EUR' })
  assert.deepEqual(
    [answer['state'], answer['why'], answer['maximum']],
    ['refused', 'currencyDiffers', null],
  )
  assert.match(JSON.stringify(answer['because']), /in GBP; what was told is in EUR/)
})

test('without a currency the amount is read in that of the tier, and the steps say so', () => {
  const { steps, currency } = ask({ tier: 'uk.osa/main', turnover: 1 })
  assert.equal(currency, 'GBP')
  assert.match(JSON.stringify(steps), /the amounts are read in GBP/)
})

test('a modifier by itself reads the currency of the tiers that it changes', () => {
  const { state, changed } = ask({ tier: 'eu.ai_act/sme', turnover: 8_000_000 })
  assert.equal(state, 'modifier')
  assert.deepEqual(
    (changed as { tier: string; maximum: string }[]).map(({ tier, maximum }) => [tier, maximum]),
    [
      ['eu.ai_act/t1', '560000.00'],
      ['eu.ai_act/t2', '240000.00'],
      ['eu.ai_act/t3', '80000.00'],
    ],
  )
})

test('a tier that reads no turnover says nothing about its currency', () => {
  const { steps, maximum } = ask({ tier: 'kr.ai/admin', turnover: '0.5' })
  assert.equal(maximum, '30000000')
  assert.doesNotMatch(JSON.stringify(steps), /currency/i)
})

test('a turnover without any currency, where the law names none, is not guessed', () => {
  const line = { tier: 'eu.dsa/main', turnover: 5 }
  assert.throws(() => evalSanction(line), { code: 'malformed', field: 'currency' })
})

test('a bill answers as a bill', () => {
  const { standing, evidence } = ask({ tier: 'uk.csrb/main', turnover: 0 })
  assert.deepEqual([standing, evidence], ['advisory', 'S'])
})

test('a tier and an instrument that no pack has are unknown, not errors', () => {
  assert.equal(ask({ tier: 'xx.none/main' })['state'], 'unknown_tier')
  const { state, tiers } = ask({ instrument: 'xx.none' })
  assert.deepEqual([state, tiers], ['unknown_instrument', []])
})

test('every tier of every shipped pack answers, with source, formula and the words for its base', () => {
  let tiers = 0
  for (const { instruments } of shippedLaw().packs) {
    for (const { id, sanctions } of instruments) {
      const listed = ask({ instrument: id })['tiers'] as Record<string, Json>[]
      assert.deepEqual(
        listed.map(({ tier }) => tier),
        sanctions.map((tier) => tier.id),
      )
      for (const [n, answer] of listed.entries()) {
        const tier = sanctions[n]
        assert.ok(tier)
        assert.ok(String(answer['source']).includes(tier.basis.article), tier.id)
        assert.notEqual(answer['formula'], '', tier.id)
        assert.equal(answer['base'] === null, tier.basisPoints === null, tier.id)
        assert.doesNotMatch(JSON.stringify(answer), /undefined|NaN/, tier.id)
        tiers++
      }
    }
  }
  assert.ok(tiers >= 7, `${tiers} tiers`)
})

const GOOD = { tier: 'uk.osa/main', turnover: 1, currency: 'GBP' }
const WRONG: readonly (readonly [string, Line, string])[] = [
  ['no tier', {}, 'tier'],
  ['a tier and an instrument', { ...GOOD, instrument: 'gb.osa' }, 'tier'],
  ['a tier that is a number', { tier: 5 }, 'tier'],
  ['an over-long tier', { tier: 'x'.repeat(161) }, 'tier'],
  ['a tier with blanks', { tier: 'gb osa' }, 'tier'],
  ['a negative turnover', { ...GOOD, turnover: -1 }, 'turnover'],
  ['a negative turnover as text', { ...GOOD, turnover: '-1' }, 'turnover'],
  ['half a pound as a number', { ...GOOD, turnover: 0.5 }, 'turnover'],
  ['a tenth of a penny', { ...GOOD, turnover: '0.001' }, 'turnover'],
  ['an over-long turnover', { ...GOOD, turnover: '9'.repeat(19) }, 'turnover'],
  ['a turnover in words', { ...GOOD, turnover: 'much' }, 'turnover'],
  ['a turnover in a list', { ...GOOD, turnover: [1] }, 'turnover'],
  ['a turnover beyond a number', { ...GOOD, turnover: 2 ** 53 }, 'turnover'],
  ['a negative benefit', { ...GOOD, benefit: -1 }, 'benefit'],
  ['no such currency', { ...GOOD, currency: 'pounds' }, 'currency'],
  ['a currency that is a list', { ...GOOD, currency: ['GBP'] }, 'currency'],
  ['no violations', { ...GOOD, violations: 0 }, 'violations'],
  ['half a violation', { ...GOOD, violations: 1.5 }, 'violations'],
  ['too many violations', { ...GOOD, violations: 1_000_000_001 }, 'violations'],
  ['minus one day', { ...GOOD, days: -1 }, 'days'],
  ['days in words', { ...GOOD, days: 'ten' }, 'days'],
  ['a kind that is none', { ...GOOD, is: ['rich'] }, 'is/0'],
  ['kinds that are no list', { ...GOOD, is: 'sme' }, 'is'],
  ['facts that are a list', { ...GOOD, facts: [] }, 'facts'],
  ['a fact that is nothing', { ...GOOD, facts: { a: null } }, 'facts/a'],
  ['a day that is none', { ...GOOD, on: '2026-02-30' }, 'on'],
  ['a day in a list', { ...GOOD, on: ['2026-02-03'] }, 'on'],
]

for (const [name, line, field] of WRONG) {
  test(`refused: ${name}`, () => {
    assert.throws(() => evalSanction(line), { code: 'malformed', field })
  })
}

test('a wrong line is an answer too, and no answer holds a number that JSON would bend', () => {
  const line = '{"tier":"uk.osa/main","turnover":"999999999999999999.99","currency":"GBP"}'
  // Ten per cent of it, by hand: 99,999,999,999,999,999.999 -> the penny below.
  assert.match(answerLine(evalSanction, line), /"maximum":"99999999999999999\.99"/)
  assert.match(answerLine(evalSanction, '{"tier":"x","turnover":-1}'), /^\{"error":\{/)
})
