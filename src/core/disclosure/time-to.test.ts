import assert from 'node:assert/strict'
import test from 'node:test'
import { daysUntil, type Span } from './time-to.ts'

const done = (...days: number[]): Span[] => days.map((one) => ({ days: one, isDone: true }))
const open = (...days: number[]): Span[] => days.map((one) => ({ days: one, isDone: false }))

const CASES: readonly (readonly [string, readonly Span[], number | null, number | null])[] = [
  ['nothing at all', [], null, null],
  ['one', done(3), 3, 3],
  ['an even number: the first day by which half are done', done(1, 2, 3, 4), 2, 4],
  ['an odd number', done(1, 2, 30), 2, 30],
  ['ten, each on another day', done(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 5, 9],
  ['the same day for all', done(7, 7, 7), 7, 7],
  ['on the day itself', done(0, 0, 5), 0, 5],
  ['all open', open(1, 90), null, null],
  [
    'half are open for long: the median is the last that is done',
    [...done(1, 2), ...open(90, 90)],
    2,
    null,
  ],
  ['more than half are open', [...done(1, 2), ...open(90, 90, 90)], null, null],
  // By hand: after day 1 left 4/5; the one open for 2 days drops out; at day 3 4/5 · 2/3 = 8/15;
  // at day 5 8/15 · 1/2 = 4/15; at day 6 nothing is left.
  ['a young open one counts only while it was watched', [...done(1, 3, 5, 6), ...open(2)], 5, 6],
  // One that is open on the very day was still watched on it: 3/4, 1/2.
  ['open on the same day', [...done(1, 4), ...open(4, 9)], 4, null],
]
for (const [what, spans, median, p90] of CASES) {
  test(what, () => {
    assert.deepEqual([daysUntil(spans, 0.5), daysUntil(spans, 0.9)], [median, p90])
    assert.equal(daysUntil([...spans].reverse(), 0.5), median, 'in any order')
  })
}

test('open ones that are left out would make it look faster', () => {
  const finished = done(1, 2, 3, 4, 5)
  assert.equal(daysUntil(finished, 0.5), 3)
  assert.equal(daysUntil([...finished, ...open(200, 200, 200)], 0.5), 4)
})
