import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import type { CountRow } from './ports/registers.ts'
import { publicTotals, suppressSmall, suppressTogether } from './public-counts.ts'

const rowsOf = (counts: readonly number[], measure = 'decisions'): CountRow[] =>
  counts.map((count, index) => ({ measure, key: `k${index}`, count }))
const shownOf = (counts: readonly number[]) => suppressSmall(rowsOf(counts)).map((r) => r.count)
const totalOf = (counts: readonly number[]) => publicTotals(rowsOf(counts)).get('decisions')

test('a small count never leaves, a zero and a large one do', () => {
  assert.deepEqual(shownOf([5, 0, 128]), [5, 0, 128])
  for (const small of [1, 2, 3, 4]) assert.deepEqual(shownOf([small]), [null])
})

test('one small cell takes the others of its measure with it, but no zero', () => {
  assert.deepEqual(shownOf([9, 3, 0, 30]), [null, null, 0, null])
})

test('which cells are withheld does not tell how large they are', () => {
  // With a choice by size only one way to fill the withheld cells was left.
  for (const counts of [
    [6, 6, 4],
    [5, 4, 4],
  ]) {
    assert.deepEqual(shownOf(counts), [null, null, null])
  }
})

test('a total is shown where it reveals nothing', () => {
  assert.equal(totalOf([63, 17]), 80)
  assert.equal(totalOf([9, 3, 30]), 42)
  assert.equal(totalOf([3]), null)
  assert.equal(totalOf([1, 2]), null)
  assert.equal(totalOf([1, 1, 1, 1, 1]), null)
})

test('measures do not mix', () => {
  const rows = [...rowsOf([3, 40, 9], 'a'), ...rowsOf([7], 'b')]
  assert.deepEqual(
    suppressSmall(rows).map(({ count }) => count),
    [null, null, null, 7],
  )
  assert.equal(publicTotals(rows).get('b'), 7)
})

/** Every other way to fill the withheld cells that looks the same from outside. */
function lookalikes(counts: readonly number[]): number[][] {
  const shown = shownOf(counts)
  const total = totalOf(counts)
  const room = counts.reduce((sum, count) => sum + count, 0)
  const fill = (index: number, left: number): number[][] => {
    const known = shown[index]
    if (index === shown.length) return left === 0 || total === null ? [[]] : []
    const values = known === null ? Array.from({ length: left }, (_, n) => n + 1) : [known ?? 0]
    return values
      .filter((value) => value <= left)
      .flatMap((value) => fill(index + 1, left - value).map((rest) => [value, ...rest]))
  }
  const looksSame = (other: number[]) =>
    JSON.stringify([shownOf(other), totalOf(other) ?? null]) === JSON.stringify([shown, total])
  return fill(0, total === null ? room + 8 : room).filter(looksSame)
}

test('no small count can be worked out from what is shown, not even with the total', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(counts, (cells) => {
      const others = lookalikes(cells)
      for (const [index, count] of cells.entries()) {
        if (count === 0 || count > 4) continue
        const possible = new Set(others.map((other) => other[index]))
        assert.ok(possible.size > 1, `${cells}: cell ${index} can only be ${count}`)
      }
    }),
    { numRuns: 150 },
  )
})

const togetherOf = (...tables: readonly (readonly number[])[]) =>
  suppressTogether(tables.flatMap((own, at) => rowsOf(own, `m${at}`))).map(({ count }) => count)

test('counts of the same things are rounded, and nothing becomes zero', () => {
  assert.deepEqual(togetherOf([5, 0, 7, 8, 12, 13]), [5, 0, 5, 10, 10, 15])
  assert.deepEqual(togetherOf([40, 9, 3], [52]), [null, null, null, 50])
})

test('a common total that would tell a small count withholds all', () => {
  // Five reports in one language, each about another sector: all five would be known.
  assert.deepEqual(togetherOf([5], [1, 1, 1, 1, 1]), [null, null, null, null, null, null])
  assert.deepEqual(togetherOf([7, 0], [1, 1, 1, 1, 1, 1, 1]).slice(0, 2), [null, 0])
  assert.deepEqual(togetherOf([30], [1, 1, 28]), [30, null, null, null])
})

/** Every way to write `sum` as so many counts, zero among them. */
function fillings(cells: number, sum: number): number[][] {
  if (cells === 1) return [[sum]]
  const values = Array.from({ length: sum + 1 }, (_, value) => value)
  return values.flatMap((value) => fillings(cells - 1, sum - value).map((rest) => [value, ...rest]))
}

type Look = { readonly seen: string; readonly secrets: readonly number[] }

/** What looks the same from outside must leave more than one value for every small one. */
function requireDoubt(looks: readonly Look[]): void {
  const bySeen = Map.groupBy(looks, ({ seen }) => seen)
  for (const [seen, alike] of bySeen) {
    const [first] = alike
    for (const index of (first as Look).secrets.keys()) {
      const possible = new Set(alike.map(({ secrets }) => secrets[index]))
      const [only = 0] = possible
      assert.ok(possible.size > 1 || only < 1 || only > 4, `${seen}: ${index} can only be ${only}`)
    }
  }
}

test('no small count comes out of two tables with one total', () => {
  const looks: Look[] = []
  for (let sum = 0; sum <= 13; sum += 1) {
    for (const one of fillings(2, sum)) {
      for (const other of fillings(3, sum)) {
        const seen = JSON.stringify(togetherOf(one, other))
        looks.push({ seen, secrets: [...one, ...other] })
      }
    }
  }
  requireDoubt(looks)
})

test('two readings do not tell that one to four came in between', () => {
  const looks: Look[] = []
  const MAX = 12
  for (let a = 0; a <= MAX; a += 1) {
    for (let b = 0; b <= MAX; b += 1) {
      const before = JSON.stringify(togetherOf([a, b]))
      for (let moreA = 0; a + moreA <= MAX + 6; moreA += 1) {
        for (let moreB = 0; b + moreB <= MAX + 6; moreB += 1) {
          const after = JSON.stringify(togetherOf([a + moreA, b + moreB]))
          looks.push({ seen: `${before} ${after}`, secrets: [moreA, moreB] })
        }
      }
    }
  }
  requireDoubt(looks)
})
