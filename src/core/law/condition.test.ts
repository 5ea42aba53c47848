import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Condition, evaluate, type Facts, factsOf } from './condition.ts'

const california = { legalOrder: 'US-CA', members: [], within: ['US'] }
const union = { legalOrder: 'EU', members: ['BE', 'FR'], within: [] }

const a: Condition = { fact: 'a', is: true }
const b: Condition = { fact: 'b', is: true }

const rows: readonly [string, Condition, Facts, string, readonly string[]][] = [
  ['a fact that nobody recorded is unknown', a, {}, 'unknown', ['a']],
  ['a fact that holds', a, { a: true }, 'yes', []],
  ['a fact that does not hold', a, { a: false }, 'no', []],
  ['a list that has it', { fact: 'roles', has: 'provider' }, { roles: ['provider'] }, 'yes', []],
  ['a list that lacks it', { fact: 'roles', has: 'provider' }, { roles: [] }, 'no', []],
  ['all: one no decides over an unknown', { all: [a, b] }, { b: false }, 'no', []],
  ['all: an unknown leaves it open', { all: [a, b] }, { b: true }, 'unknown', ['a']],
  ['any: one yes decides over an unknown', { any: [a, b] }, { b: true }, 'yes', []],
  ['any: an unknown leaves it open', { any: [a, b] }, { b: false }, 'unknown', ['a']],
  ['any: all no', { any: [a, b] }, { a: false, b: false }, 'no', []],
  ['not: turns a no', { not: a }, { a: false }, 'yes', []],
  ['not: an unknown stays unknown', { not: a }, {}, 'unknown', ['a']],
  ['a text where yes or no is asked for', a, { a: 'yes' }, 'unknown', ['a']],
  ['a number where yes or no is asked for', a, { a: 1 }, 'unknown', ['a']],
  ['not: a text is no no', { not: a }, { a: 'false' }, 'unknown', ['a']],
  [
    'a list where a text is asked for',
    { fact: 'route', is: 'x' },
    { route: ['x'] },
    'unknown',
    ['route'],
  ],
  ['another text', { fact: 'route', is: 'x' }, { route: 'y' }, 'no', []],
  [
    'a text where a list is asked for',
    { fact: 'roles', has: 'provider' },
    { roles: 'provider' },
    'unknown',
    ['roles'],
  ],
]
for (const [what, condition, facts, answer, missing] of rows) {
  test(what, () => {
    const result = evaluate(condition, facts, union)
    assert.equal(result.answer, answer)
    assert.deepEqual(result.missing, missing)
  })
}

const here: Condition = { fact: 'offeredIn', here: true }
for (const [what, places, region, answer] of [
  ['a Member State is in the Union', ['FR'], union, 'yes'],
  ['the Union itself', ['EU'], union, 'yes'],
  ['a third country', ['GB'], union, 'no'],
  ['no place at all', [], union, 'no'],
  ['the United States may or may not mean California', ['US'], california, 'unknown'],
  ['California among others', ['US', 'US-CA'], california, 'yes'],
  ['one place without a list', 'FR', union, 'yes'],
  ['a name that is no code', ['France'], union, 'unknown'],
  ['a code in small letters', ['fr'], union, 'unknown'],
  ['a code beside a name', ['France', 'BE'], union, 'yes'],
  ['no place, but yes', true, union, 'unknown'],
] as const) {
  test(`here: ${what}`, () => {
    assert.equal(evaluate(here, { offeredIn: places }, region).answer, answer)
  })
}

test('names every fact that a condition reads', () => {
  assert.deepEqual(factsOf({ all: [a, { any: [b, { not: here }] }] }), ['a', 'b', 'offeredIn'])
})
