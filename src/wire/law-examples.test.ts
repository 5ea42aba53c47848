import assert from 'node:assert/strict'
import { test } from 'node:test'
import { circumstancesIn, readExamples } from './law-examples.ts'

const HEAD = '| clock | start | zone | events and facts | state | strict | legal | why |'
const LINE = '|---|:--|--:|:-:|---|---|---|---|'
const ROW = '| `eu.x/a` | - | Europe/Paris | | not_started | - | - | a \\| b |'

test('rows of the two kinds of table, each with file and line; other text is left alone', () => {
  const other = ['| a | b |', '|---|---|', '| 1 | 2 |']
  const tiers = [
    '| tier | turnover | circumstances | maximum | why |',
    '|---|---|---|---|---|',
    '| eu.x/t1 | 800000000 EUR | is=sme; days=10 | 24000000 EUR | 3 % |',
  ]
  const text = ['# Title', '', HEAD, LINE, ROW, '', 'Text.', ...other, '', ...tiers].join('\n')
  const rows = readExamples(text, 'x.md')
  assert.deepEqual(
    rows.map(({ kind, place }) => [kind, place]),
    [
      ['clock', 'x.md:5'],
      ['tier', 'x.md:14'],
    ],
  )
  assert.equal(rows[0]?.cells['clock'], 'eu.x/a')
  assert.equal(rows[0]?.cells['why'], 'a | b')
  assert.equal(rows[1]?.cells['circumstances'], 'is=sme; days=10')
})

for (const [what, text] of [
  ['a row with too few cells', [HEAD, LINE, '| eu.x/a | - |'].join('\n')],
  ['a row with a bar too many', [HEAD, LINE, ROW.replace('a \\| b', 'a | b')].join('\n')],
  ['a table without a column', [HEAD.replace(' legal |', ''), LINE].join('\n')],
] as const) {
  test(`refused: ${what}`, () => {
    assert.throws(() => readExamples(text, 'x.md'), { code: 'malformed', message: /x\.md:\d/ })
  })
}

test('facts, events and now of a cell', () => {
  const cell =
    'a=true; n=1.5; roles=[provider, deployer]; route=annex_iii; aware@2027-01-01T00:00Z; ' +
    'performed@2027-01-02T01:00+01:00; performed(eu.x/b)@2027-01-03T00:00Z; now@2027-02-01T00:00Z'
  const { facts, events, now } = circumstancesIn(cell, 'x.md:1', 'eu.x/a')
  assert.deepEqual(facts, {
    a: true,
    n: 1.5,
    roles: ['provider', 'deployer'],
    route: 'annex_iii',
  })
  assert.deepEqual(events, [
    { event: 'aware', clock: null, at: '2027-01-01T00:00:00.000Z' },
    { event: 'performed', clock: 'eu.x/a', at: '2027-01-02T00:00:00.000Z' },
    { event: 'performed', clock: 'eu.x/b', at: '2027-01-03T00:00:00.000Z' },
  ])
  assert.equal(now, '2027-02-01T00:00:00.000Z')
  assert.deepEqual(circumstancesIn('', 'x.md:1', 'eu.x/a'), { facts: {}, events: [], now: null })
})

for (const cell of ['rumour@2027-01-01T00:00Z', 'aware@2027-01-01', 'aware', 'A=1', '=1', 'a=']) {
  test(`refused: ${cell}`, () => {
    const place = 'x.md:7'
    assert.throws(() => circumstancesIn(cell, place, 'eu.x/a'), { code: 'malformed', field: place })
  })
}
