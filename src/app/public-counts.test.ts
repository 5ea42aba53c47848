import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import type { CountRow } from './ports/registers.ts'
import { publicTotals, suppressSmall } from './public-counts.ts'

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
